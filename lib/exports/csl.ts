import type { ReferenceRow } from "#db/index.ts";

/** One reference as the Citation Style Language has it (CSL-JSON 1.0.2, https://docs.citationstyles.org). */
export interface CslItem {
  id: string;
  type: "article-journal" | "report" | "webpage" | "document";
  title: string;
  author?: ({ family: string; given?: string; suffix?: string } | { literal: string })[];
  "container-title"?: string;
  publisher?: string;
  genre?: string;
  volume?: string;
  issue?: string;
  page?: string;
  ISSN?: string;
  DOI?: string;
  PMID?: string;
  PMCID?: string;
  URL?: string;
  language?: string;
  issued?: { "date-parts": [number[]] };
  note?: string;
}

const typeBySource: Record<string, CslItem["type"]> = {
  pubmed: "article-journal",
  pmc: "article-journal",
  guideline: "report",
  drug_label: "report",
  consumer: "webpage",
};

/** A document as a reference. What marks it (retracted, a sample) stands in its note. */
export function cslItemOf(row: ReferenceRow): CslItem {
  const { metadata } = row;
  const type = typeBySource[row.sourceType] ?? "document";
  const isArticle = type === "article-journal";
  const text = (name: string) => (typeof metadata[name] === "string" && metadata[name] !== "" ? metadata[name] : null);
  const identifier = (kind: string) =>
    row.identifiers.find((name) => name.startsWith(`${kind}:`))?.slice(kind.length + 1) ?? null;
  const author = authorsOf(row);
  const marks = marksOf(row);
  return withoutEmpty({
    id: `${row.sourceType}-${row.sourceId}`.replace(/[^\w.-]+/g, "-"),
    type,
    title: row.title,
    author: author.length > 0 ? author : null,
    "container-title": isArticle ? row.publication : null,
    publisher: isArticle ? null : row.publication,
    genre: row.sourceType === "drug_label" ? "Prescribing information" : null,
    volume: text("volume"),
    issue: text("issue"),
    page: text("pages")?.replace("–", "-") ?? null,
    ISSN: text("issn"),
    DOI: identifier("doi"),
    PMID: identifier("pmid"),
    PMCID: identifier("pmcid"),
    URL: row.url,
    language: row.language,
    issued: issuedOf(row.publishedOn),
    note: marks.length > 0 ? marks.join("; ") : null,
  });
}

/** What a reader of the reference has to know before its content. */
export function marksOf({ status, statusNote, isSample }: ReferenceRow): string[] {
  const words: Record<string, string> = {
    retracted: "RETRACTED",
    withdrawn: "WITHDRAWN",
    concern: "EXPRESSION OF CONCERN",
    superseded: "SUPERSEDED",
  };
  const mark = words[status];
  return [
    mark && (statusNote ? `${mark}: ${statusNote}` : mark),
    isSample && "Sample document, not a real source",
  ].filter((one): one is string => typeof one === "string");
}

// Documents taken in before names were kept in parts have whole ones.
function authorsOf({ metadata, authors }: ReferenceRow): NonNullable<CslItem["author"]> {
  const { authorNames } = metadata;
  if (Array.isArray(authorNames)) return authorNames as NonNullable<CslItem["author"]>;
  return authors.map((literal) => ({ literal }));
}

function issuedOf(publishedOn: string | null): CslItem["issued"] | null {
  if (!publishedOn) return null;
  return { "date-parts": [publishedOn.split("-").map(Number)] };
}

function withoutEmpty(item: { [Field in keyof CslItem]: CslItem[Field] | null }): CslItem {
  return Object.fromEntries(Object.entries(item).filter(([, value]) => value !== null)) as unknown as CslItem;
}
