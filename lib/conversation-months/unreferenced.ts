import { selectUnreferenced } from "#db/index.ts";
import type { Deps } from "../deps.ts";
import { conversationOfKey, monthsPrefix } from "./keys.ts";

const atOnce = 500;
const day = 86_400_000;

/**
 * Removes the objects of conversations that were purged with their tenant, and of movings that were cut off: what lies
 * where no conversation says it does. Objects of the last day stay, because somebody may be about to say so.
 * @returns how many were removed
 */
export async function removeUnreferenced(
  deps: Pick<Deps, "database" | "objects">,
  { olderThanMilliseconds = day, signal }: { olderThanMilliseconds?: number; signal?: AbortSignal } = {},
): Promise<number> {
  const before = Date.now() - olderThanMilliseconds;
  let removed = 0;
  let found: { key: string; id: string }[] = [];
  const remove = async () => {
    for (const key of await selectUnreferenced(deps.database, found)) {
      await deps.objects.delete(key);
      removed += 1;
    }
    found = [];
  };
  for await (const { key, lastModified } of deps.objects.list(monthsPrefix)) {
    signal?.throwIfAborted();
    const id = conversationOfKey(key);
    if (id && lastModified.getTime() <= before) found.push({ key, id });
    if (found.length >= atOnce) await remove();
  }
  await remove();
  return removed;
}
