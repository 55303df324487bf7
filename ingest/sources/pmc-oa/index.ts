import { z } from "zod";
import type { SourceContext, SourceInput } from "../../types.ts";
import { addDays, isoDay, later } from "../dates.ts";
import { eutilsManners } from "../eutils.ts";
import { failed, fetchedInput, reportFailure } from "../fetched.ts";
import type { ReadSource } from "../registry-types.ts";
import { SourceError } from "../source-error.ts";
import { HttpClient } from "../transport/http.ts";
import { cloudArticles } from "./cloud.ts";
import { serviceArticles } from "./service.ts";
import type { Article } from "./types.ts";

const cursorShape = z.object({ through: z.iso.date(), missing: z.array(z.string()).default([]) });
const missingLimit = 1000;
/** Amazon's object store bears thousands a second; this is below what one reader can use. */
const bucketRequestsPerSecond = 50;

/**
 * PMC's open-access subset, one JATS file an article. From PMC's cloud bucket, or, where the address ends in `oa.fcgi`,
 * from the older OA web service, which NCBI retired in August 2026 and mirrors may still offer.
 */
export const read: ReadSource<"pmc-oa"> = async function* (request, context, options) {
  const address = new URL(context.settings.pmcOaUrl);
  const isService = address.pathname.endsWith("oa.fcgi");
  const client = new HttpClient(context, {
    ...eutilsManners(context, options.manners),
    rateFor: ({ hostname }) => (hostname.endsWith(".amazonaws.com") ? bucketRequestsPerSecond : undefined),
  });
  const articles = isService ? serviceArticles : cloudArticles;
  try {
    if (request.ids) {
      yield* readArticles(context, articles(client, context, { ids: [...new Set(request.ids)] }), new Set());
      return;
    }
    const last = cursorShape.safeParse(context.cursor);
    const today = isoDay(client.manners.now());
    const from = later(request.from, last.success ? addDays(last.data.through, -1) : null) ?? "1900-01-01";
    const until = request.until !== undefined && request.until < today ? request.until : today;
    const missing = new Set<string>();
    const before = last.success ? last.data.missing : [];
    if (before.length > 0) yield* readArticles(context, articles(client, context, { ids: before }), missing);
    if (from <= until) yield* readArticles(context, articles(client, context, { from, until }), missing);
    context.onEnd?.({ through: until, missing: [...missing].slice(0, missingLimit) });
  } finally {
    await client.close();
  }
};

async function* readArticles(
  context: SourceContext,
  articles: AsyncIterable<Article>,
  missing: Set<string>,
): AsyncGenerator<SourceInput> {
  for await (const article of articles) {
    context.signal.throwIfAborted();
    const name = `${article.id}.nxml`;
    if (article.absence !== undefined) {
      context.onFailure(failed(name, article.id, "unreadable", article.absence));
      continue;
    }
    if (context.isDone(article.id)) continue;
    context.report(`fetching ${article.id}`);
    try {
      const { path, size, isRetracted = article.isRetracted } = await article.fetch();
      const note = "Retracted, as PubMed Central lists it.";
      const standing = isRetracted ? { status: "retracted" as const, note } : undefined;
      yield fetchedInput(context, { key: article.id, name, path, size, standing });
    } catch (error) {
      if (!(error instanceof SourceError && error.code === "not_found")) missing.add(article.id);
      reportFailure(context, name, article.id, error);
    }
  }
}
