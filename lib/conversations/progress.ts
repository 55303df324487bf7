import { type Database, type MessageRow, saveProgress } from "#db/index.ts";
import type { AnswerResult } from "../domain.ts";
import { answerText } from "./views.ts";

/** Keeps what unfinished answers have shown, so that nothing a reader has seen can be lost. */
export interface ProgressSaver {
  /**
   * Resolves when it is stored; also the answer's sign of life. False once the answer has been ended from elsewhere.
   * Answers that are saved at the same moment share one statement.
   */
  save(message: Pick<MessageRow, "id" | "month">, shown: AnswerResult): Promise<boolean>;
}

interface Waiting {
  row: { id: string; month: string; content: string; answer: AnswerResult };
  settled: PromiseWithResolvers<boolean>;
}

const savers = new WeakMap<Database, ProgressSaver>();

/** The saver of this process for a database. */
export function progressSaver(database: Database): ProgressSaver {
  const known = savers.get(database);
  if (known) return known;
  let waiting = new Map<string, Waiting>();
  let isWriting = false;

  async function write() {
    isWriting = true;
    while (waiting.size > 0) {
      const taken = waiting;
      waiting = new Map();
      try {
        const open = await saveProgress(
          database,
          [...taken.values()].map(({ row }) => row),
        );
        for (const [id, { settled }] of taken) settled.resolve(open.has(id));
      } catch (error) {
        for (const { settled } of taken.values()) settled.reject(error);
      }
    }
    isWriting = false;
  }

  const saver: ProgressSaver = {
    save({ id, month }, shown) {
      const settled = waiting.get(id)?.settled ?? Promise.withResolvers<boolean>();
      waiting.set(id, { row: { id, month, content: answerText(shown.sentences).content, answer: shown }, settled });
      if (!isWriting) void write();
      return settled.promise;
    },
  };
  savers.set(database, saver);
  return saver;
}
