import type { ParsedDocument, ParsedRecord, RecordFailure, SourceInput } from "../types.ts";
import { faultOf, storableFailure } from "./storable.ts";

/** Records a group: enough for full embedding batches, few enough for short transactions. */
const recordLimit = 256;
const characterLimit = 400_000;
/** Originals wait in memory for their group: PDFs may have tens of megabytes each. */
const originalByteLimit = 16 * 1024 * 1024;

/** Records that are prepared and written together, each with the input it came from. */
export interface RecordGroup {
  documents: { document: ParsedDocument; input: SourceInput }[];
  removals: { sourceId: string; input: SourceInput }[];
  failures: { failure: RecordFailure; input: SourceInput | null }[];
  /** Inputs whose last record is in this group or one before. */
  finished: SourceInput[];
  characters: number;
}

/** A record with its input, or an input's end. */
export type InputEvent = { input: SourceInput | null; record: ParsedRecord } | { input: SourceInput; record: null };

/**
 * Groups records in order. A source id comes once in a group and a deletion never shares one with what it deletes, so
 * that groups have the same effect as their records one by one.
 */
export async function* groupRecords(events: AsyncIterable<InputEvent>): AsyncGenerator<RecordGroup> {
  let group = newGroup();
  let ids = new Set<string>();
  let originalBytes = 0;
  const isEmpty = () =>
    group.documents.length + group.removals.length + group.failures.length + group.finished.length === 0;
  const take = () => {
    const taken = group;
    group = newGroup();
    ids = new Set();
    originalBytes = 0;
    return taken;
  };
  try {
    for await (const { input, record: found } of events) {
      if (found === null) {
        group.finished.push(input);
        continue;
      }
      const record = keepable(found);
      if (record.kind === "failure") {
        group.failures.push({ failure: record.failure, input });
        if (group.failures.length >= recordLimit) yield take();
        continue;
      }
      if (input === null) throw new Error("a record without an input");
      const own = record.kind === "document" ? [record.document.sourceId] : record.sourceIds;
      const isFull =
        group.documents.length >= recordLimit ||
        group.characters >= characterLimit ||
        originalBytes >= originalByteLimit ||
        group.removals.length >= 10 * recordLimit;
      if (isFull || own.some((id) => ids.has(id))) yield take();
      for (const id of own) ids.add(id);
      if (record.kind === "deletion") {
        for (const sourceId of new Set(own)) group.removals.push({ sourceId, input });
      } else {
        group.documents.push({ document: record.document, input });
        group.characters += record.document.text.length;
        originalBytes += record.document.original.bytes.length;
      }
    }
  } catch (error) {
    // What came before the source failed is good.
    if (!isEmpty()) yield take();
    throw error;
  }
  if (!isEmpty()) yield take();
}

/** The source ids a group writes or removes. */
export function idsOf(group: RecordGroup): string[] {
  return [
    ...group.documents.map(({ document }) => document.sourceId),
    ...group.removals.map(({ sourceId }) => sourceId),
  ];
}

function newGroup(): RecordGroup {
  return { documents: [], removals: [], failures: [], finished: [], characters: 0 };
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
