/** The record's way through a run, stage by stage. */
import { type CollectionRow, storedDocuments } from "#db/index.ts";
import { parserFor } from "../parse/index.ts";
import type { ParsedRecord, RecordFailure, SourceInput } from "../types.ts";
import { chunkDocument } from "./chunk.ts";
import { groupRecords, type InputEvent, idsOf, type RecordGroup } from "./groups.ts";
import { type PipelineDeps, type PipelineJob, type PreparedGroup, retrying } from "./job.ts";
import { type ChunkedDocument, contentHash, prepareDocuments } from "./prepare.ts";
import { OrderedWindow } from "./window.ts";
import { Writer } from "./writer.ts";

export type { PipelineDeps, PipelineJob } from "./job.ts";

/** What is read, chunked and being embedded at once, in characters of text: a few hundred chunks for every core. */
const charactersUnderWay = 1_200_000;
/** What one transaction writes at most, in characters of text. */
const charactersAWrite = 2_000_000;
/** Weight of a record without text. */
const recordWeight = 500;

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
