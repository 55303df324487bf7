import { z } from "zod";
import { labelForReader, pinForReader } from "#db/index.ts";
import type { Viewer } from "../auth/index.ts";
import type { Deps } from "../deps.ts";
import type { ConversationSummary } from "../domain.ts";
import { NotFoundError } from "../errors.ts";
import { checkedText } from "../identifiers/index.ts";
import { cleanText, collapseWhitespace } from "../text/clean.ts";
import { checkId, parseInput } from "./input.ts";
import { conversationSummaryOf } from "./views.ts";

/** Each person's own order of the conversations they take part in; others see nothing of it. */

const longestLabel = 40;
const mostLabels = 20;

/** A label as it is kept: white space is one space. */
const labelInput = z
  .string()
  .max(1000)
  .transform((label) => collapseWhitespace(cleanText(label)))
  .pipe(z.string().min(1, "write a label").max(longestLabel, `at most ${longestLabel} characters`));

const labelsInput = z.object({
  labels: z
    .array(labelInput)
    .max(mostLabels, `at most ${mostLabels} labels`)
    // "Ward 3" and "ward 3" are one label, as it was written first.
    .transform((labels) => labels.filter((label, at) => labels.findIndex((other) => isSame(label, other)) === at)),
});

/** Keeps a conversation at the head of the viewer's list. */
export async function pinConversation(deps: Deps, viewer: Viewer, id: string): Promise<ConversationSummary> {
  const row = await pinForReader(deps.database, viewer, checkId(id, "The conversation"), true);
  if (!row) throw new NotFoundError("The conversation");
  return conversationSummaryOf(row);
}

/** Lets it go to its place by time again. */
export async function unpinConversation(deps: Deps, viewer: Viewer, id: string): Promise<ConversationSummary> {
  const row = await pinForReader(deps.database, viewer, checkId(id, "The conversation"), false);
  if (!row) throw new NotFoundError("The conversation");
  return conversationSummaryOf(row);
}

/**
 * Files a conversation under the viewer's labels, instead of those it has.
 * @param input `{ labels }`: at most 20, each of at most 40 characters
 */
export async function labelConversation(
  deps: Deps,
  viewer: Viewer,
  id: string,
  input: unknown,
): Promise<ConversationSummary> {
  const { labels: written } = parseInput(labelsInput, input);
  const checked = await Promise.all(written.map((label) => checkedText(deps, viewer, "The label", label)));
  const labels = [...new Set(checked.map((label) => label.slice(0, longestLabel)))];
  const row = await labelForReader(deps.database, viewer, checkId(id, "The conversation"), labels);
  if (!row) throw new NotFoundError("The conversation");
  return conversationSummaryOf(row);
}

function isSame(one: string, other: string): boolean {
  return one.toLocaleLowerCase() === other.toLocaleLowerCase();
}
