import type { AnswerResult, Citation } from "#lib/domain.ts";
import { filterChips } from "./filters.ts";
import { evidenceLabels, formatDate, madeBy, statusLabels } from "./labels.ts";
import { citedSources, groupsOf, isQuotation, placeOf, sourceHref } from "./sources.ts";
import { asOfToday, changeOf } from "./standing.ts";
import { warningGroups, warningLabels } from "./warnings.ts";

/**
 * The answer as plain text with its reference list, for pasting into a note or a mail.
 * `origin` is the address the source links start with; marks such as "Retracted" and "Sample" stay with their source.
 */
export function answerWithReferences(question: string | null, answer: AnswerResult, origin: string): string {
  const parts: string[] = [];
  if (question) parts.push(`Question: ${question}`);
  const narrowed = filterChips(answer.filters).map(({ label }) => label);
  if (narrowed.length > 0) parts.push(`Searched only: ${narrowed.join("; ")}`);
  for (const { kind, drug, citations } of warningGroups(answer.warnings)) {
    const heading = `${warningLabels[kind].toUpperCase()}: ${drug}`;
    parts.push([heading, ...citations.map((citation) => quoteWithSource(citation, origin))].join("\n"));
  }
  for (const group of groupsOf(answer.sentences)) {
    const lines = group.sentences.map((sentence) => {
      const numbers = [...new Set(sentence.citations.map((citation) => citation.number))].sort((a, b) => a - b);
      const text = isQuotation(sentence) ? `“${sentence.text}”` : sentence.text;
      return `${text} ${numbers.map((number) => `[${number}]`).join("")}`.trim();
    });
    parts.push([group.heading, ...lines].filter(Boolean).join("\n"));
  }
  for (const { about, sides } of answer.contrasts) {
    const lines = sides.map(({ label, citation }) => `${label}: ${quoteWithSource(citation, origin)}`);
    parts.push([`Sources differ: ${about}`, ...lines].join("\n"));
  }
  if (answer.sentences.length > 0) parts.push(["References", ...references(answer, origin)].join("\n"));
  parts.push(`${madeBy(answer)}.\nProbatum quotes evidence; it does not diagnose. Check the source before acting.`);
  return parts.join("\n\n");
}

/** A quote that stands beside the answer, with all that its source is: it may be none of the numbered ones. */
function quoteWithSource(citation: Citation, origin: string): string {
  const today = asOfToday(citation);
  const marks = [statusLabels[today.status], citation.isSample ? "Sample document" : null].flatMap((mark) =>
    mark ? `[${mark.toUpperCase()}] ` : [],
  );
  const facts = [citation.title.replace(/\.$/, ""), formatDate(citation.publishedOn), placeOf(citation)].filter(
    Boolean,
  );
  return `“${citation.quote}” ${marks.join("")}${facts.join(". ")}. ${origin}${sourceHref(placeWithoutQuote(citation))}`;
}

/** Without the quote's words, which stand beside the address already. */
function placeWithoutQuote({ documentId, start, end }: Citation) {
  return { documentId, start, end };
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
    const address = `${origin}${sourceHref(placeWithoutQuote(first))}`;
    return `${number}. ${prefix}${facts.join(". ")}. ${address}`;
  });
}

/** A file's hash names nothing to a reader. */
function namedId(sourceId: string): string | null {
  return sourceId.startsWith("sha256:") ? null : sourceId;
}
