import type { AnswerResult } from "#lib/domain.ts";
import { evidenceLabels, formatDate, madeBy, statusLabels } from "./labels.ts";
import { citedSources, groupsOf, isQuotation, placeOf, sourceHref } from "./sources.ts";
import { asOfToday, changeOf } from "./standing.ts";

/**
 * The answer as plain text with its reference list, for pasting into a note or a mail.
 * `origin` is the address the source links start with; marks such as "Retracted" and "Sample" stay with their source.
 */
export function answerWithReferences(question: string | null, answer: AnswerResult, origin: string): string {
  const parts: string[] = [];
  if (question) parts.push(`Question: ${question}`);
  for (const group of groupsOf(answer.sentences)) {
    const lines = group.sentences.map((sentence) => {
      const numbers = [...new Set(sentence.citations.map((citation) => citation.number))].sort((a, b) => a - b);
      const text = isQuotation(sentence) ? `“${sentence.text}”` : sentence.text;
      return `${text} ${numbers.map((number) => `[${number}]`).join("")}`.trim();
    });
    parts.push([group.heading, ...lines].filter(Boolean).join("\n"));
  }
  parts.push(["References", ...references(answer, origin)].join("\n"));
  parts.push(`${madeBy(answer)}.\nProbatum quotes evidence; it does not diagnose. Check the source before acting.`);
  return parts.join("\n\n");
}

function references(answer: AnswerResult, origin: string): string[] {
  return citedSources(answer.sentences).map(({ number, first, quotes }) => {
    const marks = [
      statusLabels[asOfToday(first).status],
      quotes.some((quote) => changeOf(quote) === "revised") ? "Revised since" : null,
      quotes.some(({ ocr }) => typeof ocr === "number") ? "Text recognised from a scan" : null,
      first.isSample ? "Sample document" : null,
    ].filter(Boolean);
    const corrections = first.today?.corrections ?? [];
    const places = [...new Set(quotes.map(placeOf).filter(Boolean))].join("; ");
    const facts = [
      first.title.replace(/\.$/, ""),
      first.collectionTitle,
      evidenceLabels[first.evidenceLevel],
      formatDate(first.publishedOn),
      namedId(first.sourceId),
      ...corrections,
      places,
    ].filter(Boolean);
    const prefix = marks.length > 0 ? `${marks.map((mark) => `[${mark?.toUpperCase()}]`).join(" ")} ` : "";
    const address = `${origin}${sourceHref({ documentId: first.documentId, start: first.start, end: first.end })}`;
    return `${number}. ${prefix}${facts.join(". ")}. ${address}`;
  });
}

/** A file's hash names nothing to a reader. */
function namedId(sourceId: string): string | null {
  return sourceId.startsWith("sha256:") ? null : sourceId;
}
