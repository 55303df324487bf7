import { finishAnswer, saveProgress } from "#db/index.ts";
import { ask, emptyAnswer, type Receipt, withShown } from "../ask/index.ts";
import type { Deps } from "../deps.ts";
import type { AnswerResult, ConversationEvent, MessageView, QuestionFilters } from "../domain.ts";
import { ProbatumError } from "../errors.ts";
import { finishedAnswer } from "./finished-answer.ts";
import { withStanding } from "./standing.ts";
import { answerText, messageViewOf } from "./views.ts";

/** Milliseconds between two savings of an unfinished answer; each is also its sign of life. */
const saveInterval = 1_000;

export interface AnswerJob {
  answer: MessageView;
  tenantId: string;
  question: string;
  collections: string[];
  filters: QuestionFilters;
  earlierQuestions: string[];
  fresh?: boolean;
}

/**
 * Makes one answer in the background of this process: every event goes to the conversation's stream, what has been
 * shown is saved as it grows, and the end is stored with citations and receipt. Never throws: whatever goes wrong
 * becomes a failed answer that says so.
 */
export function produceAnswer(deps: Deps, job: AnswerJob): void {
  const abort = new AbortController();
  const done = run(deps, job, abort)
    .catch((error) => deps.log.error({ err: error, messageId: job.answer.id }, "an answer could not be stored"))
    .finally(() => deps.running.delete(job.answer.id));
  deps.running.set(job.answer.id, { abort, done });
}

async function run(deps: Deps, job: AnswerJob, abort: AbortController): Promise<void> {
  const { id: messageId, conversationId } = job.answer;
  const publish = (event: ConversationEvent) => deps.events.append(conversationId, event);
  let result = emptyAnswer(deps.chatModel, job.filters);
  let receipt: Receipt | null = null;
  const saver = startSaving(deps, messageId, () => result, abort);
  try {
    for await (const event of ask(deps, { ...job, signal: abort.signal })) {
      if (event.type === "receipt") receipt = event.receipt;
      else {
        result = withShown(result, event);
        if (event.type !== "done") await publish({ ...event, messageId });
      }
    }
  } catch (error) {
    deps.log.error({ err: error, messageId }, "an answer failed");
    result = { ...result, status: "failed", error: explain(error) };
  } finally {
    await saver.stop();
  }
  const stored = await finishAnswer(deps.database, messageId, finishedAnswer(result, receipt));
  if (!stored) return;
  const message = await withStanding(deps, job.tenantId, messageViewOf(stored));
  await publish({ type: "done", messageId, message });
}

function startSaving(deps: Deps, messageId: string, current: () => AnswerResult, abort: AbortController) {
  let saving = Promise.resolve();
  const save = async () => {
    const result = current();
    try {
      const isOpen = await saveProgress(deps.database, messageId, {
        content: answerText(result.sentences).content,
        answer: result,
      });
      if (!isOpen) abort.abort(); // ended from elsewhere: stopped in another process, or deleted
    } catch (error) {
      deps.log.warn({ err: error, messageId }, "an unfinished answer could not be saved; it will be tried again");
    }
  };
  const timer = setInterval(() => {
    saving = saving.then(save);
  }, saveInterval);
  return {
    stop: async () => {
      clearInterval(timer);
      await saving;
    },
  };
}

function explain(error: unknown): string {
  if (error instanceof ProbatumError) return error.message;
  return "Something went wrong while this was answered. It has been logged; ask again.";
}
