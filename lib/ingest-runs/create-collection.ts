import { randomBytes } from "node:crypto";
import { z } from "zod";
import { ensureCollection, listCollections } from "#db/index.ts";
import { permit, record } from "../audit/index.ts";
import type { Viewer } from "../auth/index.ts";
import type { Deps } from "../deps.ts";
import { sourceTypes } from "../domain.ts";
import { defaultSpace } from "../embeddings/index.ts";
import { ConflictError } from "../errors.ts";
import { cleanText, collapseWhitespace } from "../text/clean.ts";
import { parseInput } from "./parse-request.ts";

/** Private collections of one tenant at most: each has tables of its own. */
const mostCollections = 50;

const newCollection = z.strictObject({
  title: z
    .string()
    .transform((title) => collapseWhitespace(cleanText(title)))
    .pipe(z.string().min(1, "write a name").max(120, "at most 120 characters")),
  description: z
    .string()
    .max(500, "at most 500 characters")
    .transform((text) => collapseWhitespace(cleanText(text)))
    .default(""),
  sourceType: z.enum(sourceTypes),
});

/**
 * Makes a collection that the viewer's tenant alone sees and searches. It is filled as any other is.
 * @returns its slug
 * @throws ForbiddenError, InvalidInputError, ConflictError when the tenant has 50 already
 */
export async function createPrivateCollection(
  deps: Pick<Deps, "database">,
  viewer: Viewer,
  input: unknown,
): Promise<{ slug: string }> {
  await permit(deps, viewer, "collections.curate", "collection.create");
  const { title, description, sourceType } = parseInput(newCollection, input, "collection");
  const own = (await listCollections(deps.database, viewer.tenantId)).filter(({ tenantId }) => tenantId !== null);
  if (own.length >= mostCollections) {
    throw new ConflictError(`Your organisation has ${mostCollections} collections of its own, the most there can be.`);
  }
  const slug = slugOf(title);
  // First on record: what cannot be recorded is not made.
  await record(deps, {
    tenantId: viewer.tenantId,
    actorId: viewer.userId,
    action: "collection.create",
    subjectType: "collection",
    subjectId: slug,
    details: { sourceType },
  });
  await ensureCollection(deps.database.root, {
    tenantId: viewer.tenantId,
    slug,
    title,
    description,
    sourceType,
    ...defaultSpace,
    chunkSettings: {},
  });
  return { slug };
}

// Uploads and originals are filed under it: no two tenants' may be one, and no shared one's either.
function slugOf(title: string): string {
  const words = title
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 40);
  return `own-${words ? `${words}-` : ""}${randomBytes(6).toString("hex")}`;
}
