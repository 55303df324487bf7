import { finishAnswer, selectSilentAnswers } from "#db/index.ts";
import { emptyAnswer } from "../ask/index.ts";
import type { Deps } from "../deps.ts";
import { answerResult } from "../domain.ts";
import { finishedAnswer } from "./finished-answer.ts";
import { purgeConversations } from "./purge.ts";
import { messageViewOf } from "./views.ts";

/** An answer saves itself every few seconds; one silent for so long has lost its process. */
const silentSeconds = 30;
const interval = 10_000;
const purgeInterval = 3_600_000;
const lost = "The server stopped while this was answered. Ask again.";

/**
 * Ends, now and then, the answers whose process died, so that no reader waits for one that will never come; and removes
 * the conversations whose time is over.
 * @returns a function that ends the sweeping
 */
export function startSweeping(deps: Pick<Deps, "database" | "objects" | "events" | "env" | "log">): () => void {
  const timers = [
    setInterval(() => {
      sweep(deps).catch((error) => deps.log.warn({ err: error }, "interrupted answers could not be looked for"));
    }, interval),
    setInterval(() => {
      purgeConversations(deps).catch((error) => deps.log.warn({ err: error }, "deleted conversations were not purged"));
    }, purgeInterval),
  ];
  for (const timer of timers) timer.unref();
  return () => timers.forEach(clearInterval);
}

/** Fails the answers silent for so many seconds and returns how many; what they had shown stays, with its citations. */
export async function sweep(deps: Pick<Deps, "database" | "events">, silence = silentSeconds): Promise<number> {
  let ended = 0;
  for (const row of await selectSilentAnswers(deps.database, silence)) {
    const shown = row.answer === null ? emptyAnswer(null) : answerResult.parse(row.answer);
    const end = finishedAnswer({ ...shown, status: "failed", error: lost }, null);
    const stored = await finishAnswer(deps.database, row, end, silence);
    if (!stored) continue; // it lives after all, or another process swept it
    ended += 1;
    await deps.events.append(row.conversationId, { type: "done", messageId: row.id, message: messageViewOf(stored) });
  }
  return ended;
}
