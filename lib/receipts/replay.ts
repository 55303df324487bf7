import { listCollections, selectAnyReceipt, selectEarlierQuestions, selectPassageStandings } from "#db/index.ts";
import { type AskDeps, ask, type Receipt } from "../ask/index.ts";
import { type AnswerResult, type Citation, type QuestionFilters, questionFilters } from "../domain.ts";
import { InvalidInputError, NotFoundError } from "../errors.ts";
import { comparePassages, type PassageChanges } from "./compare-passages.ts";
import { isId, storedAnswer, storedReceipt } from "./stored.ts";

/** Something that was and is, whether or not it has changed. */
export interface Compared<Value> {
  before: Value;
  now: Value;
}

export interface ReplayedSentence {
  text: string;
  /** `<collection>/<source id>` of each cited document. */
  sources: string[];
}

/** An answer made again from the same question, and how the two differ. */
export interface Replay {
  messageId: string;
  question: string;
  askedAt: string;
  filters: QuestionFilters;
  /** Nothing of the answer or of what it rests on differs. A corpus version alone is no difference. */
  isSame: boolean;
  /** Names of what differs: `status`, `model`, `promptVersion`, `reranker`, `understanding`, `passages`, `sentences`. */
  changed: string[];
  status: Compared<string | null>;
  model: Compared<string | null>;
  promptVersion: Compared<string | null>;
  reranker: Compared<string | null>;
  /** The text that was searched; null before for receipts stored before it was kept. */
  searchText: Compared<string | null>;
  /** Corpus versions; `now` is null for a collection that is gone. */
  collections: ({ slug: string } & Compared<number | null>)[];
  passages: PassageChanges;
  sentences: { same: number; gone: ReplayedSentence[]; added: ReplayedSentence[] };
}

const compared = <Value>(before: Value, now: Value): Compared<Value> => ({ before, now });

/**
 * Asks a stored answer's question again, afresh, of the same collections with the same filters and earlier questions,
 * and compares. For whoever holds the machine: any tenant's. Stores nothing in the conversation.
 * @throws NotFoundError; InvalidInputError when it is no finished answer, none of its collections is left, or the model
 *   does not finish this time
 */
export async function replayAnswer(deps: AskDeps, messageId: string, signal?: AbortSignal): Promise<Replay> {
  const row = isId(messageId) ? await selectAnyReceipt(deps.database, messageId) : null;
  if (!row) throw new NotFoundError(`An answer with the id “${messageId}”`);
  const before = storedAnswer(row);
  if (!before)
    throw new InvalidInputError("This answer ended before anything of it was kept: there is nothing to compare.");
  const receipt = storedReceipt(row);
  const versions: Record<string, number> = receipt?.corpusVersions ?? {};
  const searched = receipt ? Object.keys(versions) : (row.metadata.collections ?? []);
  const known = await listCollections(deps.database, row.tenantId);
  const today = new Map(known.map((collection) => [collection.slug, collection]));
  const collections = searched.filter((slug) => today.has(slug));
  if (searched.length > 0 && collections.length === 0)
    throw new InvalidInputError(`None of the collections that were searched is left: ${searched.join(", ")}.`);
  const filters = questionFilters.catch({}).parse(row.metadata.filters ?? {});
  const now = await answerAgain(deps, {
    tenantId: row.tenantId,
    question: row.question,
    collections,
    filters,
    earlierQuestions: await selectEarlierQuestions(deps.database, row.conversationId, row.questionId, 5),
    ...(signal && { signal }),
  });
  const old = receipt?.passages ?? [];
  const standings = await selectPassageStandings(deps.database, row.tenantId, old);
  const sentences = compareSentences(before, now.result);
  const replay = {
    status: compared<string | null>(before.status, now.result.status),
    model: compared(before.model, now.result.model),
    promptVersion: compared(before.promptVersion, now.result.promptVersion),
    reranker: compared(receipt?.settings.reranker ?? null, now.receipt?.settings.reranker ?? null),
    searchText: compared(
      receipt?.settings.understanding?.searchText ?? null,
      now.receipt?.settings.understanding.searchText ?? null,
    ),
    collections: searched.map((slug) => ({
      slug,
      ...compared<number | null>(versions[slug] ?? null, today.get(slug)?.corpusVersion ?? null),
    })),
    passages: comparePassages(old, standings, now.receipt?.passages ?? []),
    sentences,
  };
  const changed = [
    ...(["status", "model", "promptVersion", "reranker"] as const).filter(
      (name) => replay[name].before !== replay[name].now,
    ),
    ...(replay.searchText.before !== null && replay.searchText.before !== replay.searchText.now
      ? ["understanding"]
      : []),
    ...(receipt && replay.passages.isChanged ? ["passages"] : []),
    ...(sentences.gone.length + sentences.added.length > 0 ? ["sentences"] : []),
  ];
  const { question } = row;
  const askedAt = row.askedAt.toISOString();
  return { messageId, question, askedAt, filters, isSame: changed.length === 0, changed, ...replay };
}

async function answerAgain(
  deps: AskDeps,
  request: Parameters<typeof ask>[1],
): Promise<{ result: AnswerResult; receipt: Receipt | null }> {
  let receipt: Receipt | null = null;
  for await (const event of ask(deps, { ...request, fresh: true })) {
    if (event.type === "receipt") receipt = event.receipt;
    if (event.type !== "done") continue;
    const { status, error } = event.result;
    if (status === "failed" || status === "stopped")
      throw new InvalidInputError(error ?? "It was stopped before it was answered again.");
    return { result: event.result, receipt };
  }
  throw new Error("an answer ended without its end");
}

function compareSentences(before: AnswerResult, now: AnswerResult): Replay["sentences"] {
  const told = (result: AnswerResult) =>
    result.sentences.map(({ text, citations }) => ({ text, sources: [...new Set(citations.map(sourceOf))] }));
  const keyOf = ({ text, sources }: ReplayedSentence) =>
    JSON.stringify([text.replace(/\s+/g, " "), sources.toSorted()]);
  const [old, young] = [told(before), told(now)];
  const [oldKeys, youngKeys] = [new Set(old.map(keyOf)), new Set(young.map(keyOf))];
  return {
    same: young.filter((sentence) => oldKeys.has(keyOf(sentence))).length,
    gone: old.filter((sentence) => !youngKeys.has(keyOf(sentence))),
    added: young.filter((sentence) => !oldKeys.has(keyOf(sentence))),
  };
}

function sourceOf({ collection, sourceId }: Citation): string {
  return `${collection}/${sourceId}`;
}
