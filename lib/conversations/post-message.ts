import { insertQuestion, isAnswerOf, selectConversation, selectEarlierQuestions } from "#db/index.ts";
import { guardQuestion } from "../ask/index.ts";
import { permit } from "../audit/index.ts";
import type { Viewer } from "../auth/index.ts";
import { chooseCollections } from "../collections/index.ts";
import { ensureHere } from "../conversation-months/index.ts";
import type { Deps } from "../deps.ts";
import type { MessageView } from "../domain.ts";
import { InvalidInputError, NotFoundError } from "../errors.ts";
import { questionRedactor } from "../identifiers/index.ts";
import type { Lease } from "../limits/index.ts";
import { checkId, parseInput, postedQuestion } from "./input.ts";
import { type AnswerJob, produceAnswer } from "./produce-answer.ts";
import { messageViewOf, shownViewOf } from "./views.ts";

export interface Posted {
  conversationId: string;
  question: MessageView;
  answer: MessageView;
  /** Where the event stream stood before the question. */
  eventsAfter: string;
}

const earlierQuestionLimit = 5;

/**
 * Stores a question and starts its answer, which goes on whether or not anybody stays to read it. Returns at once.
 * Patient identifiers are kept beside it and go nowhere else.
 * @throws ForbiddenError for readers, RateLimitedError, IdentifiersRefusedError, NotFoundError when the conversation is not the viewer's to write
 * in
 */
export async function postMessage(deps: Deps, viewer: Viewer, conversationId: string, input: unknown): Promise<Posted> {
  await permit(deps, viewer, "ask", "ask");
  checkId(conversationId, "The conversation");
  const { question: written, collections, filters, parentId, notIdentifiers } = parseInput(postedQuestion, input);
  guardQuestion(written);
  const redact = await questionRedactor(deps, viewer, written, notIdentifiers);
  await chooseCollections(deps.database, viewer.tenantId, collections);
  await ensureHere(deps, viewer, conversationId);
  if (parentId) await checkParent(deps, viewer, conversationId, parentId);
  const lease = await beginAnswer(deps, viewer);
  const asked = { question: redact, collections, filters, ...(parentId !== undefined && { parentId }) };
  return store(deps, viewer, conversationId, asked, lease).catch((error) => {
    lease.release();
    throw error;
  });
}

type Asked = Omit<Parameters<typeof insertQuestion>[3], "eventsAfter"> & Pick<AnswerJob, "filters">;

async function store(deps: Deps, viewer: Viewer, conversationId: string, asking: Asked, lease: Lease): Promise<Posted> {
  const { collections, filters } = asking;
  const eventsAfter = await deps.events.latestId(conversationId);
  const asked = { ...asking, eventsAfter };
  const insert = () => insertQuestion(deps.database, viewer, conversationId, asked);
  // Moved out at this very moment: it comes back once more.
  const stored = (await insert()) ?? ((await ensureHere(deps, viewer, conversationId)) ? await insert() : null);
  if (!stored) throw new NotFoundError("The conversation");
  // The stream holds no identifiers: each reader's process puts them back.
  for (const row of [stored.question, stored.answer]) {
    await deps.events.append(conversationId, { type: "message", message: messageViewOf(row) });
  }
  const earlierQuestions = await selectEarlierQuestions(
    deps.database,
    conversationId,
    stored.question.id,
    earlierQuestionLimit,
  );
  produceAnswer(deps, {
    answer: stored.answer,
    tenantId: viewer.tenantId,
    question: stored.question.content,
    collections,
    filters,
    earlierQuestions,
    lease,
  });
  return {
    conversationId,
    question: shownViewOf(stored.question),
    answer: shownViewOf(stored.answer),
    eventsAfter,
  };
}

async function checkParent(deps: Deps, viewer: Viewer, conversationId: string, parentId: string): Promise<void> {
  const conversation = await selectConversation(deps.database, viewer, conversationId);
  if (!conversation) throw new NotFoundError("The conversation");
  if (!(await isAnswerOf(deps.database, conversation, parentId))) {
    throw new InvalidInputError("“parentId”: no answer of this conversation has this id.");
  }
}

/**
 * Counts one question of the viewer, and one more answer in the making until the lease is released.
 * @throws RateLimitedError when there have been too many; ProbatumError 429 when too many are being made at once
 */
export async function beginAnswer({ limits }: Deps, viewer: Viewer): Promise<Lease> {
  const lease = await limits.beginAnswer(viewer.userId);
  try {
    await limits.take("question", viewer.userId);
    return lease;
  } catch (error) {
    lease.release();
    throw error;
  }
}
