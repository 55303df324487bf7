import { finishAnswer, type MessageRow } from "#db/index.ts";
import { ask, emptyAnswer, type Receipt, withShown } from "../ask/index.ts";
import type { Deps } from "../deps.ts";
import type { ConversationEvent, QuestionFilters } from "../domain.ts";
import { isProbatumError } from "../errors.ts";
import type { Lease } from "../limits/index.ts";
import { withoutIdentifiers } from "../phi/index.ts";
import { withinBudget } from "../usage/index.ts";
import { finishedAnswer } from "./finished-answer.ts";
import { showAnswer } from "./show-answer.ts";
import { withStanding } from "./standing.ts";
import { stopStream } from "./stop.ts";
import { messageViewOf } from "./views.ts";

export interface AnswerJob {
  answer: Pick<MessageRow, "id" | "conversationId" | "month">;
  tenantId: string;
  question: string;
  collections: string[];
  filters: QuestionFilters;
  earlierQuestions: string[];
  fresh?: boolean;
  /** Held while the answer is made. */
  lease?: Lease;
}

/**
 * Makes one answer in the background of this process: what is shown is stored and then goes to the conversation's
 * stream, and the end is stored with citations and receipt. Never throws: whatever goes wrong becomes a failed answer
 * that says so.
 */
export function produceAnswer(deps: Deps, job: AnswerJob): void {
  const abort = new AbortController();
  const done = run(deps, job, abort)
    .catch((error) => deps.log.error({ err: error, messageId: job.answer.id }, "an answer could not be stored"))
    .finally(() => {
      deps.running.delete(job.answer.id);
      job.lease?.release();
    });
  deps.running.set(job.answer.id, { abort, done });
}

function run(deps: Deps, job: AnswerJob, abort: AbortController): Promise<void> {
  return withinBudget(deps, job.tenantId, (own, notice) => make(own, job, abort, notice));
}

async function make(deps: Deps, job: AnswerJob, abort: AbortController, notice: string | null): Promise<void> {
  const { id: messageId, conversationId } = job.answer;
  let result = emptyAnswer(deps.chatModel, job.filters);
  let receipt: Receipt | null = null;
  // Those stored before questions were checked are checked now.
  const earlierQuestions = job.earlierQuestions.map((question) => withoutIdentifiers(question));
  const shown = showAnswer(deps, job.answer, result, abort);
  const ended = new AbortController();
  void abortWhenStopped(deps, messageId, abort, ended.signal);
  try {
    for await (const event of ask(deps, { ...job, earlierQuestions, signal: abort.signal })) {
      if (event.type === "receipt") receipt = event.receipt;
      else {
        result = withShown(result, event);
        if (event.type !== "done") shown.push({ ...event, messageId }, result);
      }
    }
  } catch (error) {
    deps.log.error({ err: error, messageId }, "an answer failed");
    result = { ...result, status: "failed", error: explain(error) };
  } finally {
    ended.abort();
    await shown.end();
  }
  const stored = await finishAnswer(deps.database, job.answer, finishedAnswer({ ...result, notice }, receipt));
  if (!stored) return;
  const message = await withStanding(deps, job.tenantId, messageViewOf(stored));
  const done: ConversationEvent = { type: "done", messageId, message };
  await deps.events.append(conversationId, done);
}

/** A reader may stop the answer at another process than the one that makes it. */
async function abortWhenStopped(
  { events, log }: Deps,
  messageId: string,
  abort: AbortController,
  signal: AbortSignal,
): Promise<void> {
  try {
    for await (const _stop of events.subscribe(stopStream(messageId), { signal })) abort.abort();
  } catch (error) {
    log.warn({ err: error, messageId }, "a stop from another process would be noticed late");
  }
}

function explain(error: unknown): string {
  if (isProbatumError(error)) return error.message;
  return "Something went wrong while this was answered. It has been logged; ask again.";
}
