import { readFile } from "node:fs/promises";
import { z } from "zod";
import type { SourceContext } from "../types.ts";
import { addDays, daysBetween, splitDays } from "./dates.ts";
import { failed } from "./fetched.ts";
import { parseJson } from "./json-answer.ts";
import { SourceError } from "./source-error.ts";
import { type Downloaded, download } from "./transport/download.ts";
import type { HttpClient, TextAnswer } from "./transport/http.ts";
import type { Manners } from "./transport/manners.ts";

/** ESearch shows PubMed's first 9,999 records of a search and no more (https://www.ncbi.nlm.nih.gov/books/NBK25499/). */
export const searchLimit = 9_999;
/** Parts are aimed at below the limit, because records are not spread evenly over days. */
const aimedCount = 6_000;

export interface Search {
  db: "pubmed" | "pmc";
  term: string;
  dateType: "mdat" | "edat" | "pdat";
  /** ISO days, both included. */
  from: string;
  until: string;
  /** A second span of dates, for a day that holds more than can be shown; part of the term. */
  second?: { field: "edat" | "pdat"; from: string; until: string };
}

export interface Found extends Search {
  count: number;
  ids: string[];
  webEnv: string | null;
  queryKey: string | null;
}

const searchAnswer = z.looseObject({
  error: z.string().optional(),
  esearchresult: z
    .looseObject({
      ERROR: z.string().optional(),
      count: z.string().regex(/^\d+$/).optional(),
      idlist: z.array(z.string().regex(/^\d+$/)).optional(),
      webenv: z.string().optional(),
      querykey: z.string().optional(),
      errorlist: z
        .looseObject({
          phrasesnotfound: z.array(z.string()).optional(),
          fieldsnotfound: z.array(z.string()).optional(),
        })
        .optional(),
    })
    .optional(),
});

/** E-utilities' manners: 3 requests a second, 10 with a key (https://www.ncbi.nlm.nih.gov/books/NBK25497/). */
export function eutilsManners(context: SourceContext, manners: Partial<Manners> = {}): Partial<Manners> {
  return { requestsPerSecond: context.settings.ncbiApiKey ? 10 : 3, ...manners };
}

/** NCBI's Entrez programming utilities, as far as they are needed: ESearch and EFetch over the history server. */
export class Eutils {
  readonly #client: HttpClient;
  readonly #context: SourceContext;

  constructor(client: HttpClient, context: SourceContext) {
    this.#client = client;
    this.#context = context;
  }

  /** Searches, keeping the result on the history server. Ids are all there when `count` is within `searchLimit`. */
  async search(search: Search): Promise<Found> {
    const url = new URL("esearch.fcgi", this.#context.settings.eutilsUrl);
    const form = this.#form({
      db: search.db,
      term: termOf(search),
      datetype: search.dateType,
      mindate: slashed(search.from),
      maxdate: slashed(search.until),
      usehistory: "y",
      retmode: "json",
      retmax: String(searchLimit),
    });
    let found: Found | null = null;
    await this.#client.text({ url, form }, (answer) => {
      found = this.#readSearch(answer, search);
    });
    if (!found) throw new SourceError("changed_form", url, "esearchresult: no answer was read");
    return found;
  }

  #readSearch(answer: TextAnswer, search: Search): Found {
    const { url } = answer;
    const { error, esearchresult: result } = parseJson(url, answer.text, searchAnswer);
    const complaint = error ?? result?.ERROR;
    if (complaint) {
      const isPassing = /rate limit|backend failed|temporar|timed? ?out/i.test(complaint);
      throw new SourceError(isPassing ? "busy" : "rejected", url, `E-utilities says: ${complaint}`, { isPassing });
    }
    const missing = (field: string) => new SourceError("changed_form", url, `esearchresult.${field}: is missing`);
    if (!result) throw new SourceError("changed_form", url, "esearchresult: is missing");
    if (result.count === undefined) throw missing("count");
    if (result.idlist === undefined) throw missing("idlist");
    const { phrasesnotfound: phrases = [], fieldsnotfound: fields = [] } = result.errorlist ?? {};
    const unknown = [...phrases, ...fields];
    if (unknown.length > 0)
      this.#context.report(`${search.db} does not know, and searches without: ${unknown.join(", ")}`);
    const count = Number(result.count);
    if (count <= searchLimit && result.idlist.length !== count) {
      throw new SourceError("changed_form", url, `esearchresult.idlist: holds ${result.idlist.length} of ${count} ids`);
    }
    const { webenv = null, querykey = null } = result;
    if (count > 0 && (webenv === null || querykey === null)) throw missing(webenv === null ? "webenv" : "querykey");
    return { ...search, count, ids: result.idlist, webEnv: webenv, queryKey: querykey };
  }

  /**
   * The records `start` to `start + ids.length` of a search, as PubMed XML in a file. A history that has expired is
   * searched anew; when the result has changed meanwhile, the records are asked for by their ids.
   */
  async fetchPage(found: Found, start: number, ids: readonly string[]): Promise<Downloaded & { got: Set<string> }> {
    const range = { retstart: String(start), retmax: String(ids.length) };
    for (let again = 0; again < 2; again += 1) {
      try {
        return await this.#fetch({
          db: found.db,
          WebEnv: found.webEnv ?? "",
          query_key: found.queryKey ?? "",
          ...range,
        });
      } catch (error) {
        if (!isExpiredHistory(error)) throw error;
        this.#context.report("the search has expired on NCBI's history server; searching again");
        const renewed = await this.search(found);
        if (renewed.ids.slice(start, start + ids.length).join() !== ids.join()) break;
        Object.assign(found, { webEnv: renewed.webEnv, queryKey: renewed.queryKey });
      }
    }
    return await this.#fetch({ db: found.db, id: ids.join(",") });
  }

  async #fetch(parameters: Record<string, string>): Promise<Downloaded & { got: Set<string> }> {
    const url = new URL("efetch.fcgi", this.#context.settings.eutilsUrl);
    const form = this.#form({ ...parameters, retmode: "xml" });
    let got = new Set<string>();
    const check = async (path: string) => {
      got = readPage(url, await readFile(path, "utf8"));
    };
    return { ...(await download(this.#client, { url, form }, { check })), got };
  }

  #form(parameters: Record<string, string>): URLSearchParams {
    const { ncbiApiKey, contactEmail } = this.#context.settings;
    return new URLSearchParams({
      ...parameters,
      tool: "probatum",
      ...(contactEmail && { email: contactEmail }),
      ...(ncbiApiKey && { api_key: ncbiApiKey }),
    });
  }
}

/** The PMIDs of a page. @throws SourceError for an error in the body, another document, or one that is cut short */
function readPage(url: URL, xml: string): Set<string> {
  const set = /<(PubmedArticleSet|PubmedBookArticleSet)[\s>/]/.exec(xml.slice(0, 4096))?.[1];
  const complaint = /<ERROR>([\s\S]*?)<\/ERROR>/i.exec(set ? xml.slice(-2048) : xml.slice(0, 8192))?.[1]?.trim();
  if (complaint) {
    const isPassing = !isExpired(complaint) && !/invalid|unsupported|not supported/i.test(complaint);
    throw new SourceError("rejected", url, `E-utilities says: ${complaint}`, { isPassing });
  }
  if (!set) {
    const reason = `the answer is no PubmedArticleSet; it begins with ${xml.slice(0, 60).replace(/\s+/g, " ")}`;
    throw new SourceError("changed_form", url, reason, {
      isPassing: /^\s*(\{"error|<html|$)/i.test(xml.slice(0, 200)),
    });
  }
  if (!new RegExp(`</${set}>\\s*$|<${set}[^>]*/>\\s*$`).test(xml.slice(-200))) {
    throw new SourceError("unreachable", url, `the answer is cut short: </${set}> is missing`, { isPassing: true });
  }
  const records = xml.matchAll(/<Pubmed(?:Book)?Article>[\s\S]*?<PMID[^>]*>\s*(\d+)\s*<\/PMID>/g);
  return new Set([...records].map(([, id = ""]) => id));
}

function isExpired(complaint: string): boolean {
  return /obtain query|history data|webenv|query_?key/i.test(complaint);
}

function isExpiredHistory(error: unknown): boolean {
  return error instanceof SourceError && (isExpired(error.reason) || (error.status === 400 && isExpired(error.body)));
}

/**
 * The search as one result, or as several over parts of its days (and, within one day, of a second date) where it finds
 * more than ESearch shows. What the parts lack against the whole is reported as a failure.
 * @returns how many records the parts hold
 */
export async function* searchInParts(
  eutils: Eutils,
  context: SourceContext,
  search: Search,
): AsyncGenerator<Found, number> {
  const found = await eutils.search(search);
  if (found.count <= searchLimit) {
    yield found;
    return found.count;
  }
  const parts = partsOf(search, found.count);
  context.report(`${found.count} records from ${search.from} to ${search.until}: searching in ${parts.length} parts`);
  let got = 0;
  for (const part of parts) got += yield* searchInParts(eutils, context, part);
  if (got < found.count) {
    const where = `${search.db} ${search.dateType} ${search.from} to ${search.until}`;
    const reason = `the search finds ${found.count} records, its parts ${got}: ${found.count - got} have no date to ask by`;
    context.onFailure(failed(where, null, "unreadable", reason));
  }
  return got;
}

function partsOf(search: Search, count: number): Search[] {
  const pieces = Math.ceil(count / aimedCount);
  if (daysBetween(search.from, search.until) > 1) {
    return splitDays(search.from, search.until, pieces).map((span) => ({ ...search, ...span }));
  }
  const field = search.dateType === "edat" ? "pdat" : "edat";
  const second = search.second ?? { field, from: "1700-01-01", until: addDays(search.until, 3 * 365) };
  if (daysBetween(second.from, second.until) > 1) {
    return splitDays(second.from, second.until, pieces).map((span) => ({ ...search, second: { field, ...span } }));
  }
  const reason = `${count} records share ${search.dateType} ${search.from} and ${second.field} ${second.from}, and only ${searchLimit} can be had; narrow the query`;
  throw new SourceError("rejected", "esearch.fcgi", reason);
}

function termOf({ term, second }: Search): string {
  if (!second) return term;
  return `(${term}) AND ("${slashed(second.from)}"[${second.field}] : "${slashed(second.until)}"[${second.field}])`;
}

function slashed(day: string): string {
  return day.replaceAll("-", "/");
}
