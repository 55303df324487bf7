import type { ArchiveJobRow } from "#db/index.ts";
import type { JobView } from "../views.ts";

export function jobViewOf(row: ArchiveJobRow): JobView {
  const { id, kind, status, cancelRequested, counts, outcome, bytes, error, createdAt, finishedAt } = row;
  const asked = row.request as { form?: string; change?: { action: string } };
  const hasFile = status === "complete" && row.pieces > 0 && row.removedAt === null && row.expiresAt !== null;
  return {
    id,
    kind,
    status,
    cancelRequested,
    what: asked.form ?? asked.change?.action ?? "jsonl",
    counts: {
      conversations: counts.conversations ?? 0,
      messages: counts.messages ?? 0,
      refused: counts.refused ?? 0,
      total: counts.total ?? null,
    },
    outcome,
    bytes,
    error,
    createdAt: createdAt.toISOString(),
    finishedAt: finishedAt?.toISOString() ?? null,
    downloadUntil: hasFile && row.expiresAt && row.expiresAt > new Date() ? row.expiresAt.toISOString() : null,
  };
}
