import { rm } from "node:fs/promises";
import { z } from "zod";
import type { SourceContext, SourceInput } from "../types.ts";
import { archiveLimits } from "./archives/extract.ts";
import { extractOnly } from "./archives/only-entry.ts";
import { zipEntries } from "./archives/zip.ts";
import { addDays, isoDay, later } from "./dates.ts";
import { fetchedInput, reportFailure } from "./fetched.ts";
import { parseJson } from "./json-answer.ts";
import type { ReadSource } from "./registry-types.ts";
import { SourceError } from "./source-error.ts";
import { download } from "./transport/download.ts";
import { HttpClient } from "./transport/http.ts";

const pageSize = 100; // the most the service gives
const listAttempts = 3;
const labelByteLimit = 256 * 1024 * 1024;
const missingLimit = 1000;
const cursorShape = z.object({ through: z.iso.date(), missing: z.array(z.string()).default([]) });

/**
 * DailyMed's labels (https://dailymed.nlm.nih.gov/dailymed/app-support-web-services.cfm): those published since a day,
 * named set ids, or a whole release archive (https://dailymed.nlm.nih.gov/dailymed/spl-resources-all-drug-labels.cfm).
 */
export const read: ReadSource<"dailymed"> = async function* (request, context, options) {
  const client = new HttpClient(context, { requestsPerSecond: 3, ...options.manners });
  try {
    if (request.archive !== undefined) {
      yield* readArchive(client, context, request.archive);
      return;
    }
    if (request.setIds) {
      yield* readLabels(client, context, [...new Set(request.setIds)].map(named), new Set());
      return;
    }
    const last = cursorShape.safeParse(context.cursor);
    const through = isoDay(client.manners.now());
    const since = later(request.from, last.success ? addDays(last.data.through, -1) : null);
    const labels = await listLabels(client, context, since);
    const listed = new Set(labels.map(({ setId }) => setId));
    const before = last.success ? last.data.missing.filter((setId) => !listed.has(setId)) : [];
    const missing = new Set<string>();
    yield* readLabels(client, context, [...before.map(named), ...labels], missing);
    context.onEnd?.({ through, missing: [...missing].slice(0, missingLimit) });
  } finally {
    await client.close();
  }
};

interface Label {
  setId: string;
  /** Null where only the set id is known. */
  version: number | null;
}

function named(setId: string): Label {
  return { setId, version: null };
}

/** Written as a number or as its digits; anything else, null too, is another form. */
const count = z.union([z.int().nonnegative(), z.string().regex(/^\d+$/).transform(Number)]);
const listAnswer = z.looseObject({
  metadata: z.looseObject({
    total_elements: count,
    total_pages: count,
  }),
  data: z.array(z.looseObject({ setid: z.string().min(1), spl_version: count })),
});

/**
 * All labels published since a day. A label published meanwhile shifts the pages, so a list that does not come out whole
 * is read again. @throws SourceError when it never does
 */
async function listLabels(client: HttpClient, context: SourceContext, since: string | null): Promise<Label[]> {
  let shortfall = "";
  for (let attempt = 1; attempt <= listAttempts; attempt += 1) {
    const labels = new Map<string, Label>();
    let total = 0;
    let pages = 1;
    for (let page = 1; page <= pages; page += 1) {
      const { metadata, data } = await listPage(client, context, since, page);
      total = metadata.total_elements;
      pages = metadata.total_pages;
      for (const { setid, spl_version } of data) labels.set(setid, { setId: setid, version: spl_version });
      context.report(`listed ${labels.size} of ${total} labels${since ? ` published since ${since}` : ""}`);
    }
    if (labels.size >= total) return [...labels.values()];
    shortfall = `${labels.size} of ${total} labels were listed`;
    if (attempt < listAttempts) context.report(`${shortfall}; listing again`);
  }
  throw new SourceError("changed_form", serviceAddress(context), `metadata.total_elements: ${shortfall}, each time`);
}

function serviceAddress(context: SourceContext): URL {
  return new URL("services/v2/spls.json", context.settings.dailymedUrl);
}

async function listPage(client: HttpClient, context: SourceContext, since: string | null, page: number) {
  const url = serviceAddress(context);
  url.searchParams.set("pagesize", String(pageSize));
  url.searchParams.set("page", String(page));
  if (since) {
    url.searchParams.set("published_date", since);
    url.searchParams.set("published_date_comparison", "gte");
  }
  return parseJson(url, (await client.text({ url })).text, listAnswer);
}

async function* readLabels(
  client: HttpClient,
  context: SourceContext,
  labels: readonly Label[],
  missing: Set<string>,
): AsyncGenerator<SourceInput> {
  for (const [index, { setId, version }] of labels.entries()) {
    context.signal.throwIfAborted();
    const key = version === null ? setId : `${setId}/${version}`;
    if (context.isDone(key)) continue;
    const name = `${setId}.xml`;
    const url = new URL("downloadzipfile.cfm", context.settings.dailymedUrl);
    url.searchParams.set("setId", setId);
    context.report(`fetching label ${index + 1} of ${labels.length}`);
    try {
      const packed = await download(client, { url });
      const { path, size } = await unpackLabel(packed.path, url.href, context);
      yield fetchedInput(context, { key, name, path, size });
    } catch (error) {
      if (!(error instanceof SourceError && error.code === "not_found")) missing.add(setId);
      reportFailure(context, name, setId, error);
    }
  }
}

/** A label's zip holds one XML beside its pictures; the zip is removed whatever comes of it. */
async function unpackLabel(path: string, archive: string, context: SourceContext) {
  const limits = { ...archiveLimits, entryBytes: Math.min(labelByteLimit, context.settings.byteLimit) };
  try {
    return await extractOnly(path, archive, /\.xml$/i, context, limits);
  } finally {
    await rm(path, { force: true });
  }
}

/** A release archive is a zip of labels' zips; nothing is looked for deeper than that. */
async function* readArchive(client: HttpClient, context: SourceContext, archive: string): AsyncGenerator<SourceInput> {
  const url = new URL(archive, releaseFolder(context));
  context.report(`fetching ${archive}`);
  const packed = await download(client, { url });
  let labels = 0;
  try {
    const limits = { ...archiveLimits, entryBytes: context.settings.byteLimit };
    for await (const entry of zipEntries(packed.path, archive, context.directory, limits, context.signal)) {
      if (!/\.zip$/i.test(entry.name)) continue;
      labels += 1;
      const key = `${archive}/${entry.name}:${entry.crc.toString(16)}`;
      if (context.isDone(key)) continue;
      const name = `${entry.name
        .split("/")
        .at(-1)
        ?.replace(/\.zip$/i, "")}.xml`;
      try {
        const inner = await entry.extract();
        const { path, size } = await unpackLabel(inner.path, `${archive}/${entry.name}`, context);
        yield fetchedInput(context, { key, name, path, size });
      } catch (error) {
        reportFailure(context, `${archive}/${entry.name}`, null, error);
      }
    }
    if (labels === 0) throw new SourceError("changed_form", url, "the archive holds no label's zip");
  } finally {
    await rm(packed.path, { force: true });
  }
}

/** Release archives lie on a host of their own. */
function releaseFolder(context: SourceContext): URL {
  const service = new URL(context.settings.dailymedUrl);
  if (service.hostname === "dailymed.nlm.nih.gov") service.hostname = "dailymed-data.nlm.nih.gov";
  return new URL("/public-release-files/", service);
}
