import { type MessageRow, type OpenedConversationRow, selectConversation, selectReferences } from "#db/index.ts";
import type { Viewer } from "../auth/index.ts";
import { readMessages } from "../conversation-months/index.ts";
import { lineOf } from "../conversations/line.ts";
import { withStandings } from "../conversations/standing.ts";
import { shownTitle, shownViewOf } from "../conversations/views.ts";
import type { Deps } from "../deps.ts";
import type { AnswerResult, Citation, MessageView } from "../domain.ts";
import { NotFoundError } from "../errors.ts";
import { type CslItem, cslItemOf } from "./csl.ts";
import { vancouver } from "./references.ts";

/** A conversation, or one answer of it, as every written form of it shows it. */
export interface ExportedConversation {
  title: string;
  /** ISO. */
  exportedAt: string;
  /** Messages of other branches that are not in it. */
  leftOut: number;
  turns: ExportedTurn[];
  /** Every cited document once, numbered from 1 through the whole export. */
  references: ExportedReference[];
}

export interface ExportedTurn {
  question: string;
  askedBy: string | null;
  /** ISO. */
  askedAt: string;
  /** Searched collections' slugs; empty: all. */
  collections: string[];
  answer: ExportedAnswer | null;
}

export interface ExportedAnswer {
  status: MessageView["status"] | AnswerResult["status"];
  /** How it was made, in words. */
  method: string;
  warnings: { title: string; quotes: ExportedQuote[] }[];
  sentences: { text: string; group: string | null; numbers: number[] }[];
  contrasts: { about: string; sides: ({ label: string } & ExportedQuote)[] }[];
  /** What stands instead of sentences or after them. */
  remarks: string[];
}

interface ExportedQuote {
  text: string;
  number: number;
}

export interface ExportedReference {
  number: number;
  /** In Vancouver style, its marks in brackets. */
  text: string;
  item: CslItem;
  /** The quoted words with where they stand. */
  quotes: { text: string; place: string }[];
}

const pageSize = 500;

/**
 * The newest branch of a conversation, as it opens.
 * @param options `messageId`, an answer: it alone with its question; `wholly`: all branches, in the order of asking
 * @throws NotFoundError when the conversation or message is not the viewer's to read
 */
export async function gatherExport(
  deps: Pick<Deps, "database" | "objects">,
  viewer: Viewer,
  conversationId: string,
  { messageId, wholly = false }: { messageId?: string | undefined; wholly?: boolean } = {},
): Promise<ExportedConversation> {
  const conversation = await selectConversation(deps.database, viewer, conversationId);
  if (!conversation) throw new NotFoundError("The conversation");
  const all = (await allMessages(deps, viewer, conversation)).map(shownViewOf);
  const chosen = messageId !== undefined ? oneAnswer(all, messageId) : wholly ? all : lineOf(all, null);
  const messages = await withStandings(deps, viewer.tenantId, chosen);
  const numbers = numberDocuments(messages);
  const references = await referencesOf(deps, viewer, messages, numbers);
  return {
    title: shownTitle(conversation),
    exportedAt: new Date().toISOString(),
    leftOut: messageId === undefined ? all.length - chosen.length : 0,
    turns: turnsOf(messages, numbers),
    references,
  };
}

async function allMessages(
  deps: Pick<Deps, "database" | "objects">,
  viewer: Viewer,
  conversation: OpenedConversationRow,
): Promise<MessageRow[]> {
  const messages: MessageRow[] = [];
  for (let before: number | undefined; ; ) {
    const page: MessageRow[] = await readMessages(deps, viewer, conversation, { limit: pageSize, before });
    messages.unshift(...page);
    if (page.length < pageSize) return messages;
    before = page[0]?.sequenceId;
  }
}

function oneAnswer(messages: MessageView[], messageId: string): MessageView[] {
  const answer = messages.find(({ id, role }) => id === messageId && role === "assistant");
  if (!answer) throw new NotFoundError("The answer");
  return messages.filter(({ id }) => id === answer.id || id === answer.parentId);
}

/** Everything that an answer cites, in the order in which it is shown. */
function citationsOf(answer: AnswerResult): Citation[] {
  return [
    ...answer.warnings.flatMap(({ citations }) => citations),
    ...answer.sentences.flatMap(({ citations }) => citations),
    ...answer.contrasts.flatMap(({ sides }) => sides.map(({ citation }) => citation)),
  ];
}

function numberDocuments(messages: MessageView[]): Map<string, number> {
  const ids = messages.flatMap(({ answer }) => (answer ? citationsOf(answer) : [])).map(({ documentId }) => documentId);
  return new Map([...new Set(ids)].map((id, at) => [id, at + 1]));
}

async function referencesOf(
  deps: Pick<Deps, "database">,
  viewer: Viewer,
  messages: MessageView[],
  numbers: Map<string, number>,
): Promise<ExportedReference[]> {
  const rows = await selectReferences(deps.database, viewer.tenantId, [...numbers.keys()]);
  const items = new Map(rows.map((row) => [row.id, cslItemOf(row)]));
  const cited = Map.groupBy(
    messages.flatMap(({ answer }) => (answer ? citationsOf(answer) : [])),
    ({ documentId }) => documentId,
  );
  const known = [...numbers].map(([documentId, number]) => {
    const citations = cited.get(documentId) ?? [];
    // A document that is gone, or no longer the tenant's to read, is named as it was when it was cited.
    return { number, citations, item: items.get(documentId) ?? goneItem(documentId, citations[0]) };
  });
  const texts = vancouver(known.map(({ item }) => item));
  return known.map(({ number, citations, item }, at) => {
    const quotes = new Map(
      citations.map((one) => [`${one.start}-${one.end}`, { text: oneLine(one.quote), place: placeOf(one) }]),
    );
    return { number, item, text: texts[at] as string, quotes: [...quotes.values()] };
  });
}

function goneItem(documentId: string, citation: Citation | undefined): CslItem {
  return {
    id: `document-${documentId}`,
    type: "document",
    title: citation?.title ?? "Unknown document",
    note: "No longer in the collections",
  };
}

function placeOf({ section, page }: Citation): string {
  return [section, page === null ? null : `page ${page}`].filter(Boolean).join(", ");
}

function turnsOf(messages: MessageView[], numbers: Map<string, number>): ExportedTurn[] {
  const questions = new Map(messages.filter(({ role }) => role === "user").map((message) => [message.id, message]));
  const answers = messages.filter(({ role }) => role === "assistant");
  const answered = new Set(answers.map(({ parentId }) => parentId));
  const turns = answers.map((answer) => {
    const question = questions.get(answer.parentId ?? "");
    return turnOf(question ?? answer, answerOf(answer, numbers), answer.sequenceId);
  });
  const open = [...questions.values()].filter(({ id }) => !answered.has(id));
  return [...turns, ...open.map((question) => turnOf(question, null, question.sequenceId))]
    .toSorted((left, right) => left.order - right.order)
    .map(({ order: _order, ...turn }) => turn);
}

function turnOf(question: MessageView, answer: ExportedAnswer | null, order: number) {
  const { content, senderName, createdAt, collections } = question;
  return { order, question: content, askedBy: senderName, askedAt: createdAt, collections, answer };
}

function answerOf(message: MessageView, numbers: Map<string, number>): ExportedAnswer {
  const { answer, status } = message;
  if (!answer) {
    return { status, method: "", warnings: [], sentences: [], contrasts: [], remarks: ["Nothing was answered."] };
  }
  const numberOf = ({ documentId }: Citation) => numbers.get(documentId) as number;
  const quoteOf = (citation: Citation) => ({ text: oneLine(citation.quote), number: numberOf(citation) });
  return {
    status: answer.status,
    method:
      answer.mode === "extractive"
        ? "Sentences quoted from their sources; no language model."
        : `Written by ${answer.model}; each sentence checked against its quote.`,
    warnings: answer.warnings.map(({ kind, drug, citations }) => ({
      title: `${kind === "boxed_warning" ? "Boxed warning" : "Contraindication"}: ${drug}`,
      quotes: citations.map(quoteOf),
    })),
    sentences: answer.sentences.map(({ text, group, citations }) => ({
      text,
      group,
      numbers: [...new Set(citations.map(numberOf))],
    })),
    contrasts: answer.contrasts.map(({ about, sides }) => ({
      about,
      sides: sides.map(({ label, citation }) => ({ label, ...quoteOf(citation) })),
    })),
    remarks: remarksOf(answer),
  };
}

function remarksOf(answer: AnswerResult): string[] {
  const { gap, redirection, dropped, error, status } = answer;
  const changed = answer.sentences
    .flatMap(({ citations }) => citations)
    .filter(({ today }) => today && (today.status === "retracted" || today.status === "withdrawn" || today.revised));
  return [
    redirection && `${redirection.title} ${redirection.text}`,
    gap &&
      `No evidence was found. Searched: ${gap.searched
        .map(
          ({ title, documents, through }) =>
            `${title} (${documents} documents${through ? `, through ${through}` : ""})`,
        )
        .join("; ")}.`,
    status === "stopped" && "Stopped by its reader.",
    status === "failed" && (error ?? "The answer failed."),
    dropped.length > 0 && `Sentences dropped because their sources did not bear them out: ${dropped.length}.`,
    changed.length > 0 &&
      `Changed since this was answered: ${[...new Set(changed.map(({ title, today }) => `${title} (${today?.revised ? "revised" : today?.status})`))].join("; ")}.`,
  ].filter((remark): remark is string => typeof remark === "string");
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
