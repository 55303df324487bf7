import type { ParsedDocument, ParsedRecord, Parser, ParserInput } from "../../types.ts";
import { failureOf } from "../record-error.ts";
import { type Cut, type CutSettings, cutXml } from "./cutter.ts";
import { parseXml } from "./parse.ts";
import type { XmlElement } from "./tree.ts";

export interface XmlFormat {
  settings: CutSettings;
  /** Elements the format has no use for, and that make much of its records. */
  skipped?: ReadonlySet<string>;
  /** One record as a document, or as word of documents to delete. @throws RecordError when it can be neither */
  read(record: XmlElement, name: string, bytes: Uint8Array, isSample: boolean): ParsedDocument | { deleted: string[] };
  /** The record's own id where its bytes still show it though it cannot be parsed. */
  idIn?(bytes: Uint8Array): string | null;
}

/** The parser of a format whose records are XML elements: cut from the stream, each parsed alone, each its own failure. */
export function xmlParser(format: XmlFormat): Parser {
  return async function* (input: ParserInput): AsyncGenerator<ParsedRecord> {
    for await (const cut of cutXml(input.open(), format.settings)) yield readCut(format, cut, input);
  };
}

function readCut(format: XmlFormat, cut: Cut, input: ParserInput): ParsedRecord {
  const position = { file: input.file, record: cut.record, offset: cut.offset };
  if (cut.kind === "failure") {
    return { kind: "failure", failure: { position, sourceId: null, code: cut.code, reason: cut.reason } };
  }
  try {
    const result = format.read(parseXml(cut.bytes, cut.entities, format.skipped), cut.name, cut.bytes, input.isSample);
    if ("deleted" in result) return { kind: "deletion", sourceIds: result.deleted, position };
    return { kind: "document", document: result, position };
  } catch (error) {
    return failureOf(error, position, format.idIn?.(cut.bytes) ?? null);
  }
}
