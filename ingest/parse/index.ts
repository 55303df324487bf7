import type { SourceType } from "#lib/domain.ts";
import type { Parser } from "../types.ts";
import { failureOf } from "./record-error.ts";

/** Every format and how its parser is loaded; a format that is not used is never loaded. */
export const parsers = {
  pubmed: () => import("./pubmed.ts"),
  jats: () => import("./jats.ts"),
  spl: () => import("./spl.ts"),
  openfda: () => import("./openfda.ts"),
  medlineplus: () => import("./medlineplus.ts"),
  pdf: () => import("./guideline-pdf/index.ts"),
  beir: () => import("./beir.ts"),
  "deleted-pmids": () => import("./deleted-pmids.ts"),
} as const satisfies Record<string, () => Promise<{ parse: Parser }>>;
export type Format = keyof typeof parsers;

/** Which file names (gunzipped) each kind of source may come in, and their format. BEIR's corpus fits every one. */
const formats: Record<SourceType, Record<string, Format>> = {
  pubmed: { ".xml": "pubmed", ".pmids": "deleted-pmids" },
  pmc: { ".xml": "jats", ".nxml": "jats" },
  guideline: { ".pdf": "pdf" },
  drug_label: { ".xml": "spl", ".json": "openfda", ".ndjson": "openfda" },
  consumer: { ".xml": "medlineplus" },
  beir: {},
};

/** The format of a file of a source type by its name's ending, `.gz` aside; null when it is none of that source's. */
export function formatOf(sourceType: SourceType, file: string): Format | null {
  const extension = /\.[a-z0-9]+$/.exec(file.toLowerCase().replace(/\.gz$/, ""))?.[0] ?? "";
  return extension === ".jsonl" ? "beir" : (formats[sourceType][extension] ?? null);
}

/** The endings a source type is read from, for messages. */
export function extensionsOf(sourceType: SourceType): string[] {
  return [...Object.keys(formats[sourceType]), ".jsonl"].flatMap((extension) => [extension, `${extension}.gz`]);
}

/** The parser for a file of a source type. Throws RangeError when no format of that source has the file's ending. */
export async function parserFor(sourceType: SourceType, file: string): Promise<Parser> {
  const format = formatOf(sourceType, file);
  if (!format) {
    throw new RangeError(`${file}: a ${sourceType} source is read from ${extensionsOf(sourceType).join(", ")}`);
  }
  return reportingUnreadable((await parsers[format]()).parse);
}

/** A file that stops being readable midway (a cut gzip, an unknown encoding) is a failure, after what was read. */
function reportingUnreadable(parse: Parser): Parser {
  return async function* (input) {
    try {
      yield* parse(input);
    } catch (error) {
      yield failureOf(error, { file: input.file, record: null, offset: null });
    }
  };
}
