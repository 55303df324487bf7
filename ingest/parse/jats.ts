import type { DocumentStatus, EvidenceLevel } from "#lib/domain.ts";
import type { DocumentLink, ParsedDocument } from "../types.ts";
import { type AuthorName, authorName, writtenName } from "./author-names.ts";
import { blocksOf } from "./blocks.ts";
import { DocumentText } from "./document-text.ts";
import { evidenceLevelOf, isoDate, languageTag, lineOf, makeDocument, present, webAddress } from "./fields.ts";
import { doiOf, identifiersOf, linkTarget, pmcidOf } from "./identifiers.ts";
import { newNotes } from "./inline.ts";
import { RecordError } from "./record-error.ts";
import { xmlParser } from "./xml/records.ts";
import { childrenOf, descendants, find, isElement, type XmlElement } from "./xml/tree.ts";

/** A full-text article with tables is below 10 MB; one past this is refused. */
export const jatsRecordLimit = 64 * 1024 * 1024;

const settings = {
  records: ["article"],
  roots: ["pmc-articleset", "articles", "article-set", "OAI-PMH"],
  recordLimit: jatsRecordLimit,
};

/**
 * JATS (NISO Z39.96) and the older NLM journal tag sets: https://jats.nlm.nih.gov/. One document an article. Reference
 * lists, supplementary files and peer-review sub-articles are left out of the text.
 */
export const parse = xmlParser({
  settings,
  read: (record, _name, bytes, isSample) => readArticle(record, bytes, isSample),
});

function readArticle(article: XmlElement, bytes: Uint8Array, isSample: boolean): ParsedDocument {
  const front = find(article, "front") ?? find(article, "front-stub");
  const meta = find(front, "article-meta") ?? front;
  const ids = readIds(meta);
  const authorNames = readAuthors(meta);
  const sourceId = ids.pmcid || ids.pmid || ids.doi || ids.other;
  if (!sourceId) throw new RecordError("missing_field", "the article has no PMCID, PMID or DOI");
  const titleGroup = find(meta, "title-group") ?? meta;
  const title = [lineOf(find(titleGroup, "article-title")), lineOf(find(titleGroup, "subtitle"))]
    .filter(Boolean)
    .join(": ");
  const text = readText(article, meta);
  if (title === "" && text.isEmpty) {
    throw new RecordError("no_text", "the article has neither title nor text", { sourceId });
  }
  const shownTitle = title || `Article ${sourceId}`;
  const articleType = article.attributes["article-type"] ?? "";
  const headings = descendants(find(meta, "article-categories"), "subj-group")
    .filter((group) => group.attributes["subj-group-type"] === "heading")
    .flatMap((group) => childrenOf(group, "subject").map(lineOf));
  const journal = find(front, "journal-meta");
  const links = childrenOf(meta, "related-article").map((element) => readLink(element, articleType));
  return makeDocument({
    sourceId,
    title: shownTitle,
    ...text.finish(shownTitle),
    language: languageTag(article.attributes["xml:lang"]?.toLowerCase()) ?? "en",
    url: addressOf(ids),
    publishedOn: publishedOn(meta),
    authors: authorNames.map(writtenName),
    publication:
      lineOf(find(journal, "journal-title-group", "journal-title")) ||
      lineOf(find(journal, "journal-title")) ||
      lineOf(find(journal, "publisher", "publisher-name")) ||
      null,
    publicationTypes: [...new Set([articleType, ...headings].filter(Boolean))],
    evidenceLevel: levelOf(articleType, headings, shownTitle),
    ...statusOf(shownTitle, links, meta, noticeKinds.has(articleType)),
    links,
    identifiers: identifiersOf(ids),
    isSample,
    metadata: { ...readMetadata(article, meta, ids), ...present({ authorNames }) },
    original: { mediaType: "application/xml", bytes },
  });
}

interface ArticleIds {
  pmcid: string;
  pmid: string;
  doi: string;
  other: string;
}

function readIds(meta: XmlElement | null): ArticleIds {
  const ids = childrenOf(meta, "article-id");
  const id = (...types: string[]) =>
    lineOf(ids.find((element) => types.includes(element.attributes["pub-id-type"] ?? "")));
  const [pmc, doi] = [id("pmcid", "pmc"), id("doi")];
  return {
    pmcid: pmcidOf(pmc) ?? pmc,
    pmid: id("pmid"),
    doi: doiOf(doi) ?? doi,
    other: id("publisher-id", "pii", "manuscript", "other"),
  };
}

function addressOf(ids: ArticleIds): string | null {
  if (ids.pmcid) return `https://pmc.ncbi.nlm.nih.gov/articles/${ids.pmcid}/`;
  if (ids.doi) return webAddress(`https://doi.org/${encodeURI(ids.doi)}`);
  return /^\d+$/.test(ids.pmid) ? `https://pubmed.ncbi.nlm.nih.gov/${ids.pmid}/` : null;
}

/** Abstracts that repeat another in other words or pictures. */
const minorAbstracts = new Set(["toc", "graphical", "teaser", "precis", "web-summary"]);

function readText(article: XmlElement, meta: XmlElement | null): DocumentText {
  const text = new DocumentText();
  for (const abstract of childrenOf(meta, "abstract")) {
    const type = abstract.attributes["abstract-type"] ?? "";
    if (minorAbstracts.has(type)) continue;
    const label = lineOf(find(abstract, "title")) || (/summary/.test(type) ? "Summary" : "Abstract");
    addSection(abstract, [label], text);
  }
  const body = find(article, "body");
  if (body) addContent(body, [], text);
  const back = find(article, "back");
  for (const part of childrenOf(back, "sec", "app-group", "app", "glossary", "notes")) {
    if (part.name === "app-group")
      for (const app of childrenOf(part, "app")) addSection(app, [sectionLabel(app) ?? "Appendix"], text);
    else if (!/supplementary/.test(part.attributes["sec-type"] ?? ""))
      addSection(part, [sectionLabel(part) ?? "Notes"], text);
  }
  const floats = find(article, "floats-group") ?? find(article, "floats-wrap");
  if (floats) addSection(floats, ["Figures and tables"], text);
  return text;
}

const sectionNames = new Set(["sec", "boxed-text", "app"]);

function addSection(section: XmlElement, path: string[], text: DocumentText): void {
  const children = section.children.filter(
    (node) => !isElement(node) || (node.name !== "title" && node.name !== "label"),
  );
  addContent({ ...section, children }, path, text);
}

/** Blocks in reading order; a nested section goes under its own heading, and what follows it under the outer one again. */
function addContent(section: XmlElement, path: string[], text: DocumentText): void {
  let loose: XmlElement["children"] = [];
  const flush = () => {
    for (const block of blocksOf({ ...section, children: loose }, newNotes())) text.add(block, { path });
    loose = [];
  };
  for (const node of section.children) {
    if (!isElement(node) || !sectionNames.has(node.name)) {
      loose.push(node);
      continue;
    }
    flush();
    if (/supplementary/.test(node.attributes["sec-type"] ?? "")) continue;
    const label = sectionLabel(node);
    addSection(node, label ? [...path, label] : path, text);
  }
  flush();
}

const sectionTypes = new Map<string, string>(
  Object.entries({
    intro: "Introduction",
    methods: "Methods",
    results: "Results",
    discussion: "Discussion",
    conclusions: "Conclusions",
    cases: "Case report",
  }),
);

function sectionLabel(section: XmlElement): string | null {
  const title = lineOf(find(section, "title")) || lineOf(find(section, "caption", "title"));
  return title || sectionTypes.get((section.attributes["sec-type"] ?? "").split("|")[0] ?? "") || null;
}

function readAuthors(meta: XmlElement | null): AuthorName[] {
  return childrenOf(meta, "contrib-group")
    .flatMap((group) => childrenOf(group, "contrib"))
    .filter((contrib) => (contrib.attributes["contrib-type"] ?? "author") === "author")
    .flatMap((contrib) => {
      const name = find(contrib, "name") ?? find(contrib, "name-alternatives", "name");
      const [given = "", family = "", suffix = ""] = ["given-names", "surname", "suffix"].map((part) =>
        lineOf(find(name, part)),
      );
      const whole = lineOf(find(contrib, "string-name")) || lineOf(find(contrib, "collab"));
      return authorName({ family, given, suffix, literal: family || given ? "" : whole });
    });
}

/** Electronic publication first, then print, then whatever else the front matter dates. */
function publishedOn(meta: XmlElement | null): string | null {
  const dates = childrenOf(meta, "pub-date");
  const kind = (date: XmlElement) => date.attributes["pub-type"] ?? date.attributes["date-type"] ?? "";
  const rank = (date: XmlElement) => {
    if (kind(date) === "epub" || date.attributes["publication-format"] === "electronic") return 0;
    return { pub: 1, ppub: 2, "epub-ppub": 2, "": 3, collection: 4 }[kind(date)] ?? 5;
  };
  for (const date of dates.toSorted((one, other) => rank(one) - rank(other))) {
    const part = (name: string) => lineOf(find(date, name)) || null;
    const iso = isoDate(part("year"), part("month"), part("day"));
    if (iso) return iso;
  }
  return null;
}

/** The article's type as tagged; where that says only "research article", how its own title ends. */
function levelOf(articleType: string, headings: string[], title: string): EvidenceLevel {
  const tagged = evidenceLevelOf([articleType.replaceAll("-", " "), ...headings]);
  if (tagged !== "other" || !/^(?:research-article|original-article|)$/.test(articleType) || /protocol/i.test(title))
    return tagged;
  if (/(?:systematic review|meta-analysis)[^:]{0,60}$/i.test(title)) return "systematic_review";
  if (/randomi[sz]ed (?:clinical |controlled |placebo-controlled )*trial[^:]{0,40}$/i.test(title))
    return "randomised_trial";
  return /(?:cohort|case[–-]control|cross-sectional|observational)(?: \w+)? stud(?:y|ies)[^:]{0,40}$/i.test(title)
    ? "observational"
    : "other";
}

/** related-article-type values of JATS4R and PMC's tagging guidelines. */
const linkKinds = new Map<string, DocumentLink["kind"]>(
  Object.entries({
    "retraction-forward": "retraction_in",
    "retracted-article": "retraction_of",
    "withdrawal-forward": "retraction_in",
    "withdrawn-article": "retraction_of",
    "partial-retraction": "concern_in",
    "partially-retracted-article": "concern_for",
    "concern-forward": "concern_in",
    "expression-of-concern": "concern_in",
    "object-of-concern": "concern_for",
    "correction-forward": "erratum_in",
    "corrected-article": "erratum_for",
    erratum: "erratum_in",
    corrigendum: "erratum_in",
    addendum: "erratum_in",
    "addended-article": "erratum_for",
    "updated-article": "update_of",
    update: "update_in",
    "commentary-article": "comment_on",
    commentary: "comment_in",
  }),
);

/** What a notice of each type says of the article it names, whichever way its tags point. */
const noticeKinds = new Map<string, { kind: DocumentLink["kind"]; instead: readonly DocumentLink["kind"][] }>(
  Object.entries({
    retraction: { kind: "retraction_of", instead: ["retraction_in", "other"] },
    withdrawal: { kind: "retraction_of", instead: ["retraction_in", "other"] },
    "partial-retraction": { kind: "concern_for", instead: ["concern_in", "retraction_of", "retraction_in", "other"] },
    "expression-of-concern": { kind: "concern_for", instead: ["concern_in", "other"] },
    correction: { kind: "erratum_for", instead: ["erratum_in"] },
    addendum: { kind: "erratum_for", instead: ["erratum_in"] },
  }),
);

function readLink(related: XmlElement, articleType: string): DocumentLink {
  const type = related.attributes["related-article-type"] ?? "";
  const tagged = linkKinds.get(type) ?? "other";
  const notice = noticeKinds.get(articleType);
  // An article that only stands beside a notice is not what the notice is about.
  const kind = notice?.instead.includes(tagged) && type !== "companion" ? notice.kind : tagged;
  const target = related.attributes["xlink:href"] ?? "";
  const note = [kind === "other" ? type : "", lineOf(related)].filter(Boolean).join(": ");
  return { kind, sourceId: linkTarget(target, related.attributes["ext-link-type"]), note: note || null };
}

function statusOf(
  title: string,
  links: readonly DocumentLink[],
  meta: XmlElement | null,
  isNotice: boolean,
): { status: DocumentStatus; statusNote: string | null } {
  const has = (kind: DocumentLink["kind"]) => links.find((link) => link.kind === kind);
  const events = descendants(find(meta, "pub-history"), "event").map((event) => event.attributes["event-type"] ?? "");
  const naming = (link: DocumentLink | undefined) =>
    link?.sourceId ? ` Notice: ${link.sourceId.replace(/^(?:doi|pmcid):/, "")}.` : "";
  const retraction = has("retraction_in");
  const isNamed = (word: RegExp) => !isNotice && word.test(title);
  if (retraction || events.some((event) => /^retract/.test(event)) || isNamed(/^\[?retracted(?: article)?\s*[:.]/i)) {
    return { status: "retracted", statusNote: `This article was retracted.${naming(retraction)}` };
  }
  if (isNamed(/^\[?withdrawn\s*[:.]/i) || events.some((event) => /^withdraw/.test(event))) {
    return { status: "withdrawn", statusNote: "This article was withdrawn." };
  }
  const concern = has("concern_in");
  if (concern)
    return { status: "concern", statusNote: `The journal published an expression of concern.${naming(concern)}` };
  return { status: "current", statusNote: null };
}

function readMetadata(article: XmlElement, meta: XmlElement | null, ids: ArticleIds): Record<string, unknown> {
  const subjects = descendants(find(meta, "article-categories"), "subject").map(lineOf);
  const translated = childrenOf(meta, "trans-abstract").map((abstract) => ({
    language: languageTag(abstract.attributes["xml:lang"]) ?? "und",
    text: blocksOf(abstract).join("\n\n"),
  }));
  return present({
    ...ids,
    other: "",
    volume: lineOf(find(meta, "volume")),
    issue: lineOf(find(meta, "issue")),
    pages:
      [lineOf(find(meta, "fpage")), lineOf(find(meta, "lpage"))].filter(Boolean).join("–") ||
      lineOf(find(meta, "elocation-id")),
    keywords: childrenOf(meta, "kwd-group")
      .flatMap((group) => descendants(group, "kwd").map(lineOf))
      .filter(Boolean),
    subjects: [...new Set(subjects)],
    licence: lineOf(find(meta, "permissions", "license")) || lineOf(find(meta, "permissions", "copyright-statement")),
    funding: descendants(find(meta, "funding-group"), "funding-statement").map(lineOf).join(" "),
    otherAbstracts: translated,
    subArticles: childrenOf(article, "sub-article", "response").length || "",
  });
}
