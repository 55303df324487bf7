import { putBackMoved, selectMovedConversations, selectMovedPlace } from "#db/index.ts";
import type { Deps } from "../deps.ts";
import { getLines } from "./lines.ts";

type BringDeps = Pick<Deps, "database" | "objects" | "log">;

const pageSize = 500;

/**
 * Puts a moved conversation's messages back into their month, as they were; their vectors are made anew. Any number of
 * callers may do so at once. Whether the conversation is the caller's to use is for the caller to have asked.
 * @returns false when it was here already
 * @throws StorageError naming the object when it is missing or damaged
 */
export async function bringBack(deps: BringDeps, conversationId: string): Promise<boolean> {
  // Whoever brings it back, it comes back whole: a tenant's request does not see all that its rows name.
  const database = deps.database.root;
  for (;;) {
    const place = await selectMovedPlace(database, conversationId);
    if (!place) return false;
    try {
      const lines = await getLines(deps, place);
      if (!(await putBackMoved(database, conversationId, place, lines))) continue;
    } catch (error) {
      // Another may have brought it back and removed the object.
      const now = await selectMovedPlace(database, conversationId);
      if (now?.key === place.key) throw error;
      continue;
    }
    await deps.objects.delete(place.key).catch((error: unknown) => {
      deps.log.warn({ err: error, key: place.key }, "a conversation brought back left its object; it is swept later");
    });
    return true;
  }
}

/** Brings back all of a month's conversations and returns how many. */
export async function bringBackMonth(
  deps: BringDeps,
  month: string,
  { signal, onProgress }: { signal?: AbortSignal; onProgress?: (done: number) => void } = {},
): Promise<number> {
  let done = 0;
  for (let after: string | null = null; ; ) {
    const page: string[] = await selectMovedConversations(deps.database, month, { after, limit: pageSize });
    for (const id of page) {
      signal?.throwIfAborted();
      if (await bringBack(deps, id)) done += 1;
    }
    onProgress?.(done);
    after = page.at(-1) ?? null;
    if (page.length < pageSize) return done;
  }
}
