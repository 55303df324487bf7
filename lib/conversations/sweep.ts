import { failSilentAnswers } from "#db/index.ts";
import type { Deps } from "../deps.ts";
import { messageViewOf } from "./views.ts";

/** An answer saves itself every few seconds; one silent for so long has lost its process. */
const silentSeconds = 30;
const interval = 10_000;

/**
 * Ends, now and then, the answers whose process died, so that no reader waits for one that will never come.
 * @returns a function that ends the sweeping
 */
export function startSweeping(deps: Pick<Deps, "database" | "events" | "log">): () => void {
  const timer = setInterval(() => {
    sweep(deps).catch((error) => deps.log.warn({ err: error }, "interrupted answers could not be looked for"));
  }, interval);
  timer.unref();
  return () => clearInterval(timer);
}

export async function sweep(deps: Pick<Deps, "database" | "events">, silence = silentSeconds): Promise<number> {
  const ended = await failSilentAnswers(
    deps.database,
    silence,
    "The server stopped while this was answered. Ask again.",
  );
  for (const row of ended) {
    const message = messageViewOf(row);
    await deps.events.append(row.conversationId, { type: "done", messageId: row.id, message });
  }
  return ended.length;
}
