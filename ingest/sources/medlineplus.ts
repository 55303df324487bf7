import { rm } from "node:fs/promises";
import { z } from "zod";
import { archiveLimits } from "./archives/extract.ts";
import { extractOnly } from "./archives/only-entry.ts";
import { fetchedInput } from "./fetched.ts";
import type { ReadSource } from "./registry-types.ts";
import { SourceError } from "./source-error.ts";
import { download } from "./transport/download.ts";
import { HttpClient } from "./transport/http.ts";

const cursorShape = z.object({ date: z.iso.date() });

/**
 * MedlinePlus' newest file of health topics (https://medlineplus.gov/xml.html; published Tuesday to Saturday). Nothing
 * when it is the one the last run read.
 */
export const read: ReadSource<"medlineplus"> = async function* (_request, context, options) {
  const client = new HttpClient(context, { requestsPerSecond: 1, ...options.manners });
  try {
    const index = new URL("xml.html", context.settings.medlineplusUrl);
    const { text, url } = await client.text({ url: index });
    const newest = newestFile(text, url);
    const last = cursorShape.safeParse(context.cursor);
    if (last.success && last.data.date >= newest.date) {
      context.report(`nothing new: the newest file of topics is of ${newest.date}`);
      return;
    }
    const name = `mplus_topics_${newest.date}.xml`;
    if (context.isDone(name)) return;
    if (newest.address.hostname !== index.hostname) {
      throw new SourceError("forbidden_address", index, `it names a file on another host, ${newest.address.hostname}`);
    }
    context.report(`fetching the health topics of ${newest.date}`);
    const fetched = await download(client, { url: newest.address });
    const file = newest.isZip ? await unzip(fetched.path) : fetched;
    yield fetchedInput(context, { key: name, name, ...pathAndSize(file), cursor: { date: newest.date } });

    async function unzip(path: string) {
      const limits = { ...archiveLimits, entryBytes: context.settings.byteLimit };
      try {
        return await extractOnly(path, newest.address.href, /\.xml$/i, context, limits);
      } finally {
        await rm(path, { force: true });
      }
    }
  } finally {
    await client.close();
  }
};

function pathAndSize({ path, size }: { path: string; size: number }) {
  return { path, size };
}

/** The newest day's file; its zip where there is one. */
function newestFile(html: string, index: URL): { date: string; address: URL; isZip: boolean } {
  const pattern = /(?:href\s*=\s*["'])([^"']*mplus_topics(_compressed)?_(\d{4}-\d{2}-\d{2})\.(?:xml|zip))["']/gi;
  const found = [...html.matchAll(pattern)].map(([, href = "", zip, date = ""]) => ({
    date,
    address: new URL(href, index),
    isZip: zip !== undefined,
  }));
  found.sort((first, second) => second.date.localeCompare(first.date) || Number(second.isZip) - Number(first.isZip));
  const newest = found[0];
  if (!newest) {
    throw new SourceError("changed_form", index, "the page names no file mplus_topics_YYYY-MM-DD.xml or its zip");
  }
  return newest;
}
