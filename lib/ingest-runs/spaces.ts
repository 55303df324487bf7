import {
  type CollectionRow,
  checkSpace,
  countWithoutVector,
  findOpenRun,
  listSpaces,
  dropSpace as removeSpace,
  type SpaceRow,
  activateSpace as swapSpace,
} from "#db/index.ts";
import type { Deps } from "../deps.ts";
import { ConflictError, InvalidInputError, NotFoundError } from "../errors.ts";
import { type Actor, recordChange } from "./actor.ts";
import { openCollection } from "./find.ts";

/** An index that finds less than this of what exact search finds is not made the searched one. */
const leastRecall = 0.95;

/**
 * Makes a filled space the one that is searched, in one transaction; the one before is kept for going back. A space
 * that was never searched is first compared with exact search.
 * @throws ConflictError when it lacks vectors or finds too little
 */
export async function activateSpace(
  deps: Pick<Deps, "database">,
  actor: Actor,
  slug: string,
  spaceId: number,
): Promise<void> {
  const collection = await openCollection(deps, actor, slug);
  const space = await openSpace(deps, collection, spaceId);
  if (space.state === "active") throw new ConflictError(`The space ${spaceId} is the one that is searched already.`);
  const missing = await countWithoutVector(deps.database, space);
  if (missing > 0) throw lacking(space, missing);
  if (space.state === "filling") {
    const recall = await checkSpace(deps.database.root, space);
    if (recall < leastRecall) {
      throw new ConflictError(
        `The index of space ${spaceId} finds ${(100 * recall).toFixed(1)} % of what exact search finds; ` +
          `at least ${100 * leastRecall} % is asked for.`,
      );
    }
  }
  const left = await swapSpace(deps.database.root, space.id);
  if (left > 0) throw lacking(space, left);
  await recordChange(deps, actor, "space.activate", { type: "space", id: String(space.id) }, { collection: slug });
}

/** Goes back to the space that was searched before. @throws ConflictError when there is none, or it lacks vectors */
export async function rollbackSpace(deps: Pick<Deps, "database">, actor: Actor, slug: string): Promise<void> {
  const collection = await openCollection(deps, actor, slug);
  const retired = (await listSpaces(deps.database, collection.id)).filter(({ state }) => state === "retired");
  const last = retired.sort((a, b) => (b.activatedAt?.getTime() ?? 0) - (a.activatedAt?.getTime() ?? 0))[0];
  if (!last) throw new ConflictError(`The collection “${slug}” has no earlier space to go back to.`);
  await activateSpace(deps, actor, slug, last.id);
}

/** Removes a space that is not searched, with its vectors. @throws ConflictError when it is searched or being filled */
export async function dropSpace(
  deps: Pick<Deps, "database">,
  actor: Actor,
  slug: string,
  spaceId: number,
): Promise<void> {
  const collection = await openCollection(deps, actor, slug);
  const space = await openSpace(deps, collection, spaceId);
  const open = space.state === "filling" ? await findOpenRun(deps.database, collection.id) : null;
  if (open?.kind === "embed") {
    throw new ConflictError(`The space ${spaceId} is being filled by the run ${open.id}. Cancel that first.`);
  }
  if (!(await removeSpace(deps.database.root, space.id))) {
    throw new ConflictError(`The space ${spaceId} is the one that is searched; make another active first.`);
  }
  await recordChange(deps, actor, "space.drop", { type: "space", id: String(space.id) }, { collection: slug });
}

async function openSpace(
  { database }: Pick<Deps, "database">,
  collection: CollectionRow,
  spaceId: number,
): Promise<SpaceRow> {
  if (!Number.isSafeInteger(spaceId)) throw new InvalidInputError("A space is named by its number.");
  const space = (await listSpaces(database, collection.id)).find(({ id }) => id === spaceId);
  if (!space) throw new NotFoundError(`The space ${spaceId} of “${collection.slug}”`);
  return space;
}

function lacking({ id, provider, model, dimensions }: SpaceRow, missing: number): ConflictError {
  return new ConflictError(
    `The space ${id} has no vectors for ${missing} chunks that were taken in since. ` +
      `Start a re-embedding with its settings (${provider}, ${model}, ${dimensions}): it fills in only these.`,
  );
}
