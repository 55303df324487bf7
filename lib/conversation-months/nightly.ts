import { makeSearchable } from "./make-searchable.ts";
import { settleMonths } from "./settle.ts";
import { removeUnreferenced } from "./unreferenced.ts";

type NightlyDeps = Parameters<typeof makeSearchable>[0];

const interval = 3_600_000;
/** Hours of the machine's own day in which few ask. */
const nightFrom = 1;
const nightUntil = 5;
/** Some nights may be missed. */
const changedWithinDays = 7;

/**
 * At night, brings together the rows of conversations that have fallen silent, removes from the object store what
 * belongs to no conversation, and lets search know of what was moved without its knowledge. All is done bit by bit,
 * holds nobody up, and may be cut off or done by several at once.
 * @returns a function that ends it
 */
export function startNightly(deps: NightlyDeps): () => void {
  const abort = new AbortController();
  let doneOn = "";
  const timer = setInterval(() => {
    const now = new Date();
    const today = now.toDateString();
    if (now.getHours() < nightFrom || now.getHours() >= nightUntil || doneOn === today) return;
    doneOn = today;
    keepMonths(deps, abort.signal).catch((error: unknown) => {
      if (!abort.signal.aborted) deps.log.warn({ err: error }, "the months of messages were not put in order");
    });
  }, interval);
  timer.unref();
  return () => {
    clearInterval(timer);
    abort.abort();
  };
}

async function keepMonths(deps: NightlyDeps, signal: AbortSignal): Promise<void> {
  const settled = await settleMonths(deps, { changedWithinDays, signal });
  const removed = await removeUnreferenced(deps, { signal });
  const conversations = settled.reduce((sum, report) => sum + report.conversations, 0);
  if (conversations + removed > 0)
    deps.log.info({ conversations, removed }, "the months of messages were put in order");
  const searchable = await makeSearchable(deps, { signal });
  if (searchable.conversations + searchable.unread > 0)
    deps.log.info(searchable, "moved conversations were made searchable");
}
