import {
  type CollectionRow,
  ensureCollection,
  type FoundRun,
  findCollection,
  findRun,
  listCollections,
} from "#db/index.ts";
import { knownCollections } from "../collections/index.ts";
import type { Deps } from "../deps.ts";
import { defaultEmbedding } from "../embeddings/index.ts";
import { InvalidInputError, NotFoundError } from "../errors.ts";
import { type Actor, checkId, requireCurator } from "./actor.ts";

/**
 * The collection of that name, for whoever may change it. One of the five known ones is made when it is not there yet.
 * @throws InvalidInputError naming the collections there are
 */
export async function openCollection(
  { database }: Pick<Deps, "database">,
  actor: Actor,
  slug: string,
): Promise<CollectionRow> {
  const { tenantId } = requireCurator(actor);
  const existing = await findCollection(database, tenantId, slug);
  if (existing) return existing;
  const known = knownCollections.find((collection) => collection.slug === slug);
  if (!known) {
    const slugs = [...knownCollections, ...(await listCollections(database, tenantId))].map((one) => one.slug);
    throw new InvalidInputError(
      `There is no collection named “${slug}”. There are: ${[...new Set(slugs)].join(", ")}.`,
    );
  }
  // It makes tables, which a tenant's role may not.
  return ensureCollection(database.root, {
    ...known,
    embeddingProvider: defaultEmbedding.provider,
    embeddingModel: defaultEmbedding.model,
    embeddingDimensions: defaultEmbedding.dimensions,
    chunkSettings: {},
  });
}

/** @throws NotFoundError also when it is of another tenant's collection */
export async function openRun({ database }: Pick<Deps, "database">, actor: Actor, id: string): Promise<FoundRun> {
  const { scope } = requireCurator(actor);
  const run = await findRun(database, scope, checkId(id, "run"));
  if (!run) throw new NotFoundError(`The run ${id}`);
  return run;
}
