import { randomUUID } from "node:crypto";
import { InvalidInputError } from "../errors.ts";

/** Below it lie the moved conversations: `months/<YYYY-MM>/<conversation>/<one moving of it>.jsonl.gz`. */
export const monthsPrefix = "months/";

const keyPattern = /^months\/\d{4}-\d{2}\/([0-9a-f-]{36})\/[0-9a-f-]{36}\.jsonl\.gz$/;

/** A key that no other moving uses: two that move one conversation at once never write over each other. */
export function newKey(conversation: { id: string; month: string }): string {
  return `${monthsPrefix}${conversation.month.slice(0, 7)}/${conversation.id}/${randomUUID()}.jsonl.gz`;
}

/** The conversation that an object belongs to; null for what is none of ours. */
export function conversationOfKey(key: string): string | null {
  return keyPattern.exec(key)?.[1] ?? null;
}

/**
 * @param text `2025-03`
 * @returns the month's first day, ISO
 * @throws InvalidInputError
 */
export function parseMonth(text: string): string {
  if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(text)) throw new InvalidInputError(`“${text}” is no month: write it as 2025-03.`);
  return `${text}-01`;
}
