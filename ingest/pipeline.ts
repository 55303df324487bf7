import {
  analyzeCollection,
  type CollectionRow,
  type IngestCounts,
  insertFailures,
  type NewDocument,
  saveIngestRun,
  startIngestRun,
  storedDocuments,
  writeDocuments,
} from "#db/index.ts";
import type { Deps } from "#lib/deps.ts";
import { Batcher } from "./batch.ts";
import { parserFor } from "./parse/index.ts";
import { contentHash, prepareDocuments } from "./prepare.ts";
import { findInputs } from "./sources/files.ts";
import { faultOf, storableFailure } from "./storable.ts";
import type { ParsedDocument, ParsedRecord, RecordFailure } from "./types.ts";

type IngestDeps = Pick<Deps, "database" | "embeddingsOf" | "objects" | "log">;

export interface IngestOptions {
  collection: CollectionRow;
  paths: string[];
  isSample?: boolean;
  signal?: AbortSignal;
  /** Called for every record that could not be taken in. */
  onFailure?: (failure: RecordFailure) => void;
  /** Called for every file in a folder that has none of the source's endings. */
  onSkipped?: (file: string) => void;
  /** Called after every batch, and when a file begins. */
  onProgress?: (counts: IngestCounts, file: string) => void;
}

/**
 * Reads files into a collection: parse → chunk → embed → store, one batch being embedded while the one before is
 * written. A bad record is reported and the rest goes on; an outage ends the run with what was committed kept, and the
 * same command again goes on from there, because what is stored already is left alone.
 * @throws whatever ended the run; the run's record says so too
 */
export async function ingest(deps: IngestDeps, options: IngestOptions): Promise<IngestCounts> {
  const counts: IngestCounts = { read: 0, added: 0, updated: 0, unchanged: 0, deleted: 0, failed: 0, chunks: 0 };
  const run = await startIngestRun(deps.database, options.collection.id, options.paths);
  const writer = new BatchWriter(deps, options, counts);
  try {
    for await (const found of recordsOf(options)) {
      if (options.signal?.aborted) throw options.signal.reason;
      const record = keepable(found);
      if (record.kind !== "deletion") counts.read += 1;
      if (record.kind === "failure") {
        counts.failed += 1;
        options.onFailure?.(record.failure);
        await insertFailures(deps.database, run, [failureRow(record.failure)]);
        continue;
      }
      await writer.add(record);
      options.onProgress?.(counts, record.position.file);
    }
    await writer.finish();
    if (counts.added + counts.updated + counts.deleted > 0)
      await analyzeCollection(deps.database, options.collection.id);
    await saveIngestRun(deps.database, run, counts, { status: "complete", error: null });
    return counts;
  } catch (error) {
    await writer.settle();
    const status = options.signal?.aborted ? "interrupted" : "failed";
    await saveIngestRun(deps.database, run, counts, { status, error: (error as Error).message }).catch((second) =>
      deps.log.error({ err: second, run }, "the run's end could not be recorded"),
    );
    throw error;
  }
}

async function* recordsOf(options: IngestOptions): AsyncIterable<ParsedRecord> {
  const { sourceType } = options.collection;
  const found: RecordFailure[] = [];
  const inputs = findInputs(options.paths, sourceType, {
    isSample: options.isSample ?? false,
    onFailure: (failure) => found.push(failure),
    ...(options.onSkipped && { onSkipped: options.onSkipped }),
  });
  for await (const input of inputs) {
    for (const failure of found.splice(0)) yield { kind: "failure", failure };
    try {
      const parse = await parserFor(sourceType, input.file);
      yield* parse(input);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      const position = { file: input.file, record: null, offset: null };
      yield { kind: "failure", failure: { position, sourceId: null, code: "unreadable", reason: error.message } };
    }
  }
  for (const failure of found) yield { kind: "failure", failure };
}

/** The record, or a failure in its place when the stores could not keep it. */
function keepable(record: ParsedRecord): ParsedRecord {
  if (record.kind === "failure") return { kind: "failure", failure: storableFailure(record.failure) };
  if (record.kind === "deletion") return record;
  const reason = faultOf(record.document);
  if (reason === null) return record;
  const { position, document } = record;
  const failure: RecordFailure = { position, sourceId: document.sourceId, code: "malformed", reason };
  return { kind: "failure", failure: storableFailure(failure) };
}

/** Keeps one batch in the making and one being written. */
class BatchWriter {
  readonly #batcher = new Batcher();
  readonly #deps: IngestDeps;
  readonly #options: IngestOptions;
  readonly #counts: IngestCounts;
  #writing: Promise<void> = Promise.resolve();
  #writingIds = new Set<string>();

  constructor(deps: IngestDeps, options: IngestOptions, counts: IngestCounts) {
    this.#deps = deps;
    this.#options = options;
    this.#counts = counts;
  }

  async add(item: Exclude<ParsedRecord, { kind: "failure" }>): Promise<void> {
    if (this.#batcher.isFullFor(item)) await this.#flush();
    this.#batcher.add(item);
  }

  async finish(): Promise<void> {
    await this.#flush();
    await this.#writing;
  }

  /** Waits for the batch being written, whose outcome is in the counts then: a run ends with nothing under way. */
  async settle(): Promise<void> {
    await this.#writing.catch(() => undefined);
  }

  async #flush(): Promise<void> {
    const { documents, removals } = this.#batcher.take();
    const ids = [...documents.map(({ sourceId }) => sourceId), ...removals];
    if (ids.length === 0) return;
    // A record may come twice in a row: what the batch before is still writing must be seen.
    if (ids.some((id) => this.#writingIds.has(id))) await this.#writing;
    const { database } = this.#deps;
    const stored = await storedDocuments(database, this.#options.collection.id, ids);
    const leaving = removals.filter((id) => stored.has(id));
    const changed = this.#changed(documents, stored);
    const prepared = await prepareDocuments(this.#deps, this.#options.collection, changed);
    await this.#writing;
    if (prepared.length === 0 && leaving.length === 0) return;
    this.#writingIds = new Set(ids);
    this.#writing = this.#write(prepared, leaving);
    this.#writing.catch(() => undefined); // reported where it is awaited: by the next batch or at the end
  }

  #changed(documents: ParsedDocument[], stored: Awaited<ReturnType<typeof storedDocuments>>) {
    const changed: { document: ParsedDocument; hash: Buffer }[] = [];
    for (const document of documents) {
      const hash = contentHash(document, this.#options.collection);
      const before = stored.get(document.sourceId);
      if (before?.contentHash.equals(hash) || isOlder(document.revisedOn, before?.revisedOn))
        this.#counts.unchanged += 1;
      else changed.push({ document, hash });
    }
    return changed;
  }

  async #write(documents: NewDocument[], removals: string[]): Promise<void> {
    const written = await writeDocuments(this.#deps.database, this.#options.collection, documents, removals);
    this.#counts.added += written.added;
    this.#counts.updated += written.updated;
    this.#counts.deleted += written.deleted;
    this.#counts.chunks += written.chunks;
  }
}

/** Dates of different precision are compared as far as both go: a year alone is not before one of its days. */
function isOlder(date: string | null, before: string | null | undefined): boolean {
  return Boolean(date && before && date < before.slice(0, date.length));
}

function failureRow({ position, sourceId, code, reason }: RecordFailure) {
  return { ...position, sourceId, code, reason };
}
