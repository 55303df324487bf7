import { type DrugLabel, findDrugLabels } from "#db/index.ts";
import { type Citation, type LabelWarning, readDepthOf, type SourceType } from "../../domain.ts";
import { splitSentences } from "../../text/sentences.ts";
import type { SearchedCollection } from "../passage.ts";
import type { AskDeps } from "../types.ts";
import { contentWords, stem, stemsOf } from "../words.ts";
import { drugNameCandidates } from "./drug-names.ts";

/** Drugs of one question whose labels are shown, and sentences of each kind that are quoted. */
const drugLimit = 4;
const boxedSentences = 4;
const boxedLength = 500;
const contraindications = 3;
/** Shown when none of them speaks of what was asked. */
const unasked = 2;

interface Sentence {
  start: number;
  end: number;
  text: string;
  section: string | null;
}

/**
 * The boxed warnings and contraindications of the drugs that a question names, from the labels among the searched
 * collections, whether asked for or not: whole sentences of the newest current label of each drug. The first sentences
 * of a boxed warning, and of the contraindications those that speak of what was asked.
 */
export async function findLabelWarnings(
  deps: Pick<AskDeps, "database">,
  input: { question: string; collections: SearchedCollection[] },
): Promise<LabelWarning[]> {
  const ids = input.collections.filter(({ sourceType }) => sourceType === "drug_label").map(({ id }) => id);
  if (ids.length === 0) return [];
  const found = await findDrugLabels(deps.database, ids, drugNameCandidates(input.question));
  // A combination's label speaks for both of its substances; it is shown once.
  const labels = [...new Map(found.map((label) => [label.documentId, label])).values()].slice(0, drugLimit);
  return labels.flatMap((label, at) => warningsOf(label, input.question, at + 1));
}

/** @param number the label's number among the labels shown */
function warningsOf(label: DrugLabel, question: string, number: number): LabelWarning[] {
  const sections = label.sections.toSorted((left, right) => left.start - right.start);
  const boxed = firstOf(sections.filter((section) => section.boxed).flatMap((section) => sentencesOf(label, section)));
  const against = sections.filter((section) => !section.boxed).flatMap((section) => sentencesOf(label, section));
  const relevant = relevantTo(question, label, against);
  const kinds: [LabelWarning["kind"], Sentence[]][] = [
    ["boxed_warning", boxed],
    ["contraindication", relevant],
  ];
  return kinds.flatMap(([kind, sentences]) =>
    sentences.length === 0
      ? []
      : [{ kind, drug: label.drug, citations: sentences.map((sentence) => citationOf(label, sentence, number)) }],
  );
}

function sentencesOf(label: DrugLabel, section: DrugLabel["sections"][number]): Sentence[] {
  const text = label.text.slice(section.start, section.end);
  return splitSentences(text).flatMap(({ start, end }) => {
    const words = text.slice(start, end);
    const place = { start: section.start + start, end: section.start + end, text: words, section: section.label };
    return isHeading(words, section.label) || /^none\b|^no known contraindications?\b/i.test(words) ? [] : [place];
  });
}

/** The section's own name, a number, or a cross-reference alone. */
function isHeading(text: string, label: string): boolean {
  const bare = text.replace(/^[\d.\s]+/, "").replace(/[\s.:]+$/, "");
  return (
    bare === "" ||
    bare.toLowerCase() === label.toLowerCase() ||
    /^(?:warnings?|boxed warning|contraindications?)$/i.test(bare) ||
    /^[[(]?\s*see\b[^.]*$/i.test(bare)
  );
}

/** The first sentences, whole, up to a length: at least one. */
function firstOf(sentences: Sentence[]): Sentence[] {
  const chosen: Sentence[] = [];
  let length = 0;
  for (const sentence of sentences) {
    length += sentence.text.length;
    // A title alone ("WARNING: BLEEDING RISK") does not say what to fear.
    const saysSomething = chosen.some(({ text }) => /[.!]$/.test(text));
    if (chosen.length === boxedSentences || (saysSomething && length > boxedLength)) break;
    chosen.push(sentence);
  }
  return chosen;
}

/** Those that share words with the question, most first; without any the first ones. In the order of the label. */
function relevantTo(question: string, label: DrugLabel, sentences: Sentence[]): Sentence[] {
  const names = new Set(contentWords(`${label.drug} ${label.title}`).map(stem));
  const asked = stemsOf(question, label.language).difference(names).difference(commonStems);
  const scored = sentences.map((sentence) => ({
    sentence,
    shared: stemsOf(sentence.text, label.language).intersection(asked).size,
  }));
  const sharing = scored.filter(({ shared }) => shared > 0).toSorted((left, right) => right.shared - left.shared);
  const chosen = sharing.length > 0 ? sharing.slice(0, contraindications) : scored.slice(0, unasked);
  const [first] = sentences;
  const kept = chosen.map(({ sentence }) => sentence).toSorted((left, right) => left.start - right.start);
  // "X is contraindicated in:" belongs to each point of its list.
  const isIntroduced = first && /:$/.test(first.text) && !kept.includes(first) && kept.length > 0;
  return isIntroduced ? [first, ...kept] : kept;
}

/** Words of every question about drugs: sharing them is no relevance. */
const commonStems = stemsOf(
  "patient patients drug drugs dose use used using take taken give given treatment therapy risk safe safety contraindicated contraindication contraindications warning known history",
);

function citationOf(label: DrugLabel, { start, end, text, section }: Sentence, number: number): Citation {
  return {
    number,
    collection: label.collection,
    collectionTitle: label.collectionTitle,
    documentId: label.documentId,
    sourceId: label.sourceId,
    title: label.title,
    section,
    page: null,
    quote: text,
    start,
    end,
    publishedOn: label.publishedOn,
    evidenceLevel: label.evidenceLevel as Citation["evidenceLevel"],
    depth: readDepthOf[label.sourceType as SourceType],
    status: label.status as Citation["status"],
    isSample: label.isSample,
    ...(label.clusterSize > 1 && { alike: label.clusterSize - 1 }),
  };
}
