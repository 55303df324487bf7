import type { MessageRow } from "#db/index.ts";
import type { Deps } from "../deps.ts";
import type { AnswerResult, ConversationEvent } from "../domain.ts";
import { progressSaver } from "./progress.ts";

/** Milliseconds after which a silent answer gives a sign of life. */
const signOfLife = 1_000;

/** Shows an answer as it grows. */
export interface ShownAnswer {
  /** @param result what will have been shown with this event */
  push(event: ConversationEvent, result: AnswerResult): void;
  /** When all of it has been shown. */
  end(): Promise<void>;
}

/**
 * Stores what an answer shows before anybody sees it, and then tells the conversation's stream: a reader never has what
 * the store has not, whenever the process dies. Events that come while one is being stored go together.
 * @param abort aborted when the answer has been ended from elsewhere: stopped, deleted, or given up as lost
 */
export function showAnswer(
  deps: Pick<Deps, "database" | "events" | "log">,
  answer: Pick<MessageRow, "id" | "conversationId" | "month">,
  initial: AnswerResult,
  abort: AbortController,
): ShownAnswer {
  const saver = progressSaver(deps.database);
  let latest = initial;
  let stored: AnswerResult | null = null;
  let queue: ConversationEvent[] = [];
  let showing: Promise<void> | null = null;

  async function save(): Promise<void> {
    const state = latest;
    try {
      if (!(await saver.save(answer, state))) abort.abort();
      stored = state;
    } catch (error) {
      deps.log.warn(
        { err: error, messageId: answer.id },
        "an unfinished answer could not be saved; it will be tried again",
      );
    }
  }

  async function show(): Promise<void> {
    while (queue.length > 0) {
      const events = queue;
      queue = [];
      if (latest !== stored) await save();
      for (const event of events) await deps.events.append(answer.conversationId, event);
    }
  }

  const timer = setInterval(() => void save(), signOfLife);
  return {
    push(event, result) {
      queue.push(event);
      latest = result;
      showing ??= show().finally(() => {
        showing = null;
      });
    },
    async end() {
      clearInterval(timer);
      await showing;
    },
  };
}
