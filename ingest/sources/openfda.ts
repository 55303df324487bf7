import { rm } from "node:fs/promises";
import { z } from "zod";
import { cutJson } from "../parse/json-cutter.ts";
import { openFdaRecordLimit } from "../parse/openfda.ts";
import type { SourceContext, SourceInput } from "../types.ts";
import { archiveLimits } from "./archives/extract.ts";
import { extractOnly } from "./archives/only-entry.ts";
import { failed, fetchedInput, reportFailure } from "./fetched.ts";
import { fileInput } from "./files.ts";
import { parseJson } from "./json-answer.ts";
import type { ReadSource } from "./registry-types.ts";
import { SourceError } from "./source-error.ts";
import { type Downloaded, download } from "./transport/download.ts";
import { HttpClient } from "./transport/http.ts";

const pageSize = 1000;
const downloadHost = "download.open.fda.gov";

/**
 * openFDA's drug labels: the whole bulk download (https://open.fda.gov/apis/downloads/), or what a search finds, paged by
 * the Link header because `skip` ends at 25,000 (https://open.fda.gov/apis/paging/). 240 requests a minute.
 */
export const read: ReadSource<"openfda"> = async function* (request, context, options) {
  const client = new HttpClient(context, { requestsPerSecond: 4, ...options.manners });
  try {
    if (request.search === undefined) yield* readBulk(client, context);
    else yield* readSearch(client, context, request.search);
  } finally {
    await client.close();
  }
};

const exportCursor = z.object({ exportDate: z.string() });
const bulkIndex = z.looseObject({
  results: z.looseObject({
    drug: z.looseObject({
      label: z.looseObject({
        export_date: z.iso.date(),
        total_records: z.int().nonnegative(),
        partitions: z.array(z.looseObject({ file: z.url(), records: z.int().nonnegative() })).min(1),
      }),
    }),
  }),
});

async function* readBulk(client: HttpClient, context: SourceContext): AsyncGenerator<SourceInput> {
  const url = new URL("download.json", context.settings.openfdaUrl);
  const { label } = parseJson(url, (await client.text({ url })).text, bulkIndex).results.drug;
  const { export_date: exportDate, partitions } = label;
  const last = exportCursor.safeParse(context.cursor);
  if (last.success && last.data.exportDate >= exportDate) {
    context.report(`nothing new: the newest export is of ${exportDate}`);
    return;
  }
  const records = partitions.reduce((sum, partition) => sum + partition.records, 0);
  if (records !== label.total_records) {
    const reason = `the index counts ${label.total_records} labels, its ${partitions.length} files ${records}`;
    context.onFailure(failed("download.json", null, "malformed", reason));
  }
  let isWhole = true;
  for (const [index, partition] of partitions.entries()) {
    const address = new URL(partition.file);
    const name = address.pathname.split("/").at(-1) ?? partition.file;
    const key = `${exportDate}/${name}`;
    if (context.isDone(key)) continue;
    if (address.hostname !== url.hostname && address.hostname !== downloadHost) {
      throw new SourceError("forbidden_address", url, `it names a file on another host, ${address.hostname}`);
    }
    context.report(`fetching ${name} (${index + 1} of ${partitions.length})`);
    try {
      const file = await fetchZip(client, context, address);
      const cursor = isWhole && index === partitions.length - 1 ? { exportDate } : undefined;
      yield fetchedInput(context, { key, name: name.replace(/\.zip$/i, ""), ...file, cursor });
    } catch (error) {
      isWhole = false;
      reportFailure(context, name, null, error);
    }
  }
  if (isWhole) context.onEnd?.({ exportDate });
}

async function fetchZip(client: HttpClient, context: SourceContext, url: URL): Promise<{ path: string; size: number }> {
  const packed = await download(client, { url });
  try {
    const limits = { ...archiveLimits, entryBytes: context.settings.byteLimit };
    const { path, size } = await extractOnly(packed.path, url.href, /\.json$/i, context, limits);
    return { path, size };
  } finally {
    await rm(packed.path, { force: true });
  }
}

const searchCursor = z.object({ lastUpdated: z.string() });
const searchHead = z.looseObject({
  meta: z.looseObject({
    last_updated: z.iso.date(),
    results: z.looseObject({ total: z.int().nonnegative() }),
  }),
});

async function* readSearch(client: HttpClient, context: SourceContext, search: string): AsyncGenerator<SourceInput> {
  const head = await searchTotal(client, context, search);
  if (head === null) {
    context.report("openFDA finds no label");
    return;
  }
  const last = searchCursor.safeParse(context.cursor);
  if (last.success && last.data.lastUpdated >= head.lastUpdated) {
    context.report(`nothing new: openFDA was last updated on ${head.lastUpdated}`);
    return;
  }
  let next: URL | null = searchAddress(context, search, pageSize);
  let got = 0;
  for (let page = 1; next; page += 1) {
    const name = `openfda-search-${page}.json`;
    context.report(`fetching labels ${got + 1} to ${Math.min(head.total, got + pageSize)} of ${head.total}`);
    const fetched: Downloaded = await download(client, { url: next });
    const count = await countLabels(fetched, next, name);
    got += count;
    const following = nextPage(fetched.headers, next, context);
    const isLast = got >= head.total;
    const key = `${head.lastUpdated}/${search}/${page}/${count}`;
    if (context.isDone(key)) await rm(fetched.path, { force: true });
    else {
      const cursor = isLast ? { lastUpdated: head.lastUpdated } : undefined;
      yield fetchedInput(context, { key, name, path: fetched.path, size: fetched.size, cursor });
    }
    next = got >= head.total ? null : following;
  }
  if (got < head.total) {
    const reason = `openFDA finds ${head.total} labels and gave ${got}: ${head.total - got} are missing`;
    context.onFailure(failed("openfda-search", null, "unreadable", reason));
  } else context.onEnd?.({ lastUpdated: head.lastUpdated });
}

function searchAddress(context: SourceContext, search: string, limit: number): URL {
  const url = new URL("drug/label.json", context.settings.openfdaUrl);
  url.searchParams.set("search", search);
  url.searchParams.set("limit", String(limit));
  if (context.settings.openfdaApiKey) url.searchParams.set("api_key", context.settings.openfdaApiKey);
  return url;
}

/** How many labels the search finds, and of which day the API's data are; null when it finds none. */
async function searchTotal(client: HttpClient, context: SourceContext, search: string) {
  const url = searchAddress(context, search, 1);
  try {
    const { meta } = parseJson(url, (await client.text({ url })).text, searchHead);
    return { total: meta.results.total, lastUpdated: meta.last_updated };
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    if (error.code === "not_found" && /NOT_FOUND/.test(error.body)) return null;
    if (error.status === 400) throw new SourceError("rejected", url, error.reason, { cause: error });
    throw error;
  }
}

/** The labels on a page. @throws SourceError when the page is no list of labels */
async function countLabels(fetched: Downloaded, url: URL, name: string): Promise<number> {
  let count = 0;
  for await (const cut of cutJson(fileInput(fetched.path, fetched.size, false, name).open(), openFdaRecordLimit)) {
    if (cut.kind === "element" || cut.record !== null) count += 1;
  }
  if (count > 0) return count;
  await rm(fetched.path, { force: true });
  throw new SourceError("changed_form", url, "results: the page holds no label");
}

/** The address in `Link: <…>; rel="next"` (RFC 8288), which has to stay on its host. */
function nextPage(headers: Headers, current: URL, context: SourceContext): URL | null {
  const link = /<([^>]+)>\s*;[^,]*\brel="?next"?/i.exec(headers.get("link") ?? "")?.[1];
  if (link === undefined) return null;
  const next = new URL(link, current);
  if (next.hostname !== current.hostname) {
    throw new SourceError("forbidden_address", current, `its next page is on another host, ${next.hostname}`);
  }
  // Behind its gateway the API may name its own scheme and port; the page is asked for as the first was.
  next.protocol = current.protocol;
  next.port = current.port;
  if (context.settings.openfdaApiKey) next.searchParams.set("api_key", context.settings.openfdaApiKey);
  return next;
}
