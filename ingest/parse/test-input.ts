import type { ParsedDocument, ParsedRecord, Parser, ParserInput, RecordFailure } from "../types.ts";

/** A parser's input from memory, for tests; in chunks of `chunkSize` bytes. */
export function inputOf(
  content: string | Uint8Array,
  { file = "fixture", isSample = false, chunkSize = 64 } = {},
): ParserInput {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  return {
    file,
    size: bytes.length,
    isSample,
    open: async function* () {
      for (let at = 0; at < bytes.length; at += chunkSize) yield bytes.subarray(at, at + chunkSize);
    },
  };
}

export async function readAll(parse: Parser, input: ParserInput): Promise<ParsedRecord[]> {
  const records: ParsedRecord[] = [];
  for await (const record of parse(input)) records.push(record);
  return records;
}

export function documentsOf(records: readonly ParsedRecord[]): ParsedDocument[] {
  return records.flatMap((record) => (record.kind === "document" ? [record.document] : []));
}

export function failuresOf(records: readonly ParsedRecord[]): RecordFailure[] {
  return records.flatMap((record) => (record.kind === "failure" ? [record.failure] : []));
}

/** What a section of a document holds. */
export function sectionText(document: ParsedDocument, label: string): string | undefined {
  const section = document.sections.find((candidate) => candidate.label === label);
  return section && document.text.slice(section.start, section.end);
}
