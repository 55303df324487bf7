import { randomUUID } from "node:crypto";
import type { ServerResponse } from "node:http";
import { type Seen, send, sendJson } from "./server.ts";

export interface Citation {
  id: number;
  /** ISO days. */
  mdat: string;
  edat: string;
}

export function articleXml(id: number | string): string {
  return `<PubmedArticle><MedlineCitation><PMID Version="1">${id}</PMID><Article><ArticleTitle>Title ${id}</ArticleTitle></Article><CommentsCorrectionsList><CommentsCorrections><PMID>99</PMID></CommentsCorrections></CommentsCorrectionsList></MedlineCitation></PubmedArticle>`;
}

export function articleSet(ids: readonly (number | string)[]): string {
  return `<?xml version="1.0" ?>\n<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2025//EN" "https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">\n<PubmedArticleSet>\n${ids.map(articleXml).join("\n")}\n</PubmedArticleSet>\n`;
}

/** ESearch and EFetch over records of ours, in E-utilities' forms and with its limit of 9,999. */
export class EntrezServer {
  readonly #records: Citation[];
  readonly histories = new Map<string, number[]>();
  /** Records that are found and not given. */
  readonly withheld = new Set<number>();

  constructor(records: Citation[]) {
    this.#records = records;
  }

  answer(seen: Seen, response: ServerResponse): void {
    if (seen.path === "/eutils/esearch.fcgi") this.#search(seen.parameters, response);
    else if (seen.path === "/eutils/efetch.fcgi") this.#fetch(seen.parameters, response);
    else response.writeHead(404).end();
  }

  #search(parameters: URLSearchParams, response: ServerResponse): void {
    const day = (name: string) => (parameters.get(name) ?? "").replaceAll("/", "-");
    const field = parameters.get("datetype") === "edat" ? "edat" : "mdat";
    const [, from = "", until = "9999"] =
      /"([\d/]+)"\[edat\] : "([\d/]+)"\[edat\]/
        .exec(parameters.get("term") ?? "")
        ?.map((s) => s.replaceAll("/", "-")) ?? [];
    const ids = this.#records
      .filter((record) => record[field] >= day("mindate") && record[field] <= day("maxdate"))
      .filter((record) => record.edat >= from && record.edat <= until)
      .map(({ id }) => id);
    const webenv = `MCID_${randomUUID()}`;
    this.histories.set(webenv, ids);
    const shown = Math.min(Number(parameters.get("retmax")), 9999);
    sendJson(response, {
      header: { type: "esearch", version: "0.3" },
      esearchresult: {
        count: String(ids.length),
        retmax: String(Math.min(shown, ids.length)),
        retstart: "0",
        querykey: "1",
        webenv,
        idlist: ids.slice(0, shown).map(String),
        translationset: [],
        querytranslation: parameters.get("term"),
      },
    });
  }

  #fetch(parameters: URLSearchParams, response: ServerResponse): void {
    const named = parameters.get("id");
    const ids = named ? named.split(",").map(Number) : this.histories.get(parameters.get("WebEnv") ?? "");
    if (!ids) {
      send(
        response,
        '<?xml version="1.0" ?>\n<eFetchResult>\n\t<ERROR>Unable to obtain query #1</ERROR>\n</eFetchResult>',
      );
      return;
    }
    const start = Number(parameters.get("retstart") ?? 0);
    const wanted = named ? ids : ids.slice(start, start + Number(parameters.get("retmax")));
    send(response, articleSet(wanted.filter((id) => !this.withheld.has(id))));
  }
}
