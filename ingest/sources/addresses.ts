import { open } from "node:fs/promises";
import type { SourceType } from "#lib/domain.ts";
import { formatOf } from "../parse/index.ts";
import { fetchedInput, reportFailure } from "./fetched.ts";
import type { ReadSource } from "./registry-types.ts";
import { SourceError } from "./source-error.ts";
import { type AddressRules, checkAddress, guardedConnector } from "./transport/addresses.ts";
import { download } from "./transport/download.ts";
import { HttpClient } from "./transport/http.ts";
import { defaultManners } from "./transport/manners.ts";

/**
 * Documents by address. Only allowed hosts are asked, and only where they lead to the public internet, at every
 * redirect anew. An address that cannot be had is a failure of its own; the others go on.
 */
export const read: ReadSource<"addresses"> = async function* (request, context, options) {
  const rules: AddressRules = {
    allowedHosts: context.settings.allowedHosts,
    allowLoopback: options.allowLoopback,
    resolve: options.resolve,
  };
  const manners = { ...defaultManners, requestsPerSecond: 1, ...options.manners };
  const client = new HttpClient(context, {
    ...manners,
    check: (url) => checkAddress(url, rules),
    mayFollowTo: () => true,
    connect: guardedConnector(rules, manners.idleMs),
  });
  try {
    for (const address of new Set(request.urls)) {
      context.signal.throwIfAborted();
      if (context.isDone(address)) continue;
      const url = new URL(address);
      context.report(`fetching ${url.host}${url.pathname}`);
      try {
        let name = "";
        const check = async (path: string) => {
          name = await nameOf(url, path, context.sourceType);
        };
        const { path, size } = await download(client, { url }, { check });
        yield fetchedInput(context, { key: address, name, path, size });
      } catch (error) {
        context.signal.throwIfAborted();
        if (!(error instanceof SourceError)) throw error;
        const isOutage = error.code === "busy" || error.code === "unreachable";
        const own = isOutage ? new SourceError("refused", error.asked, error.reason, { cause: error }) : error;
        reportFailure(context, address, null, own);
      }
    }
  } finally {
    await client.close();
  }
};

const endings = { pdf: ".pdf", xml: ".xml", json: ".json" } as const;

/** The file's name, from the address, with the ending of what the bytes are. @throws SourceError when they do not fit */
async function nameOf(url: URL, path: string, sourceType: SourceType): Promise<string> {
  const kind = await sniff(path);
  const last = decoded(url.pathname.split("/").at(-1) ?? "") || url.hostname;
  if (kind === "html" || kind === "empty") {
    throw new SourceError("changed_form", url, kind === "html" ? "it is a web page, no document" : "it is empty");
  }
  const isNamedRight = formatOf(sourceType, last) !== null;
  if (kind === "gzip" || kind === "other") {
    if (isNamedRight && (kind === "gzip") === last.toLowerCase().endsWith(".gz")) return last;
    throw new SourceError("changed_form", url, `its content is none that a ${sourceType} collection is read from`);
  }
  const named = isNamedRight && matches(kind, last) ? last : `${last}${endings[kind]}`;
  if (formatOf(sourceType, named) === null) {
    throw new SourceError("changed_form", url, `it is ${kind}, which a ${sourceType} collection is not read from`);
  }
  return named;
}

function matches(kind: keyof typeof endings, name: string): boolean {
  const ending = /\.[a-z]+$/.exec(name.toLowerCase())?.[0] ?? "";
  if (kind === "json") return [".json", ".ndjson", ".jsonl"].includes(ending);
  return kind === "xml" ? [".xml", ".nxml"].includes(ending) : ending === ".pdf";
}

/** A PDF may have up to 1,024 bytes before its mark (ISO 32000-1, annex H.3). */
async function sniff(path: string): Promise<keyof typeof endings | "html" | "gzip" | "other" | "empty"> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(1024), 0, 1024, 0);
    const head = buffer.subarray(0, bytesRead).toString("latin1");
    const text = head.replace(/^\u00ef\u00bb\u00bf/, "").trimStart();
    if (text === "") return "empty";
    if (head.startsWith("\u001f\u008b")) return "gzip";
    if (/^<(!doctype html|html)/i.test(text)) return "html";
    if (head.includes("%PDF-")) return "pdf";
    if (text.startsWith("<")) return /<html[\s>]/i.test(text) ? "html" : "xml";
    return /^[[{]/.test(text) ? "json" : "other";
  } finally {
    await file.close();
  }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
      .replace(/[\\/\0]/g, "_")
      .slice(-200);
  } catch (error) {
    if (error instanceof URIError) return part; // a stray percent sign: the name as it stands
    throw error;
  }
}
