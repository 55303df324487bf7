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
import type { Deps } from "#lib/deps.ts";
import { chunkDocument } from "./chunk.ts";
import { groupRecords, type InputEvent, idsOf, type RecordGroup } from "./groups.ts";
import { type Patience, throughOutages } from "./outage.ts";
import { parserFor } from "./parse/index.ts";
import { type ChunkedDocument, contentHash, embeddingInput, prepareDocuments } from "./prepare.ts";
import { mayBeSameMedicine, nearIdentical } from "./similarity.ts";
import type { Tally } from "./tally.ts";
import type { ParsedRecord, RecordFailure, SourceInput } from "./types.ts";
import { OrderedWindow } from "./window.ts";

export type PipelineDeps = Pick<Deps, "database" | "embeddingsOf" | "objects" | "log">;

export interface PipelineJob {
  collection: CollectionRow;
  /** Inputs as they become available, with failures of the source itself in between. */
  inputs: AsyncIterable<SourceInput | RecordFailure>;
  tally: Tally;
  /** Says what would change, and writes nothing. */
  dryRun: boolean;
  patience: Patience;
  signal: AbortSignal;
  /** Records that could not be taken in, in order, before their input is finished; must be kept when it returns. */
  keepFailures(failures: { failure: RecordFailure; input: SourceInput | null }[]): Promise<void>;
  /** All of an input's records are dealt with. */
  finishInput(input: SourceInput): Promise<void>;
  /** One line for whoever watches. */
  note(text: string): void;
  onInput(input: SourceInput): void;
  /** The tally has grown. */
  onWritten(): void;
}

/** What is read, chunked and being embedded at once, in characters of text: a few hundred chunks for every core. */
const charactersUnderWay = 1_200_000;
/** What one transaction writes at most, in characters of text. */
const charactersAWrite = 2_000_000;
/** When two labels are one, packaged anew. */
const likeness = { threshold: nearIdentical, mayMatch: mayBeSameMedicine };
/** Weight of a record without text. */
const recordWeight = 500;

/** A group whose vectors and originals are there: what is left is to write it. */
interface PreparedGroup {
  group: RecordGroup;
  /** Chunks of each new or changed document, by source id. */
  changed: Map<string, number>;
  /** The same documents ready to be stored; none in a dry run. */
  documents: NewDocument[];
  /** Source ids of the group's documents that are stored already. */
  known: Set<string>;
  /** Source ids to remove that are stored. */
  leaving: Set<string>;
  reused: number;
}

/**
 * The record's way, stage by stage, each bounded: read and parse → group → compare with what is stored, chunk, embed,
 * keep originals (several groups side by side) → write, in the order of the source. Through every outage within the
 * job's patience; what is written stays, whatever ends the run.
 */
export async function runPipeline(deps: PipelineDeps, job: PipelineJob): Promise<void> {
  const stop = new AbortController();
  const signal = AbortSignal.any([job.signal, stop.signal]);
  const writer = new Writer(deps, job, signal);
  const window = new OrderedWindow<PreparedGroup>(charactersUnderWay);
  signal.addEventListener("abort", () => window.fail(signal.reason), { once: true });
  const reading = read();
  // What was read before the source failed is still written.
  reading.catch(() => window.close());
  try {
    for (;;) {
      const taken = await window.take(charactersAWrite);
      if (!taken) break;
      await writer.write(taken.results);
      taken.release();
    }
    await reading;
    await writer.finish();
  } catch (error) {
    stop.abort(error);
    throw error;
  } finally {
    await reading.catch(() => undefined); // its error ended the writing too, or came of that
  }

  async function read(): Promise<void> {
    for await (const group of groupRecords(eventsOf(job, signal))) {
      signal.throwIfAborted();
      // A record may come twice: what is under way of it must be stored before it is compared again.
      await writer.settled(idsOf(group));
      writer.begin(idsOf(group));
      const weight = group.characters + recordWeight * (group.documents.length + group.removals.length);
      await window.put(weight, () => retrying(job, signal, () => prepare(deps, job, writer.collection, group, signal)));
    }
    window.close();
  }
}

function retrying<T>(job: PipelineJob, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  return throughOutages(work, { patience: job.patience, signal, onWait: job.note });
}

async function* eventsOf(job: PipelineJob, signal: AbortSignal): AsyncGenerator<InputEvent> {
  for await (const input of job.inputs) {
    if ("reason" in input) {
      yield { input: null, record: { kind: "failure", failure: input } };
      continue;
    }
    job.onInput(input);
    try {
      const parse = await parserFor(job.collection.sourceType, input.file);
      for await (const record of parse(input)) {
        signal.throwIfAborted();
        yield { input, record: withStanding(record, input) };
      }
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      const position = { file: input.file, record: null, offset: null };
      const failure: RecordFailure = { position, sourceId: null, code: "unreadable", reason: error.message };
      yield { input, record: { kind: "failure", failure } };
    }
    yield { input, record: null };
  }
}

/** A retraction that the source knows of and the record does not say yet. */
function withStanding(record: ParsedRecord, { standing }: SourceInput): ParsedRecord {
  if (!standing || record.kind !== "document" || record.document.status !== "current") return record;
  const document = { ...record.document, status: standing.status, statusNote: standing.note };
  return { ...record, document };
}

/** Compares with what is stored, and prepares what is new or changed. */
async function prepare(
  deps: PipelineDeps,
  job: PipelineJob,
  collection: CollectionRow,
  group: RecordGroup,
  signal: AbortSignal,
): Promise<PreparedGroup> {
  const stored = await storedDocuments(deps.database, collection.id, idsOf(group));
  const chunked: ChunkedDocument[] = [];
  for (const { document } of group.documents) {
    const hash = contentHash(document, collection);
    const before = stored.get(document.sourceId);
    if (before?.contentHash.equals(hash) || isOlder(document.revisedOn, before?.revisedOn)) continue;
    chunked.push({ document, hash, chunks: chunkDocument(document) });
  }
  const leaving = group.removals.map(({ sourceId }) => sourceId).filter((id) => stored.has(id));
  return {
    group,
    changed: new Map(chunked.map(({ document, chunks }) => [document.sourceId, chunks.length])),
    known: new Set(stored.keys()),
    leaving: new Set(leaving),
    ...(job.dryRun ? { documents: [], reused: 0 } : await prepareDocuments(deps, collection, chunked, signal)),
  };
}

/** Dates of different precision are compared as far as both go: a year alone is not before one of its days. */
function isOlder(date: string | null, before: string | null | undefined): boolean {
  return Boolean(date && before && date < before.slice(0, date.length));
}

/** Writes groups in their order and keeps the run's accounts. */
class Writer {
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
