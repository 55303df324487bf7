import {
  type CollectionRow,
  ensureCollection,
  type FoundRun,
  findCollection,
  findRun,
  keepsShared,
  listCollections,
} from "#db/index.ts";
import { markRecorded, recordDenial } from "../audit/index.ts";
import { knownCollections } from "../collections/index.ts";
import type { Deps } from "../deps.ts";
import { defaultSpace } from "../embeddings/index.ts";
import { ForbiddenError, NotFoundError, ProbatumError } from "../errors.ts";
import { type Actor, checkId, requireCurator } from "./actor.ts";

/**
 * The collection of that name, for whoever may change it: the tenant's own, or a shared one for the tenant that keeps
 * those. One of the five known ones is made when it is not there yet.
 * @throws ForbiddenError (recorded) for a shared one that the tenant does not keep; ProbatumError (404) naming the
 * collections there are
 */
export async function openCollection(
  { database }: Pick<Deps, "database">,
  actor: Actor,
  slug: string,
): Promise<CollectionRow> {
  const { tenantId } = requireCurator(actor);
  const existing = await findCollection(database, tenantId, slug);
  if (existing && existing.tenantId !== null) return existing;
  const known = knownCollections.find((collection) => collection.slug === slug);
  if (existing || known) await requireKeeper({ database }, actor, slug);
  if (existing) return existing;
  if (!known) {
    const slugs = [...knownCollections, ...(await listCollections(database, tenantId))].map((one) => one.slug);
    const names = [...new Set(slugs)].join(", ");
    throw new ProbatumError(404, "not_found", `There is no collection named “${slug}”. There are: ${names}.`);
  }
  // It makes tables, which a tenant's role may not.
  return ensureCollection(database.root, {
    ...known,
    ...defaultSpace,
    chunkSettings: {},
  });
}

async function requireKeeper(deps: Pick<Deps, "database">, actor: Actor, slug: string): Promise<void> {
  if ("kind" in actor || (await keepsShared(deps.database, actor.tenantId))) return;
  await recordDenial(deps, actor, "collection.change", { collection: slug, reason: "shared" });
  const error = new ForbiddenError(
    "This collection is shared by all organisations of this installation, and its operator keeps it. Make a collection of your own.",
  );
  markRecorded(error);
  throw error;
}

/** @throws NotFoundError also when it is of another tenant's collection */
export async function openRun({ database }: Pick<Deps, "database">, actor: Actor, id: string): Promise<FoundRun> {
  const { scope } = requireCurator(actor);
  const run = await findRun(database, scope, checkId(id, "run"));
  if (!run) throw new NotFoundError(`The run ${id}`);
  return run;
}
