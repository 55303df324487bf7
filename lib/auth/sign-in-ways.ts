import { type Database, findAccountHolder } from "#db/index.ts";
import type { Viewer } from "./viewer.ts";

/** How somebody may sign in, passkeys and identity providers aside. */
export async function signInWaysOf(
  deps: { database: Database },
  viewer: Viewer,
): Promise<{ hasPassword: boolean; secondFactor: boolean }> {
  const holder = await findAccountHolder(deps.database, { id: viewer.userId });
  return { hasPassword: holder?.hasPassword ?? false, secondFactor: holder?.secondFactor ?? false };
}
