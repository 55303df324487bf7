import { createHash } from "node:crypto";
import type { ParsedDocument, ParsedRecord, Parser, ParserInput } from "../../types.ts";
import { isoDate, languageTag, makeDocument, plainLine, present } from "../fields.ts";
import { failureOf, RecordError } from "../record-error.ts";
import { PdfReader } from "./reader.ts";
import { nothingThere, type PdfReading } from "./types.ts";

/** A larger PDF is refused. */
export const pdfByteLimit = 200 * 1024 * 1024;

const reader = new PdfReader();

/** Guideline PDFs: one document a file, its pages' lines with boxes for the viewer, scanned ones recognised. */
export const parse: Parser = async function* (input: ParserInput): AsyncGenerator<ParsedRecord> {
  const position = { file: input.file, record: 1, offset: 0 };
  try {
    const bytes = await collect(input.open());
    const sourceId = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
    yield { kind: "document", document: toDocument(await reader.read(bytes), sourceId, bytes, input), position };
  } catch (error) {
    yield failureOf(error, position);
  }
};

async function collect(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > pdfByteLimit) throw new RecordError("too_large", `the PDF is larger than ${pdfByteLimit} bytes`);
  }
  if (size === 0) throw new RecordError("malformed", "the file is empty");
  return new Uint8Array(Buffer.concat(chunks));
}

function toDocument(reading: PdfReading, sourceId: string, bytes: Uint8Array, input: ParserInput): ParsedDocument {
  const { information } = reading;
  const fileName = input.file.split(/[\\/]/).at(-1) ?? input.file;
  return makeDocument({
    sourceId,
    title: plainLine(reading.title) || fileName,
    text: reading.text,
    sections: reading.sections,
    // The language a PDF declares is often its program's: only a plain "en-GB" beside Latin text is believed.
    language: languageOf(information.Language ?? "", reading.text),
    publishedOn: pdfDate(information.CreationDate),
    revisedOn: pdfDate(information.ModDate),
    authors: authorsOf(information.Author ?? ""),
    publicationTypes: ["Guideline"],
    evidenceLevel: "guideline",
    isSample: input.isSample,
    metadata: present({
      fileName,
      pages: reading.pages.length,
      pagesWithoutText: reading.pagesWithoutText,
      pagesRecognised: reading.ocr,
      pagesNotRecognised: reading.unread.filter(({ reason }) => reason !== nothingThere),
      subject: plainLine(information.Subject ?? ""),
      keywords: plainLine(information.Keywords ?? ""),
      producer: plainLine(information.Producer ?? ""),
    }),
    pages: reading.pages,
    boxes: reading.boxes,
    ocr: reading.ocr,
    original: { mediaType: "application/pdf", bytes },
  });
}

function languageOf(declared: string, text: string): string {
  const tag = languageTag(declared)?.split("-")[0] ?? "en";
  const isLatin = (text.match(/\p{Script=Latin}/gu)?.length ?? 0) > (text.match(/\p{L}/gu)?.length ?? 0) / 2;
  const latinTags = new Set([
    "en",
    "es",
    "fr",
    "de",
    "pt",
    "it",
    "nl",
    "sv",
    "da",
    "no",
    "nb",
    "fi",
    "pl",
    "cs",
    "tr",
    "id",
  ]);
  return isLatin && !latinTags.has(tag) ? "en" : tag;
}

/** `D:20250610103022+02'00'` (ISO 32000-1, 7.9.4) as a day. */
function pdfDate(text: string | undefined): string | null {
  const match = /^D?:?(\d{4})(\d{2})?(\d{2})?/.exec(text ?? "");
  return match ? isoDate(match[1] ?? null, match[2] ?? null, match[3] ?? null) : null;
}

function authorsOf(text: string): string[] {
  return text
    .split(/\s*[;|]\s*|\s+and\s+/)
    .map(plainLine)
    .filter((name) => /\p{L}{2,}/u.test(name) && !/^(?:admin|user|owner|author|unknown)$/i.test(name));
}
