import type { DocumentStatus } from "#lib/domain.ts";
import type { DocumentLink, ParsedDocument } from "../types.ts";
import { type AuthorName, authorName, writtenName } from "./author-names.ts";
import { blocksOf } from "./blocks.ts";
import { DocumentText } from "./document-text.ts";
import { evidenceLevelOf, isoDate, languageTag, lineOf, makeDocument, present } from "./fields.ts";
import { doiIn, doiOf, identifiersOf } from "./identifiers.ts";
import { RecordError } from "./record-error.ts";
import { xmlParser } from "./xml/records.ts";
import { childrenOf, descendants, find, rawText, type XmlElement } from "./xml/tree.ts";

/** The longest PubMed record known is below 2 MB; one past this is refused. */
export const pubmedRecordLimit = 16 * 1024 * 1024;

const settings = {
  records: ["PubmedArticle", "PubmedBookArticle", "DeleteCitation", "DeleteDocument"],
  roots: ["PubmedArticleSet", "PubmedBookArticleSet"],
  recordLimit: pubmedRecordLimit,
};

/**
 * PubMed XML, baseline, update or efetch: https://www.nlm.nih.gov/bsd/licensee/data_elements_doc.html. One document
 * an article or book chapter, one deletion a delete list.
 */
export const parse = xmlParser({
  settings,
  skipped: new Set(["ReferenceList", "AffiliationInfo", "GrantList", "InvestigatorList", "History"]),
  read: (record, name, bytes, isSample) =>
    name.startsWith("Delete")
      ? { deleted: childrenOf(record, "PMID").map(lineOf).filter(Boolean) }
      : readArticle(record, bytes, isSample),
  idIn: (bytes) => /<PMID[^>]*>\s*(\d+)/.exec(Buffer.from(bytes).toString("latin1"))?.[1] ?? null,
});

function readArticle(record: XmlElement, bytes: Uint8Array, isSample: boolean): ParsedDocument {
  const citation = find(record, "MedlineCitation") ?? find(record, "BookDocument");
  const article = find(citation, "Article") ?? citation;
  const pmid = lineOf(find(citation, "PMID"));
  if (!/^\d+$/.test(pmid)) throw new RecordError("missing_field", "the record has no PMID");
  const book = find(citation, "Book");
  const body = readAbstract(find(article, "Abstract"));
  const title = titleOf(article, book) || (body.isEmpty ? "" : `PubMed record ${pmid}`);
  if (title === "")
    throw new RecordError("missing_field", "the record has neither title nor abstract", { sourceId: pmid });
  const corrections = childrenOf(find(citation, "CommentsCorrectionsList"), "CommentsCorrections");
  const publicationTypes = [...childrenOf(find(article, "PublicationTypeList")), ...childrenOf(article)]
    .filter(({ name }) => name === "PublicationType")
    .map(lineOf)
    .filter(Boolean);
  const meshHeadings = readMesh(find(citation, "MeshHeadingList"));
  const languages = childrenOf(article, "Language").map((element) => languageTag(lineOf(element)) ?? "und");
  const ids = readIds(record, article);
  const authorNames = readAuthors(article, book);
  return makeDocument({
    sourceId: pmid,
    title,
    ...body.finish(title),
    language: languages[0] ?? "en",
    url: `https://pubmed.ncbi.nlm.nih.gov/${pmid}/`,
    publishedOn: publishedOn(article, book),
    revisedOn: dateOf(find(citation, "DateRevised")),
    authors: authorNames.map(writtenName),
    publication: lineOf(find(article, "Journal", "Title")) || lineOf(find(book, "Publisher", "PublisherName")) || null,
    publicationTypes,
    meshTerms: meshHeadings.map((heading) => heading.descriptor),
    evidenceLevel: evidenceLevelOf([...publicationTypes, ...meshHeadings.map((heading) => heading.descriptor)]),
    ...statusOf(title, publicationTypes, corrections),
    links: corrections.map(readLink),
    isSample,
    identifiers: identifiersOf({ pmid, ...ids }),
    metadata: {
      ...readMetadata(citation, article, book, languages, meshHeadings),
      ...present({ ...ids, authorNames, notice: noticeOf(publicationTypes) }),
    },
    original: { mediaType: "application/xml", bytes },
  });
}

function titleOf(article: XmlElement | null, book: XmlElement | null): string {
  const title = lineOf(find(article, "ArticleTitle"));
  if (title !== "" && !/^\[?not available\]?\.?$/i.test(title)) return title;
  return lineOf(find(article, "VernacularTitle")) || lineOf(find(book, "BookTitle")) || title;
}

/** A structured abstract's labels become its sections; an unlabelled one is the section "Abstract". */
function readAbstract(abstract: XmlElement | null): DocumentText {
  const text = new DocumentText();
  for (const part of childrenOf(abstract, "AbstractText")) {
    const label = (part.attributes.Label ?? "").replace(/\s+/g, " ").trim();
    const heading = { path: [label === "" || label === "UNLABELLED" ? "Abstract" : label] };
    for (const block of blocksOf(part)) text.add(block, heading);
  }
  return text;
}

function readAuthors(article: XmlElement | null, book: XmlElement | null): AuthorName[] {
  const lists = [...childrenOf(article, "AuthorList"), ...childrenOf(book, "AuthorList")];
  const own = lists.filter((list) => list.attributes.Type !== "editors");
  return (own.length > 0 ? own : lists)
    .flatMap((list) => childrenOf(list, "Author"))
    .flatMap((author) =>
      authorName({
        family: lineOf(find(author, "LastName")),
        given: lineOf(find(author, "ForeName")) || lineOf(find(author, "Initials")),
        suffix: lineOf(find(author, "Suffix")),
        literal: lineOf(find(author, "CollectiveName")),
      }),
    );
}

function dateOf(element: XmlElement | null): string | null {
  if (!element) return null;
  const text = (name: string) => find(element, name) && rawText(find(element, name));
  return isoDate(text("Year"), text("Month"), text("Day")) ?? yearOf(text("MedlineDate"));
}

/** "1998 Dec-1999 Jan" and the like: the first year. */
function yearOf(text: string | null): string | null {
  return isoDate(/\b(1[5-9]|20)\d{2}\b/.exec(text ?? "")?.[0] ?? null);
}

/** The electronic date where there is one: it is the day the article could first be read. */
function publishedOn(article: XmlElement | null, book: XmlElement | null): string | null {
  return (
    dateOf(find(article, "ArticleDate")) ??
    dateOf(find(article, "Journal", "JournalIssue", "PubDate")) ??
    dateOf(find(article, "ContributionDate")) ??
    dateOf(find(book, "PubDate"))
  );
}

interface MeshHeading {
  descriptor: string;
  id: string | null;
  isMajor: boolean;
  qualifiers: { name: string; isMajor: boolean }[];
}

function readMesh(list: XmlElement | null): MeshHeading[] {
  return childrenOf(list, "MeshHeading").flatMap((heading) => {
    const descriptor = find(heading, "DescriptorName");
    const qualifiers = childrenOf(heading, "QualifierName").map((qualifier) => ({
      name: lineOf(qualifier),
      isMajor: qualifier.attributes.MajorTopicYN === "Y",
    }));
    const isMajor = descriptor?.attributes.MajorTopicYN === "Y" || qualifiers.some((qualifier) => qualifier.isMajor);
    const name = lineOf(descriptor);
    return name === "" ? [] : [{ descriptor: name, id: descriptor?.attributes.UI ?? null, isMajor, qualifiers }];
  });
}

/** CommentsCorrections' RefType, as PubMed's DTD lists them. */
const linkKinds = new Map<string, DocumentLink["kind"]>(
  Object.entries({
    RetractionIn: "retraction_in",
    RetractedandRepublishedIn: "retraction_in",
    RetractionOf: "retraction_of",
    RetractedandRepublishedFrom: "retraction_of",
    ExpressionOfConcernIn: "concern_in",
    PartialRetractionIn: "concern_in",
    ExpressionOfConcernFor: "concern_for",
    PartialRetractionOf: "concern_for",
    ErratumIn: "erratum_in",
    ErratumFor: "erratum_for",
    UpdateIn: "update_in",
    CorrectedandRepublishedIn: "update_in",
    UpdateOf: "update_of",
    CorrectedandRepublishedFrom: "update_of",
    CommentIn: "comment_in",
    CommentOn: "comment_on",
  }),
);

function readLink(correction: XmlElement): DocumentLink {
  const type = correction.attributes.RefType ?? "";
  const kind = linkKinds.get(type) ?? "other";
  const source = lineOf(find(correction, "RefSource"));
  const note = [kind === "other" ? type : "", source, lineOf(find(correction, "Note"))].filter(Boolean).join(": ");
  const doi = doiIn(source);
  return { kind, sourceId: lineOf(find(correction, "PMID")) || (doi && `doi:${doi}`), note: note || null };
}

function statusOf(
  title: string,
  types: readonly string[],
  corrections: readonly XmlElement[],
): { status: DocumentStatus; statusNote: string | null } {
  const notice = (...refTypes: string[]) =>
    corrections.find((item) => refTypes.includes(item.attributes.RefType ?? ""));
  const retraction = notice("RetractionIn", "RetractedandRepublishedIn");
  // Notices of retraction often bear the title of what they retract, "RETRACTED:" included.
  const isNamedSo = noticeOf(types) === null && /^\[?retracted(?: article)?\s*[:.]/i.test(title);
  if (retraction || types.includes("Retracted Publication") || isNamedSo) {
    return { status: "retracted", statusNote: `This article was retracted.${naming(retraction)}` };
  }
  if (/^\[?withdrawn\s*[:.]/i.test(title)) return { status: "withdrawn", statusNote: "This article was withdrawn." };
  const concern = notice("ExpressionOfConcernIn", "PartialRetractionIn");
  if (concern?.attributes.RefType === "PartialRetractionIn") {
    return { status: "concern", statusNote: `Part of this article was retracted.${naming(concern)}` };
  }
  if (concern)
    return { status: "concern", statusNote: `The journal published an expression of concern.${naming(concern)}` };
  const update = notice("UpdateIn", "CorrectedandRepublishedIn");
  if (update) return { status: "superseded", statusNote: `A newer version of this article exists.${naming(update)}` };
  return { status: "current", statusNote: null };
}

/** Publication types of records that are themselves notices about another article. */
const noticeTypes = new Map<string, string>(
  Object.entries({
    "Retraction of Publication": "retraction",
    "Retraction Notice": "retraction",
    "Expression of Concern": "concern",
    "Published Erratum": "correction",
  }),
);

function noticeOf(types: readonly string[]): string | null {
  return types.map((type) => noticeTypes.get(type)).find((notice) => notice !== undefined) ?? null;
}

function naming(notice: XmlElement | undefined): string {
  if (!notice) return "";
  const pmid = lineOf(find(notice, "PMID"));
  const source = lineOf(find(notice, "RefSource")).replace(/\.$/, "");
  return ` Notice: ${[source, pmid ? `PMID ${pmid}` : ""].filter(Boolean).join("; ")}.`;
}

/** PubMed's own list first; a DOI it lacks may stand with the article. The record's list, never that of its references. */
function readIds(record: XmlElement, article: XmlElement | null): { doi: string; pmcid: string } {
  const data = find(record, "PubmedData") ?? find(record, "PubmedBookData");
  const ids = childrenOf(find(data, "ArticleIdList"), "ArticleId");
  const id = (type: string) => lineOf(ids.find((element) => element.attributes.IdType === type));
  const location = childrenOf(article, "ELocationID").find((element) => element.attributes.EIdType === "doi");
  const doi = id("doi") || lineOf(location);
  return { doi: doiOf(doi) ?? doi, pmcid: id("pmc") };
}

function readMetadata(
  citation: XmlElement | null,
  article: XmlElement | null,
  book: XmlElement | null,
  languages: string[],
  meshHeadings: MeshHeading[],
): Record<string, unknown> {
  const otherAbstracts = childrenOf(citation, "OtherAbstract").map((abstract) => ({
    language: languageTag(abstract.attributes.Language) ?? "und",
    type: abstract.attributes.Type ?? null,
    text: childrenOf(abstract, "AbstractText")
      .flatMap((part) => blocksOf(part))
      .join("\n\n"),
  }));
  const issue = find(article, "Journal", "JournalIssue");
  return present({
    journalAbbreviation: lineOf(find(article, "Journal", "ISOAbbreviation")),
    issn: lineOf(find(article, "Journal", "ISSN")),
    volume: lineOf(find(issue, "Volume")),
    issue: lineOf(find(issue, "Issue")),
    pages: lineOf(find(article, "Pagination", "MedlinePgn")),
    vernacularTitle: lineOf(find(article, "VernacularTitle")),
    book: lineOf(find(book, "BookTitle")),
    languages: languages.length > 1 ? languages : [],
    meshHeadings,
    keywords: childrenOf(citation, "KeywordList")
      .flatMap((list) => childrenOf(list, "Keyword").map(lineOf))
      .filter(Boolean),
    substances: descendants(find(citation, "ChemicalList"), "NameOfSubstance").map(lineOf),
    otherAbstracts,
    copyright: lineOf(find(article, "Abstract", "CopyrightInformation")),
  });
}
