import type { ParticipantRole, ParticipantView, Presence } from "#lib/domain.ts";

export const roleLabels: Record<ParticipantRole, string> = {
  owner: "Owner",
  writer: "May ask",
  reader: "May read",
  answerer: "Answers",
};

/** One or two letters that stand for a name. */
export function initialsOf(name: string): string {
  const words = name.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== "");
  const ends = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  return ends.map((word) => [...(word ?? "?")][0]?.toUpperCase()).join("");
}

/** Who, beside the reader, writes a question at this moment; only those who may ask. */
export function askingLine(present: Presence[], participants: ParticipantView[], readerId: string): string {
  const mayAsk = new Set(participants.filter(({ role }) => role === "owner" || role === "writer").map(({ id }) => id));
  const names = present.filter(({ id, asking }) => asking && id !== readerId && mayAsk.has(id)).map(({ name }) => name);
  if (names.length === 0) return "";
  if (names.length > 3) return `${names.length} people are asking…`;
  const last = names.at(-1);
  return names.length === 1 ? `${last} is asking…` : `${names.slice(0, -1).join(", ")} and ${last} are asking…`;
}

/** How far somebody has read. */
export function readInWords(unread: number): string {
  return unread === 0 ? "has read all" : `${unread} unread`;
}
