import { type FoundRun, insertRun, type NewRun } from "#db/index.ts";
import type { Deps } from "../deps.ts";
import { EmbeddingError } from "../embeddings/types.ts";
import { ConflictError, InvalidInputError } from "../errors.ts";
import { type Actor, recordChange, requireCurator } from "./actor.ts";
import { openCollection, openRun } from "./find.ts";
import { checkReach, parseInput, parseSourceRequest } from "./parse-request.ts";
import { toRunView } from "./translate.ts";
import { type ReembedRequest, type RunView, reembedRequest } from "./views.ts";

/**
 * Asks for a run of a source into a collection; a worker takes it up within seconds.
 * @param request a SourceRequest; parsed here
 * @param options.dryRun says what would change and writes nothing
 * @throws ForbiddenError, InvalidInputError
 */
export async function startRun(
  deps: Pick<Deps, "database">,
  actor: Actor,
  slug: string,
  request: unknown,
  options: { dryRun?: boolean } = {},
): Promise<RunView> {
  const { userId } = requireCurator(actor);
  const parsed = parseSourceRequest(request);
  const collection = await openCollection(deps, actor, slug);
  checkReach(actor, collection, parsed);
  return queue(deps, actor, {
    collectionId: collection.id,
    request: parsed,
    trigger: "person",
    requestedBy: userId,
    dryRun: options.dryRun ?? false,
  });
}

/**
 * Asks for a new space of vectors with other embedding settings, filled beside the one that is searched.
 * @throws InvalidInputError when the settings cannot be opened; ConflictError when they are those in use
 */
export async function startReembed(
  deps: Pick<Deps, "database" | "embeddingsOf">,
  actor: Actor,
  slug: string,
  settings: ReembedRequest,
): Promise<RunView> {
  const { userId } = requireCurator(actor);
  const request = parseInput(reembedRequest, settings, "embedding");
  const collection = await openCollection(deps, actor, slug);
  if (
    collection.embeddingProvider === request.provider &&
    collection.embeddingModel === request.model &&
    collection.embeddingDimensions === request.dimensions
  ) {
    throw new ConflictError(`The collection “${slug}” is embedded with exactly these settings already.`);
  }
  await checkEmbedding(deps, request);
  return queue(deps, actor, {
    collectionId: collection.id,
    request,
    kind: "embed",
    trigger: "person",
    requestedBy: userId,
  });
}

// A wrong name is said to whoever typed it, not to the run's record hours later.
async function checkEmbedding(deps: Pick<Deps, "embeddingsOf">, request: ReembedRequest): Promise<void> {
  const { provider, model, dimensions } = request;
  try {
    await deps.embeddingsOf({
      embeddingProvider: provider,
      embeddingModel: model,
      embeddingDimensions: dimensions,
    });
  } catch (error) {
    if (error instanceof EmbeddingError) throw new InvalidInputError(error.message);
    throw error;
  }
}

/**
 * Asks for the inputs in which records of an ended run failed to be read again. What is taken in then is marked as
 * resolved in the first run.
 * @throws ConflictError when the run is not at its end, or nothing of it is left to retry
 */
export async function retryFailures(deps: Pick<Deps, "database">, actor: Actor, id: string): Promise<RunView> {
  const { userId } = requireCurator(actor);
  const run = checkRetry(await openRun(deps, actor, id));
  return queue(deps, actor, {
    collectionId: run.collectionId,
    request: run.request,
    trigger: "retry",
    requestedBy: userId,
    retryOf: run.id,
    isSample: run.isSample,
  });
}

/** @throws ConflictError saying why its failed records cannot be read again now */
export function checkRetry(run: FoundRun): FoundRun {
  if (!["complete", "failed", "cancelled"].includes(run.status)) {
    throw new ConflictError(`The run ${run.id} is ${run.status}: its failed records can be retried at its end.`);
  }
  if (run.kind !== "ingest" || run.dryRun) {
    throw new ConflictError(`The run ${run.id} took no records in, so there are none to retry.`);
  }
  if (run.unresolved === 0) throw new ConflictError(`The run ${run.id} has no failed records left to retry.`);
  return run;
}

async function queue(deps: Pick<Deps, "database">, actor: Actor, run: NewRun): Promise<RunView> {
  const id = await insertRun(deps.database, run);
  const view = toRunView(await openRun(deps, actor, id));
  const { collection, kind, trigger } = view;
  await recordChange(deps, actor, "run.start", { type: "run", id }, { collection, kind, trigger });
  return view;
}
