import { z } from "zod";
import { descendants, rawText } from "../../parse/xml/tree.ts";
import type { SourceContext } from "../../types.ts";
import { Eutils, searchInParts } from "../eutils.ts";
import { parseJson } from "../json-answer.ts";
import { SourceError } from "../source-error.ts";
import { download } from "../transport/download.ts";
import type { HttpClient } from "../transport/http.ts";
import { parseXmlAnswer } from "../xml-answer.ts";
import type { Article, Wanted } from "./types.ts";

const metadata = z.looseObject({
  pmcid: z.string(),
  is_pmc_openaccess: z.boolean(),
  is_retracted: z.boolean(),
  xml_url: z.string().nullish(),
});

/**
 * Articles of PMC's cloud service (https://pmc.ncbi.nlm.nih.gov/tools/pmcaws/): a bucket of `metadata/PMC1.1.json`, whose
 * `xml_url` names the JATS file and its MD5. The bucket knows no dates; which articles changed is asked of ESearch.
 */
export async function* cloudArticles(
  client: HttpClient,
  context: SourceContext,
  wanted: Wanted,
): AsyncGenerator<Article> {
  if ("ids" in wanted) {
    for (const id of wanted.ids) if (!context.isDone(id)) yield await articleOf(id, client, context);
    return;
  }
  const search = { db: "pmc", term: '"open access"[filter]', dateType: "mdat", ...wanted } as const;
  for await (const { ids } of searchInParts(new Eutils(client, context), context, search)) {
    for (const id of ids) {
      if (!context.isDone(`PMC${id}`)) yield await articleOf(`PMC${id}`, client, context);
    }
  }
}

async function articleOf(id: string, client: HttpClient, context: SourceContext): Promise<Article> {
  const absent = (absence: string): Article => ({
    id,
    absence,
    isRetracted: false,
    fetch: () => Promise.reject(new Error(absence)),
  });
  const versions = await versionsOf(id, client, context);
  if (versions.length === 0) return absent(`${id} is not in PMC's article datasets: withdrawn, or never part of them`);
  for (const version of versions) {
    const url = new URL(`metadata/${id}.${version}.json`, bucketOf(context));
    const described = parseJson(url, (await client.text({ url })).text, metadata);
    if (described.pmcid !== id) throw new SourceError("changed_form", url, `pmcid: is ${described.pmcid}, not ${id}`);
    if (!described.is_pmc_openaccess || !described.xml_url) continue;
    const { address, md5 } = fileOf(described.xml_url, id, version, url, context);
    return { id, isRetracted: described.is_retracted, fetch: () => download(client, { url: address }, { md5 }) };
  }
  return absent(`${id} has no open-access version with full text in PMC's article datasets`);
}

/** Versions that have metadata, newest first. */
async function versionsOf(id: string, client: HttpClient, context: SourceContext): Promise<number[]> {
  const url = bucketOf(context);
  url.searchParams.set("list-type", "2");
  url.searchParams.set("prefix", `metadata/${id}.`);
  const root = parseXmlAnswer(url, (await client.text({ url })).text, "ListBucketResult");
  const keys = descendants(root, "Key").map((key) => rawText(key));
  const versions = keys.flatMap((key) => /^metadata\/PMC\d+\.(\d+)\.json$/.exec(key)?.[1] ?? []);
  return versions.map(Number).sort((first, second) => second - first);
}

/** `s3://pmc-oa-opendata/PMC1.1/PMC1.1.xml?md5=…` as an address within the bucket that is asked. */
function fileOf(s3: string, id: string, version: number, described: URL, context: SourceContext) {
  const [, path, md5] = /^s3:\/\/[^/]+\/([^?]+)(?:\?md5=([0-9a-f]{32}))?$/i.exec(s3) ?? [];
  if (path === undefined || !path.startsWith(`${id}.${version}/`) || path.includes("..")) {
    throw new SourceError("changed_form", described, `xml_url: "${s3}" is no file of ${id}.${version}`);
  }
  return { address: new URL(path, bucketOf(context)), md5 };
}

function bucketOf(context: SourceContext): URL {
  return new URL(context.settings.pmcOaUrl);
}
