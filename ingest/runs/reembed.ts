import { z } from "zod";
import {
  activateSpace,
  checkSpace,
  chunksWithoutVector,
  ensureFillingSpace,
  isMergeDue,
  mergeTail,
  type SpaceRow,
  writeVectors,
} from "#db/index.ts";
import type { Deps } from "#lib/deps.ts";
import { defaultPatience, throughOutages } from "../pipeline/outage.ts";
import { embeddingInput } from "../pipeline/prepare.ts";
import type { RunWork } from "./types.ts";

/** What a run of kind `embed` is asked for. */
const embedRequest = z.object({
  provider: z.string().min(1),
  model: z.string().min(1),
  dimensions: z.number().int().positive(),
});

/** Chunks that are embedded and written together. */
const chunksAtOnce = 256;
/** An index that finds less of what exact search finds is not swapped in. */
export const leastRecall = 0.95;

/**
 * Fills another embedding space of a collection from its stored text while the old one serves, checks its index
 * against exact search and makes it the one that is searched, in one transaction. The old one is kept for going back.
 * What was filled before an interruption is not made again.
 */
export async function fillSpace(deps: Pick<Deps, "database" | "embeddingsOf">, work: RunWork): Promise<void> {
  const { run, tally, signal, note, options } = work;
  const settings = embedRequest.parse(run.request);
  const retrying = <T>(step: () => Promise<T>): Promise<T> =>
    throughOutages(step, { patience: options.patience ?? defaultPatience, signal, onWait: note });
  const wanted = { collectionId: run.collectionId, ...settings };
  const space = await retrying(() => ensureFillingSpace(deps.database, wanted));
  if (!space)
    throw new Error("Another embedding space of this collection is being filled. Drop it, or finish it first.");
  const embeddings = await deps.embeddingsOf({
    embeddingProvider: space.provider,
    embeddingModel: space.model,
    embeddingDimensions: space.dimensions,
  });
  do {
    note("embedding stored text");
    for (;;) {
      signal.throwIfAborted();
      const written = await retrying(() => fillSome(space));
      if (written === 0) break;
      tally.add(null, { chunks: written });
      if (await retrying(() => isMergeDue(deps.database, space.id))) await merge();
    }
    await merge();
    note("comparing the index with exact search");
    const recall = await retrying(() => checkSpace(deps.database, space));
    if (recall < leastRecall) {
      throw new Error(
        `The new index finds ${(100 * recall).toFixed(1)} % of what exact search finds, less than ${100 * leastRecall} %. ` +
          "The old space goes on serving.",
      );
    }
    // What was ingested meanwhile is filled in before the next try.
  } while ((await retrying(() => activateSpace(deps.database, space.id))) > 0);

  async function fillSome(filling: SpaceRow): Promise<number> {
    const chunks = await chunksWithoutVector(deps.database, filling, chunksAtOnce);
    if (chunks.length === 0) return 0;
    const texts = chunks.map(({ title, titleFromText, section, text }) =>
      embeddingInput({ title, metadata: { titleFromText } }, { section, text }),
    );
    const vectors = await embeddings.embedVectors(texts, { signal });
    await writeVectors(
      deps.database,
      filling,
      chunks.map(({ id }, at) => ({ id, embedding: vectors[at] as Float32Array })),
    );
    return chunks.length;
  }

  async function merge(): Promise<void> {
    note("building the vector index");
    await retrying(() => mergeTail(deps.database, (space as SpaceRow).id, signal));
  }
}
