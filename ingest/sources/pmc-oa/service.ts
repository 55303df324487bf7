import { rm } from "node:fs/promises";
import { childrenOf, descendants, find, rawText, type XmlElement } from "../../parse/xml/tree.ts";
import type { SourceContext } from "../../types.ts";
import { archiveLimits } from "../archives/extract.ts";
import { extractFromTarball } from "../archives/tar.ts";
import { SourceError } from "../source-error.ts";
import { download } from "../transport/download.ts";
import type { HttpClient } from "../transport/http.ts";
import { parseXmlAnswer } from "../xml-answer.ts";
import type { Article, Wanted } from "./types.ts";

/** The service names its packages by FTP on this host, which gives the same files over https. */
const packageHost = "ftp.ncbi.nlm.nih.gov";
/** Errors that are word of an article, not of the request. */
const absences = new Set(["idIsNotOpenAccess", "idDoesNotExist", "cannotDisseminateFormat"]);

/** Articles by the OA web service: https://pmc.ncbi.nlm.nih.gov/tools/oa-service/. Pages of 1,000, by resumption token. */
export async function* serviceArticles(
  client: HttpClient,
  context: SourceContext,
  wanted: Wanted,
): AsyncGenerator<Article> {
  if ("ids" in wanted) {
    for (const id of wanted.ids) {
      if (context.isDone(id)) continue;
      yield* page(await ask(client, context, { id, format: "tgz" }), client, context, id);
    }
    return;
  }
  const until = `${wanted.until} 23:59:59`;
  let answer = await ask(client, context, { from: wanted.from, until, format: "tgz" });
  const total = Number(find(answer.root, "records")?.attributes["total-count"] ?? "NaN");
  let got = 0;
  const tokens = new Set<string>();
  for (;;) {
    for (const article of page(answer, client, context, null)) {
      got += 1;
      yield article;
    }
    const link = descendants(answer.root, "resumption").flatMap((element) => childrenOf(element, "link"))[0];
    const token = link?.attributes.token;
    if (!token) break;
    if (tokens.has(token)) throw new SourceError("changed_form", answer.url, "resumption: the same token came twice");
    tokens.add(token);
    answer = await ask(client, context, { resumptionToken: token });
  }
  if (Number.isFinite(total) && got < total) {
    const reason = `records: ${got} of ${total} were given`;
    throw new SourceError("changed_form", answer.url, reason);
  }
}

interface Answer {
  root: XmlElement;
  url: URL;
}

async function ask(client: HttpClient, context: SourceContext, parameters: Record<string, string>): Promise<Answer> {
  const url = new URL(context.settings.pmcOaUrl);
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return { root: parseXmlAnswer(url, (await client.text({ url })).text, "OA"), url };
}

function* page(
  { root, url }: Answer,
  client: HttpClient,
  context: SourceContext,
  id: string | null,
): Generator<Article> {
  const error = find(root, "error");
  if (error) {
    const { code = "" } = error.attributes;
    const reason = `the OA service says ${code}: ${rawText(error).trim()}`;
    if (code === "noRecordsMatch") return;
    if (id === null || !absences.has(code)) throw new SourceError("rejected", url, reason);
    yield { id, absence: reason, isRetracted: false, fetch: () => Promise.reject(new Error(reason)) };
    return;
  }
  const records = find(root, "records");
  if (!records) throw new SourceError("changed_form", url, "records: the answer has neither records nor an error");
  for (const record of childrenOf(records, "record")) yield articleOf(record, url, client, context);
}

function articleOf(record: XmlElement, url: URL, client: HttpClient, context: SourceContext): Article {
  const { id = "", retracted } = record.attributes;
  if (!/^PMC\d+$/.test(id)) throw new SourceError("changed_form", url, `record.id: "${id}" is no PMC id`);
  const isRetracted = retracted === "yes";
  const link = childrenOf(record, "link").find(({ attributes }) => attributes.format === "tgz");
  const href = link?.attributes.href;
  if (href === undefined) {
    const absence = `record ${id}: the OA service lists no tgz package of it`;
    return { id, absence, isRetracted, fetch: () => Promise.reject(new Error(absence)) };
  }
  return { id, isRetracted, fetch: () => fetchPackage(id, packageAddress(href, id, url), client, context) };
}

function packageAddress(href: string, id: string, service: URL): URL {
  const address = URL.canParse(href) ? new URL(href.replace(/^ftp:/i, service.protocol)) : null;
  if (!address) throw new SourceError("changed_form", service, `record ${id}, link.href: "${href}" is no address`);
  if (address.hostname !== service.hostname && address.hostname !== packageHost) {
    throw new SourceError("forbidden_address", service, `record ${id} links to another host, ${address.hostname}`);
  }
  return address;
}

async function fetchPackage(id: string, url: URL, client: HttpClient, context: SourceContext) {
  const { byteLimit } = context.settings;
  const packed = await download(client, { url });
  try {
    const limits = { ...archiveLimits, entryBytes: Math.min(byteLimit, 256 * 1024 * 1024), totalBytes: byteLimit };
    const isArticle = (name: string) => name.toLowerCase().endsWith(".nxml");
    const found = await extractFromTarball(packed.path, url.href, context.directory, isArticle, limits, context.signal);
    if (found) return { path: found.path, size: found.size };
    throw new SourceError("changed_form", url, `the package of ${id} holds no .nxml file`);
  } finally {
    await rm(packed.path, { force: true });
  }
}
