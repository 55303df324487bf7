import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { gunzipSync } from "node:zlib";
import { SaxesParser } from "saxes";
import { pick } from "stream-json/filters/pick.js";
import { streamArray } from "stream-json/streamers/stream-array.js";
import { withParser } from "stream-json/utils/with-parser.js";
import { cutJson, parseJson } from "#ingest/parse/json-cutter.ts";
import { openFdaRecordLimit, parse as openfda } from "#ingest/parse/openfda.ts";
import { parse as pubmed } from "#ingest/parse/pubmed.ts";
import type { Parser } from "#ingest/types.ts";
import { type BenchRow, interleave, rowOf, timed } from "./measure.ts";
import { openFdaJson, pubmedXml } from "./records.ts";

const inputBytes = 32_000_000;
const rounds = 7;

/** Megabytes of PubMed XML a second to documents, over those that saxes alone goes through. */
async function pubmedAgainstSaxes(): Promise<BenchRow> {
  const real = realPubmed();
  const chunks = real ?? (await held(pubmedXml(inputBytes)));
  const what = real ? "real" : "generated";
  return compare(`PubMed XML to records against bare saxes, ${what} files`, chunks, {
    value: () => readAll(pubmed, chunks),
    baseline: () => throughSaxes(chunks),
  });
}

/** The same on generated records, which are alike on every machine. */
async function generatedPubmedAgainstSaxes(): Promise<BenchRow> {
  const chunks = await held(pubmedXml(inputBytes));
  return compare("PubMed XML to records against bare saxes, generated files", chunks, {
    value: () => readAll(pubmed, chunks),
    baseline: () => throughSaxes(chunks),
  });
}

/** Megabytes of openFDA JSON a second cut and parsed to plain objects, over those that stream-json makes objects of. */
async function openFdaAgainstStreamJson(): Promise<BenchRow> {
  const chunks = await held(openFdaJson(inputBytes));
  return compare("openFDA JSON to objects against stream-json to objects", chunks, {
    value: () => toObjects(chunks),
    baseline: () => throughStreamJson(chunks),
  });
}

/** The same against stream-json as its README composes it: Node streams, all its tokens. */
async function openFdaAgainstComposedStreamJson(): Promise<BenchRow> {
  const chunks = await held(openFdaJson(inputBytes));
  return compare("openFDA JSON to objects against stream-json as its README composes it", chunks, {
    value: () => toObjects(chunks),
    baseline: () => throughComposedStreamJson(chunks),
  });
}

/** The same to whole documents: sections, tables as text, cleaned; stream-json still only makes plain objects. */
async function openFdaDocumentsAgainstStreamJson(): Promise<BenchRow> {
  const chunks = await held(openFdaJson(inputBytes));
  return compare("openFDA JSON to documents against stream-json to objects", chunks, {
    value: () => readAll(openfda, chunks),
    baseline: () => throughStreamJson(chunks),
  });
}

interface Sides {
  value: () => Promise<void>;
  baseline: () => Promise<void>;
}

async function compare(name: string, chunks: readonly Uint8Array[], { value, baseline }: Sides): Promise<BenchRow> {
  const megabytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0) / 1e6;
  const perSecond = async (work: () => Promise<void>) => (megabytes * 1000) / (await timed(work));
  // Both sides compiled before anything counts.
  await value();
  await baseline();
  const medians = await interleave({
    rounds,
    value: () => perSecond(value),
    baseline: () => perSecond(baseline),
  });
  return rowOf(name, "MB/s", "embedded", medians);
}

async function held(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return chunks;
}

/** PubMed's own files, where the machine has some, again and again. */
function realPubmed(): Uint8Array[] | null {
  const folder = join(import.meta.dirname, "../../shared/data/pubmed");
  if (!existsSync(folder)) return null;
  const names = readdirSync(folder).filter((name) => name.endsWith(".xml.gz"));
  const records = names.map((name) => {
    const xml = gunzipSync(readFileSync(join(folder, name)));
    return xml.subarray(xml.indexOf("<PubmedArticle>"), xml.lastIndexOf("</PubmedArticleSet>"));
  });
  const once = Buffer.concat(records);
  if (once.length === 0) return null;
  const whole = Buffer.concat([
    Buffer.from("<PubmedArticleSet>"),
    ...Array.from({ length: Math.ceil(inputBytes / once.length) }, () => once),
    Buffer.from("</PubmedArticleSet>"),
  ]);
  return Array.from({ length: Math.ceil(whole.length / 65_536) }, (_, index) =>
    whole.subarray(index * 65_536, (index + 1) * 65_536),
  );
}

async function readAll(parse: Parser, chunks: readonly Uint8Array[]): Promise<void> {
  const input = { file: "bench", size: 0, isSample: false, open: () => Readable.from(chunks) };
  let documents = 0;
  for await (const record of parse(input)) {
    if (record.kind === "failure") throw new Error(record.failure.reason);
    documents += 1;
  }
  if (documents === 0) throw new Error("nothing was read");
}

/** Every event a reader of records needs, each counted. */
async function throughSaxes(chunks: readonly Uint8Array[]): Promise<void> {
  const saxes = new SaxesParser();
  const decoder = new TextDecoder();
  let tags = 0;
  let characters = 0;
  saxes.on("opentag", () => {
    tags += 1;
  });
  saxes.on("closetag", () => {
    tags += 1;
  });
  saxes.on("text", (text) => {
    characters += text.length;
  });
  saxes.on("cdata", (text) => {
    characters += text.length;
  });
  for await (const chunk of Readable.from(chunks)) saxes.write(decoder.decode(chunk, { stream: true }));
  saxes.close();
  if (tags === 0 || characters === 0) throw new Error("saxes read nothing");
}

/** The parser's own first stage. */
async function toObjects(chunks: readonly Uint8Array[]): Promise<void> {
  let objects = 0;
  for await (const cut of cutJson(Readable.from(chunks), openFdaRecordLimit)) {
    if (cut.kind === "failure") throw new Error(cut.reason);
    if ((parseJson(cut.bytes) as { set_id?: string }).set_id) objects += 1;
  }
  if (objects === 0) throw new Error("nothing was read");
}

const elements = () => [pick({ filter: "results" }), streamArray()] as unknown as ReturnType<typeof streamArray>;

async function throughComposedStreamJson(chunks: readonly Uint8Array[]): Promise<void> {
  let objects = 0;
  for await (const item of Readable.from(chunks).pipe(withParser.asStream(elements)))
    if ((item as { value: { set_id?: string } }).value.set_id) objects += 1;
  if (objects === 0) throw new Error("stream-json read nothing");
}

/** As its documentation has it fastest: no Node stream between its stages, no pieces of strings that nobody reads. */
async function throughStreamJson(chunks: readonly Uint8Array[]): Promise<void> {
  const pipeline = withParser(elements, { streamValues: false });
  let objects = 0;
  for await (const chunk of Readable.from(chunks)) {
    for await (const item of pipeline(chunk) as unknown as AsyncIterable<unknown>)
      if ((item as { value: { set_id?: string } }).value.set_id) objects += 1;
  }
  if (objects === 0) throw new Error("stream-json read nothing");
}

const comparisons = {
  pubmed: pubmedAgainstSaxes,
  "pubmed-generated": generatedPubmedAgainstSaxes,
  openfda: openFdaAgainstStreamJson,
  "openfda-composed": openFdaAgainstComposedStreamJson,
  "openfda-documents": openFdaDocumentsAgainstStreamJson,
};
export type Comparison = keyof typeof comparisons;

// Makes the comparison that is named and prints its row as JSON.
const name = process.argv[2] as Comparison;
process.stdout.write(JSON.stringify(await comparisons[name]()));
