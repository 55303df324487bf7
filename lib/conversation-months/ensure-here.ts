import { type Reader, selectConversation } from "#db/index.ts";
import type { Deps } from "../deps.ts";
import { bringBack } from "./bring-back.ts";

/**
 * Brings a moved conversation back for a reader of it, before something is done that needs its rows.
 * @returns false when it was here already, or is not the reader's
 */
export async function ensureHere(
  deps: Pick<Deps, "database" | "objects" | "log">,
  reader: Reader,
  conversationId: string,
): Promise<boolean> {
  const conversation = await selectConversation(deps.database, reader, conversationId);
  if (conversation?.moved !== true) return false;
  return bringBack(deps, conversationId);
}
