import {
  analyzeCollection,
  type CollectionRow,
  isMergeDue,
  mergeTail,
  type NewDocument,
  SpaceChangedError,
  selectCollection,
  storedDocuments,
  writeDocuments,
} from "#db/index.ts";
import { idsOf } from "./groups.ts";
import { type PipelineDeps, type PipelineJob, type PreparedGroup, retrying } from "./job.ts";
import { embeddingInput } from "./prepare.ts";
import { mayBeSameMedicine, nearIdentical } from "./similarity.ts";

/** When two labels are one, packaged anew. */
const likeness = { threshold: nearIdentical, mayMatch: mayBeSameMedicine };
/** Writes groups in their order and keeps the run's accounts. */
export class Writer {
  readonly #deps: PipelineDeps;
  readonly #job: PipelineJob;
  readonly #signal: AbortSignal;
  readonly #underWay = new Map<string, PromiseWithResolvers<void>>();
  #collection: CollectionRow;
  #isChanged = false;

  constructor(deps: PipelineDeps, job: PipelineJob, signal: AbortSignal) {
    this.#deps = deps;
    this.#job = job;
    this.#signal = signal;
    this.#collection = job.collection;
    // One listener for all: one for each group would be kept to the run's end.
    const giveUp = () => {
      for (const written of this.#underWay.values()) written.reject(signal.reason);
    };
    signal.addEventListener("abort", giveUp, { once: true });
  }

  get collection(): CollectionRow {
    return this.#collection;
  }

  /** Notes that these ids are being prepared. */
  begin(ids: string[]): void {
    const written = Promise.withResolvers<void>();
    written.promise.catch(() => undefined);
    if (this.#signal.aborted) written.reject(this.#signal.reason);
    for (const id of ids) this.#underWay.set(id, written);
  }

  /** Waits until none of the ids is under way. */
  async settled(ids: string[]): Promise<void> {
    for (const id of ids) await this.#underWay.get(id)?.promise;
  }

  async write(prepared: PreparedGroup[]): Promise<void> {
    const failures = prepared.flatMap(({ group }) => group.failures);
    if (failures.length > 0) await this.#retrying(() => this.#job.keepFailures(failures));
    const documents = prepared.flatMap((one) => one.documents);
    const removals = prepared.flatMap(({ leaving }) => [...leaving]);
    const marked = this.#job.dryRun ? 0 : await this.#store(documents, removals);
    this.#count(prepared, marked);
    this.#job.onWritten();
    for (const { group } of prepared) {
      for (const id of idsOf(group)) {
        this.#underWay.get(id)?.resolve();
        this.#underWay.delete(id);
      }
      for (const input of group.finished) await this.#retrying(() => this.#job.finishInput(input));
    }
  }

  /** Brings all vectors under the index, those of an attempt before too, and renews what the planner knows. */
  async finish(): Promise<void> {
    if (this.#job.dryRun) return;
    const merged = await this.#merge();
    if (!this.#isChanged && merged === 0) return;
    await this.#retrying(() => analyzeCollection(this.#deps.database, this.#collection.id));
  }

  async #store(documents: NewDocument[], removals: string[]): Promise<number> {
    if (documents.length === 0 && removals.length === 0) return 0;
    let left = documents;
    let isFirst = true;
    const marked = await this.#retrying(async () => {
      // The connection may have been lost after the commit: what is there by now is not written again.
      if (!isFirst) left = await this.#without(left);
      isFirst = false;
      const written = await this.#writeInSpace(left, removals);
      return written.marked;
    });
    this.#isChanged = true;
    const { database } = this.#deps;
    if (await this.#retrying(() => isMergeDue(database, this.#collection.spaceId))) await this.#merge();
    return marked;
  }

  async #without(documents: NewDocument[]): Promise<NewDocument[]> {
    const ids = documents.map(({ sourceId }) => sourceId);
    const stored = await storedDocuments(this.#deps.database, this.#collection.id, ids);
    return documents.filter(({ sourceId, contentHash: hash }) => !stored.get(sourceId)?.contentHash.equals(hash));
  }

  async #writeInSpace(documents: NewDocument[], removals: string[]) {
    try {
      return await writeDocuments(this.#deps.database, this.#collection, documents, removals, { likeness });
    } catch (error) {
      if (!(error instanceof SpaceChangedError)) throw error;
      // The collection got another embedding space in the middle of the run: these documents go there.
      const current = await selectCollection(this.#deps.database, this.#collection.id);
      if (!current) throw new Error(`The collection “${this.#collection.slug}” was removed.`, { cause: error });
      this.#collection = current;
      const anew = await this.#embeddedAnew(documents);
      return await writeDocuments(this.#deps.database, current, anew, removals, { likeness });
    }
  }

  async #embeddedAnew(documents: NewDocument[]): Promise<NewDocument[]> {
    const embeddings = await this.#deps.embeddingsOf(this.#collection);
    const texts = documents.flatMap((document) => document.chunks.map((chunk) => embeddingInput(document, chunk)));
    const vectors = await embeddings.embedVectors(texts, { signal: this.#signal });
    let next = 0;
    return documents.map((document) => ({
      ...document,
      chunks: document.chunks.map((chunk) => ({ ...chunk, embedding: vectors[next++] as Float32Array })),
    }));
  }

  #merge(): Promise<number> {
    this.#job.note("building the vector index");
    return this.#retrying(() => mergeTail(this.#deps.database, this.#collection.spaceId, this.#signal));
  }

  #count(prepared: PreparedGroup[], marked: number): void {
    const { tally } = this.#job;
    for (const { group, changed, known, leaving, reused } of prepared) {
      for (const { input } of group.failures) tally.add(input, { read: 1, failed: 1 });
      for (const { document, input } of group.documents) {
        const chunks = changed.get(document.sourceId);
        const what = chunks === undefined ? "unchanged" : known.has(document.sourceId) ? "updated" : "added";
        tally.add(input, { read: 1, [what]: 1, chunks: chunks ?? 0 });
      }
      for (const { sourceId, input } of group.removals) tally.add(input, { deleted: leaving.has(sourceId) ? 1 : 0 });
      if (reused > 0) tally.add(group.documents[0]?.input ?? null, { reused });
    }
    if (marked > 0) tally.add(prepared[0]?.group.documents[0]?.input ?? null, { marked });
  }

  #retrying<T>(work: () => Promise<T>): Promise<T> {
    return retrying(this.#job, this.#signal, work);
  }
}
