import {
  type CitationStanding as StandingRow,
  type StoredQuote,
  selectCitationStandings,
  selectQuoteStandings,
} from "#db/index.ts";
import type { Deps } from "../deps.ts";
import { nameOfRecord } from "../documents/index.ts";
import type { AnswerResult, Citation, CitationStanding, MessageView } from "../domain.ts";
import { besideSentences } from "./finished-answer.ts";

/**
 * The messages with what holds today of every citation; what their answers say stays as it was when they were made.
 * One query, whatever their number; a second one when some have been moved out, whose citations only they themselves hold.
 */
export async function withStandings(
  deps: Pick<Deps, "database">,
  tenantId: string,
  messages: MessageView[],
): Promise<MessageView[]> {
  const citing = messages.filter(({ answer }) => answer && cites(answer));
  const rows = await selectCitationStandings(
    deps.database,
    tenantId,
    citing.map(({ id }) => id),
  );
  const known = new Set(rows.map(({ messageId }) => messageId));
  const moved = citing.filter(({ id, status }) => !known.has(id) && status !== "pending" && status !== "streaming");
  rows.push(...(await selectQuoteStandings(deps.database, tenantId, moved.flatMap(quotesOf))));
  const standings = new Map(rows.map((row) => [`${row.messageId} ${placeOf(row)}`, standingOf(row)]));
  return messages.map((message) => {
    if (!message.answer) return message;
    const today = (sentenceIndex: number, citation: Citation): Citation => ({
      ...citation,
      today: standings.get(`${message.id} ${placeOf({ sentenceIndex, ...citation })}`) ?? null,
    });
    const sentences = message.answer.sentences.map((sentence) => ({
      ...sentence,
      citations: sentence.citations.map((citation) => today(sentence.index, citation)),
    }));
    const beside = (citation: Citation) => today(besideSentences, citation);
    const warnings = message.answer.warnings.map((warning) => ({
      ...warning,
      citations: warning.citations.map(beside),
    }));
    const contrasts = message.answer.contrasts.map((contrast) => ({
      ...contrast,
      sides: contrast.sides.map((side) => ({ ...side, citation: beside(side.citation) })),
    }));
    return { ...message, answer: { ...message.answer, sentences, warnings, contrasts } };
  });
}

/** The same for one message. */
export async function withStanding(
  deps: Pick<Deps, "database">,
  tenantId: string,
  message: MessageView,
): Promise<MessageView> {
  const [told] = await withStandings(deps, tenantId, [message]);
  return told ?? message;
}

function cites({ sentences, warnings, contrasts }: AnswerResult): boolean {
  return warnings.length > 0 || contrasts.length > 0 || sentences.some(({ citations }) => citations.length > 0);
}

function quotesOf({ id, createdAt, answer }: MessageView): StoredQuote[] {
  const { sentences = [], warnings = [], contrasts = [] } = answer ?? {};
  const quoted = [
    ...sentences.flatMap(({ index, citations }) => citations.map((citation) => ({ sentenceIndex: index, citation }))),
    ...warnings.flatMap(({ citations }) => citations.map((citation) => ({ sentenceIndex: besideSentences, citation }))),
    ...contrasts.flatMap(({ sides }) => sides.map(({ citation }) => ({ sentenceIndex: besideSentences, citation }))),
  ];
  return quoted
    .filter(({ citation }) => /^\d+$/.test(citation.documentId))
    .map(({ sentenceIndex, citation: { number, documentId, quote, start, end } }) => {
      return { messageId: id, answeredAt: createdAt, sentenceIndex, number, documentId, quote, start, end };
    });
}

function placeOf(place: { sentenceIndex: number; number: number; start: number; end: number }): string {
  return [place.sentenceIndex, place.number, place.start, place.end].join(" ");
}

function standingOf(row: StandingRow): CitationStanding {
  return {
    status: row.status as CitationStanding["status"],
    note: row.note,
    changedAt: row.changedAt?.toISOString() ?? null,
    revised: row.isRevised,
    corrections: row.corrections.map(
      ({ isUpdate, name }) => `${isUpdate ? "Updated" : "Corrected"} in ${nameOfRecord(name)}`,
    ),
  };
}
