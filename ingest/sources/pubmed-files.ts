import { z } from "zod";
import type { SourceContext, SourceInput } from "../types.ts";
import { failed, fetchedInput, reportFailure } from "./fetched.ts";
import type { ReadSource, RequestOf } from "./registry-types.ts";
import { SourceError } from "./source-error.ts";
import { download } from "./transport/download.ts";
import { HttpClient } from "./transport/http.ts";

type Folder = "baseline" | "updatefiles";

interface PubmedFile {
  folder: Folder;
  name: string;
  url: URL;
  /** Two digits of the baseline's year; numbers start anew with each. */
  year: number;
  number: number;
}

/** The last file in order, and numbers below it that could not be had and are still wanted. */
const cursorShape = z.object({
  year: z.int(),
  number: z.int(),
  missing: z.array(z.int()).default([]),
});
type Cursor = z.infer<typeof cursorShape>;

/**
 * PubMed's annual baseline and daily update files (https://pubmed.ncbi.nlm.nih.gov/download/), in the order of their
 * numbers, each checked against its MD5 file. A new year's baseline starts the numbers anew and is read whole.
 */
export const read: ReadSource<"pubmed-files"> = async function* (request, context, options) {
  const client = new HttpClient(context, { requestsPerSecond: 3, ...options.manners });
  try {
    const files = await listFiles(client, context, request);
    const year = Math.max(...files.map((file) => file.year));
    const parsed = cursorShape.safeParse(context.cursor);
    const last = parsed.success && parsed.data.year === year ? parsed.data : null;
    if (parsed.success && parsed.data.year < year) noteNewYear(context, request, parsed.data.year, year);
    yield* readFiles(client, context, plan(files, year, last), last);
  } finally {
    await client.close();
  }
};

function noteNewYear(context: SourceContext, { set }: RequestOf<"pubmed-files">, before: number, year: number): void {
  const news = `the files are now those of the 20${year} baseline; the last run read those of 20${before}`;
  if (set !== "updatefiles") context.report(`${news}; reading the new baseline`);
  else {
    const reason = `${news}. Read the new baseline too: what changed between them stands in it alone`;
    context.onFailure(failed("updatefiles", null, "unreadable", reason));
  }
}

async function listFiles(
  client: HttpClient,
  context: SourceContext,
  { set }: RequestOf<"pubmed-files">,
): Promise<PubmedFile[]> {
  const folders: Folder[] = set === "all" ? ["baseline", "updatefiles"] : [set];
  const files: PubmedFile[] = [];
  for (const folder of folders) {
    const url = new URL(`${folder}/`, context.settings.pubmedFilesUrl);
    const { text } = await client.text({ url });
    const names = new Set([...text.matchAll(/href="(pubmed\d{2}n\d{4,}\.xml\.gz)"/g)].map(([, name = ""]) => name));
    // For some days after a new baseline there is no update file yet.
    if (names.size === 0 && !(folder === "updatefiles" && /<title>Index of/i.test(text))) {
      throw new SourceError("changed_form", url, "the listing names no file pubmedYYnNNNN.xml.gz");
    }
    for (const name of names) {
      const [, year = "", number = ""] = /^pubmed(\d{2})n(\d+)/.exec(name) ?? [];
      files.push({ folder, name, url: new URL(name, url), year: Number(year), number: Number(number) });
    }
  }
  return files;
}

interface Plan {
  files: PubmedFile[];
  /** Numbers between the first and last file that no listing names. */
  gaps: number[];
  year: number;
}

/** What is to be read of a year: everything past the cursor, and what the cursor still misses. */
function plan(files: readonly PubmedFile[], year: number, last: Cursor | null): Plan {
  const byNumber = new Map<number, PubmedFile>();
  for (const file of files) if (file.year === year) byNumber.set(file.number, file);
  const numbers = [...byNumber.keys()].sort((first, second) => first - second);
  const first = last ? last.number + 1 : (numbers[0] ?? 0);
  const highest = numbers.at(-1) ?? 0;
  const wanted = [...(last?.missing ?? [])];
  for (let number = first; number <= highest; number += 1) wanted.push(number);
  const present = wanted.flatMap((number) => byNumber.get(number) ?? []);
  return { files: present, gaps: wanted.filter((number) => !byNumber.has(number)), year };
}

async function* readFiles(
  client: HttpClient,
  context: SourceContext,
  { files, gaps, year }: Plan,
  last: Cursor | null,
): AsyncGenerator<SourceInput> {
  const missing = new Set(gaps);
  for (const number of gaps) {
    const name = `pubmed${year}n${String(number).padStart(4, "0")}.xml.gz`;
    context.onFailure(failed(name, null, "unreadable", `${name} is in no listing, though later files are`));
  }
  if (files.length === 0) context.report("nothing new: no file past the last one read");
  let highest = last?.number ?? 0;
  for (const [index, file] of files.entries()) {
    const key = `${file.folder}/${file.name}`;
    highest = Math.max(highest, file.number);
    if (context.isDone(key)) continue;
    context.report(`fetching ${file.name} (${index + 1} of ${files.length})`);
    try {
      const md5 = await readMd5(client, file);
      const { path, size } = await download(client, { url: file.url }, { md5 });
      const waiting = files.slice(index + 1).flatMap(({ number }) => (number < highest ? [number] : []));
      const cursor = { year, number: highest, missing: [...missing, ...waiting].sort((a, b) => a - b) };
      yield fetchedInput(context, { key, name: file.name, path, size, cursor });
    } catch (error) {
      missing.add(file.number);
      reportFailure(context, file.name, null, error);
    }
  }
  if (highest > 0) context.onEnd?.({ year, number: highest, missing: [...missing].sort((a, b) => a - b) });
}

/** NLM writes `MD5(pubmed26n0001.xml.gz)= <32 hex digits>`. */
async function readMd5(client: HttpClient, file: PubmedFile): Promise<string> {
  const url = new URL(`${file.url.href}.md5`);
  const { text } = await client.text({ url, textLimit: 4096 });
  const md5 = /\b[0-9a-f]{32}\b/i.exec(text)?.[0];
  if (!md5 || !text.includes(file.name)) {
    throw new SourceError("changed_form", url, `it is not of the form MD5(${file.name})= and 32 hexadecimal digits`);
  }
  return md5;
}
