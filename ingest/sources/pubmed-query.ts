import { createHash } from "node:crypto";
import { z } from "zod";
import type { SourceContext, SourceInput } from "../types.ts";
import { addDays, isoDay, later } from "./dates.ts";
import { Eutils, eutilsManners, type Found, searchInParts } from "./eutils.ts";
import { failed, fetchedInput } from "./fetched.ts";
import type { ReadSource, RequestOf } from "./registry-types.ts";
import { HttpClient } from "./transport/http.ts";

const pageSize = 500;
const cursorShape = z.object({ through: z.iso.date() });

/**
 * What a PubMed query finds, oldest change first. A later run goes on from the day before the last one's end, since a
 * day's records keep coming. By date of publication there is nothing to go on from: old issues are added all the time.
 */
export const read: ReadSource<"pubmed-query"> = async function* (request, context, options) {
  const client = new HttpClient(context, eutilsManners(context, options.manners));
  const eutils = new Eutils(client, context);
  try {
    const span = spanOf(request, context, isoDay(client.manners.now()));
    if (span.from > span.until) {
      context.report(`nothing to read: ${span.from} is after ${span.until}`);
      return;
    }
    const search = { db: "pubmed", term: request.query, dateType: request.dateType, ...span } as const;
    for await (const found of searchInParts(eutils, context, search)) {
      yield* readPages(eutils, context, found, request.dateType !== "pdat");
    }
    if (request.dateType !== "pdat") context.onEnd?.({ through: span.until });
  } finally {
    await client.close();
  }
};

function spanOf(request: RequestOf<"pubmed-query">, context: SourceContext, today: string) {
  if (request.dateType === "pdat") {
    // Issues carry dates to come.
    return { from: request.from ?? "1700-01-01", until: request.until ?? addDays(today, 3 * 365) };
  }
  const last = cursorShape.safeParse(context.cursor);
  const from = later(request.from, last.success ? addDays(last.data.through, -1) : null) ?? "1900-01-01";
  const until = request.until !== undefined && request.until < today ? request.until : today;
  return { from, until };
}

async function* readPages(
  eutils: Eutils,
  context: SourceContext,
  found: Found,
  hasCursor: boolean,
): AsyncGenerator<SourceInput> {
  const { dateType, from, until, second, count } = found;
  const where = [dateType, from, until, ...(second ? [second.from, second.until] : [])].join("_");
  // A day cut by a second date is complete with its last part only, which no part knows of itself.
  const cursor = hasCursor && !second ? { through: until } : undefined;
  for (let start = 0; start < count; start += pageSize) {
    const ids = found.ids.slice(start, start + pageSize);
    const name = `pubmed_${where}_${start + 1}-${start + ids.length}_of_${count}.xml`;
    const key = `${name}:${digest([found.term, ...ids])}`;
    if (context.isDone(key)) continue;
    context.report(`fetching PubMed records ${start + 1} to ${start + ids.length} of ${count}, ${from} to ${until}`);
    const { path, size, got } = await eutils.fetchPage(found, start, ids);
    for (const id of ids.filter((wanted) => !got.has(wanted))) {
      context.onFailure(failed(name, id, "unreadable", `PubMed finds record ${id} and does not give it`));
    }
    const isLast = start + pageSize >= count;
    yield fetchedInput(context, { key, name, path, size, cursor: isLast ? cursor : undefined });
  }
}

function digest(parts: readonly string[]): string {
  return createHash("sha256").update(parts.join("\n")).digest("hex").slice(0, 16);
}
