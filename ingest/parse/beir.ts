import { z } from "zod";
import { cleanText } from "#lib/text/clean.ts";
import type { ParsedDocument, ParsedRecord, Parser, ParserInput } from "../types.ts";
import { ByteWindow } from "./byte-window.ts";
import { languageTag, makeDocument, plainLine, present, webAddress } from "./fields.ts";
import { failureOf, RecordError } from "./record-error.ts";
import { asUtf8 } from "./utf8.ts";

/** A line past this is refused. */
export const lineLimit = 32 * 1024 * 1024;

const newline = 0x0a;

/** BEIR's `corpus.jsonl` (https://github.com/beir-cellar/beir/wiki): a JSON object a line, `_id`, `title`, `text`. */
export const parse: Parser = async function* (input: ParserInput): AsyncGenerator<ParsedRecord> {
  let record = 0;
  for await (const line of lines(input.open())) {
    if (line.bytes !== null && isBlank(line.bytes)) continue;
    record += 1;
    const position = { file: input.file, record, offset: line.offset };
    try {
      if (line.bytes === null) throw new RecordError("too_large", `the line is longer than ${lineLimit} bytes`);
      yield { kind: "document", document: readLine(line.bytes, input.isSample), position };
    } catch (error) {
      yield failureOf(error, position);
    }
  }
};

async function* lines(stream: AsyncIterable<Uint8Array>): AsyncGenerator<{ bytes: Uint8Array | null; offset: number }> {
  const window = new ByteWindow();
  let start = 0;
  let searched = 0;
  let isTooLong = false;
  for await (const chunk of asUtf8(stream)) {
    for (const _more of window.admit(chunk)) {
      for (let end = window.indexOf(newline, searched); end !== -1; end = window.indexOf(newline, searched)) {
        yield { bytes: isTooLong || end - start > lineLimit ? null : window.bytes(start, end), offset: start };
        start = end + 1;
        searched = start;
        isTooLong = false;
      }
      searched = window.end;
      isTooLong ||= window.end - start > lineLimit;
      window.discard(isTooLong ? window.end : start);
    }
  }
  if (isTooLong || window.end > start)
    yield { bytes: isTooLong ? null : window.bytes(start, window.end), offset: start };
}

function isBlank(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte <= 0x20);
}

const line = z.object({
  _id: z.union([z.string().min(1), z.number()]).transform(String),
  title: z.string().nullish(),
  text: z.string().nullish(),
  metadata: z.record(z.string(), z.unknown()).nullish(),
});

function readLine(bytes: Uint8Array, isSample: boolean): ParsedDocument {
  const fields = readJson(bytes);
  const id = fields._id.trim();
  const text = (fields.text ? cleanText(fields.text) : "").trim();
  const title = plainLine(fields.title ?? "") || firstWords(text);
  if (text === "" && title === "")
    throw new RecordError("no_text", "the line has neither title nor text", { sourceId: id });
  const metadata = fields.metadata ?? {};
  return makeDocument({
    sourceId: id,
    title,
    text: text || title,
    sections: [],
    language: languageTag(textOf(metadata.language)) ?? "en",
    url: webAddress(textOf(metadata.url)),
    evidenceLevel: "other",
    isSample,
    // A title made of the text's beginning would count its words twice in a search; whoever indexes can leave it out.
    metadata: present(fields.title?.trim() ? metadata : { ...metadata, titleFromText: true }),
    original: { mediaType: "application/json", bytes },
  });
}

function readJson(bytes: Uint8Array): z.infer<typeof line> {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw new RecordError("malformed", `the line is not JSON: ${(cause as Error).message.slice(0, 120)}`, { cause });
  }
  const result = line.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const field = issue?.path.join(".") ?? "";
  if (field === "") throw new RecordError("malformed", "the line is not a JSON object");
  throw new RecordError("missing_field", `field ${field}: ${issue?.message ?? "is wrong"}`, {
    sourceId: (value as { _id?: unknown })._id === undefined ? null : String((value as { _id: unknown })._id),
  });
}

function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

/** An untitled passage is shown by its beginning. */
function firstWords(text: string): string {
  const words = plainLine(text.slice(0, 200)).split(" ");
  return words.length > 12 ? `${words.slice(0, 12).join(" ")}…` : words.join(" ");
}
