import type { Deps } from "#lib/deps.ts";
import type { MessageStatus } from "#lib/domain.ts";
import { answerResult } from "#lib/domain.ts";

/** A message as it lies in the database. */
export interface Stored {
  id: string;
  sequenceId: number;
  status: MessageStatus;
  role: "user" | "assistant" | "system";
  sentences: Map<number, string>;
  /** What is said to the reader where the answer failed. */
  error: string | null;
}

export async function storedMessages({ database }: Pick<Deps, "database">, conversationId: string): Promise<Stored[]> {
  const { rows } = await database.pool.query<Omit<Stored, "sentences" | "error"> & { answer: unknown }>(
    `select id, sequence_id::float8 as "sequenceId", status, role, answer from messages
     where conversation_id = $1 order by sequence_id`,
    [conversationId],
  );
  return rows.map(({ answer, ...row }) => {
    const parsed = answer === null ? null : answerResult.parse(answer);
    const sentences = new Map(parsed?.sentences.map(({ index, text }) => [index, text]));
    return { ...row, sentences, error: parsed?.error ?? null };
  });
}

/** Sequence ids that are missing from 1 to the last, and those that stand twice. */
export function gapsOf(stored: Stored[]): { gaps: number; doubled: number } {
  const places = new Set(stored.map(({ sequenceId }) => sequenceId));
  const last = Math.max(0, ...places);
  return { gaps: last - places.size, doubled: stored.length - places.size };
}

/** Sentences that stood before a reader and do not stand in what is stored, or stand there in other words. */
export function notKept(shown: Map<number, string> | undefined, stored: Stored | undefined): number {
  return [...(shown ?? [])].filter(([index, text]) => stored?.sentences.get(index) !== text).length;
}
