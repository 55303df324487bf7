import { z } from "zod";
import { searchColleagues } from "#db/index.ts";
import type { Viewer } from "../../auth/index.ts";
import type { Deps } from "../../deps.ts";
import type { Colleague } from "../../domain.ts";
import { cleanText, collapseWhitespace } from "../../text/clean.ts";
import { parseInput } from "../input.ts";

const searchInput = z.object({
  text: z
    .string()
    .max(200, "at most 200 characters")
    .transform((text) => collapseWhitespace(cleanText(text))),
  /** Those who take part in it are left out. */
  conversation: z.uuid().nullable(),
});
const limit = 8;

/** Colleagues of the viewer's own tenant by a part of their name or address; the disabled are left out. */
export async function findColleagues(deps: Deps, viewer: Viewer, input: unknown): Promise<Colleague[]> {
  const { text, conversation } = parseInput(searchInput, input);
  return searchColleagues(deps.database, viewer, { text, limit, notIn: conversation });
}
