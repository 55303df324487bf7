import type { ParsedDocument } from "../types.ts";
import { blocksOf } from "./blocks.ts";
import { DocumentText } from "./document-text.ts";
import { isoDate, languageTag, lineOf, makeDocument, plainLine, present, webAddress } from "./fields.ts";
import { parseHtml } from "./html.ts";
import { RecordError } from "./record-error.ts";
import { xmlParser } from "./xml/records.ts";
import { childrenOf, descendants, find, isElement, rawText, type XmlElement, type XmlNode } from "./xml/tree.ts";

/** A health topic with all its site links is below 200 kB; one past this is refused. */
export const topicRecordLimit = 8 * 1024 * 1024;

const settings = { records: ["health-topic"], roots: ["health-topics"], recordLimit: topicRecordLimit };

/** MedlinePlus health topics: https://medlineplus.gov/xmldescription.html. One document a topic and language. */
export const parse = xmlParser({
  settings,
  read: (record, _name, bytes, isSample) => readTopic(record, bytes, isSample),
});

function readTopic(topic: XmlElement, bytes: Uint8Array, isSample: boolean): ParsedDocument {
  const { id = "", title: rawTitle = "", url, language = "English" } = topic.attributes;
  if (id === "") throw new RecordError("missing_field", "the topic has no id");
  const title = plainLine(rawTitle);
  if (title === "") throw new RecordError("missing_field", "the topic has no title", { sourceId: id });
  const created = /^(\d{2})\/(\d{2})\/(\d{4})/.exec(topic.attributes["date-created"] ?? "");
  const texts = (...names: string[]) =>
    childrenOf(topic, ...names)
      .map(lineOf)
      .filter(Boolean);
  const mapped = find(topic, "language-mapped-topic");
  return makeDocument({
    sourceId: id,
    title,
    ...readSummary(find(topic, "full-summary"), tagOf(language)).finish(title),
    language: tagOf(language),
    url: webAddress(url),
    publishedOn: created ? isoDate(created[3] ?? null, created[1] ?? null, created[2] ?? null) : null,
    publication: publicationOf(topic, webAddress(url)),
    publicationTypes: ["Health topic"],
    meshTerms: childrenOf(topic, "mesh-heading").flatMap((heading) => childrenOf(heading, "descriptor").map(lineOf)),
    evidenceLevel: "consumer",
    isSample,
    metadata: present({
      alsoCalled: texts("also-called"),
      seeReferences: texts("see-reference"),
      groups: texts("group"),
      relatedTopics: texts("related-topic"),
      primaryInstitute: lineOf(find(topic, "primary-institute")),
      description: plainLine(topic.attributes["meta-desc"] ?? ""),
      otherLanguageTopic: mapped
        ? { id: mapped.attributes.id ?? null, language: tagOf(mapped.attributes.language ?? ""), title: lineOf(mapped) }
        : "",
      sites: descendants(topic, "site").length || "",
    }),
    original: { mediaType: "application/xml", bytes },
  });
}

/** Only a topic of MedlinePlus's own site is MedlinePlus's; another is its record's organisation's, if it names one. */
function publicationOf(topic: XmlElement, url: string | null): string | null {
  if (/^https?:\/\/(?:(?:[\w-]+\.)*medlineplus\.gov|(?:www\.)?nlm\.nih\.gov\/medlineplus)(?:\/|$)/.test(url ?? "")) {
    return "MedlinePlus";
  }
  const site = descendants(topic, "site").find((one) => webAddress(one.attributes.url) === url);
  const named = [site && find(site, "organization"), find(topic, "primary-institute")].map((one) =>
    lineOf(one ?? null),
  );
  return named.find((name) => name !== "") ?? null;
}

const languages = new Map<string, string>(Object.entries({ english: "en", spanish: "es" }));

function tagOf(language: string): string {
  return languages.get(language.trim().toLowerCase()) ?? languageTag(language) ?? "und";
}

const headingNames = /^h[1-6]$/;

/** The summary is HTML, escaped (or, in hand-made files, as elements); its headings become sections. */
function readSummary(summary: XmlElement | null, language: string): DocumentText {
  const text = new DocumentText();
  if (!summary) return text;
  const html = summary.children.some(isElement) ? summary : parseHtml(rawText(summary));
  let path = [language === "es" ? "Resumen" : "Summary"];
  let loose: XmlNode[] = [];
  const flush = () => {
    for (const block of blocksOf({ ...html, children: loose })) text.add(block, { path });
    loose = [];
  };
  for (const node of html.children) {
    if (!isElement(node) || !headingNames.test(node.name)) loose.push(node);
    else {
      flush();
      const label = lineOf(node);
      if (label !== "") path = [label];
    }
  }
  flush();
  return text;
}
