import type { ParsedRecord, Parser, ParserInput } from "../types.ts";

/** Ids of one deletion: a file of all that PubMed ever deleted is not one record. */
const batch = 10_000;
/** PMIDs have at most eight digits; a line longer than this is none. */
const lineLimit = 64;

/** PubMed's `deleted.pmids` (https://ftp.ncbi.nlm.nih.gov/pubmed/): one PMID a line, each of a record no longer there. */
export const parse: Parser = async function* (input: ParserInput): AsyncGenerator<ParsedRecord> {
  const decoder = new TextDecoder("latin1");
  let rest = "";
  let ids: string[] = [];
  let line = 0;
  const deletion = (): ParsedRecord => {
    const sourceIds = ids;
    ids = [];
    return { kind: "deletion", sourceIds, position: { file: input.file, record: line, offset: null } };
  };
  const take = (text: string): ParsedRecord | null => {
    line += 1;
    const id = text.trim();
    if (/^\d{1,9}$/.test(id)) ids.push(id);
    else if (id !== "") {
      const position = { file: input.file, record: line, offset: null };
      return {
        kind: "failure",
        failure: { position, sourceId: null, code: "malformed", reason: "the line is no PMID" },
      };
    }
    return ids.length >= batch ? deletion() : null;
  };
  for await (const bytes of input.open()) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split("\n");
    rest = (lines.pop() ?? "").slice(0, lineLimit);
    for (const text of lines) {
      const record = take(text);
      if (record) yield record;
    }
  }
  const last = rest === "" ? null : take(rest);
  if (last) yield last;
  if (ids.length > 0) yield deletion();
};
