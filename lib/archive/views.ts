import type { MessageView, ParticipantView } from "../domain.ts";

/** How far administrators see: all names; pseudonyms only; nothing. */
export const archiveModes = ["normal", "pseudonymised", "off"] as const;
export type ArchiveMode = (typeof archiveModes)[number];

export const stateNames = ["open", "archived", "deleted", "moved", "held", "failed", "abstained"] as const;
export type ArchiveStateName = (typeof stateNames)[number];

export const reasonKinds = ["care", "complaint", "incident", "legal", "quality", "request", "other"] as const;
export type ReasonKind = (typeof reasonKinds)[number];

export const changeActions = ["archive", "restore", "retain", "hold", "release", "delete"] as const;
export type ChangeAction = (typeof changeActions)[number];

export const exportForms = ["csv", "jsonl"] as const;
export type ExportForm = (typeof exportForms)[number];

/** A person as the archive shows them; in a pseudonymised archive name and id are the pseudonym. */
export interface ArchivePerson {
  id: string;
  name: string;
  email: string | null;
}

/** A conversation before a reason is given: its title and figures, no word of its messages. Moments are ISO. */
export interface ArchivedSummary {
  id: string;
  title: string;
  owner: ArchivePerson;
  createdAt: string;
  updatedAt: string;
  messages: number;
  people: number;
  archived: boolean;
  deletedAt: string | null;
  retainUntil: string | null;
  /** Kept by the archive until then; `infinity`: a legal hold. */
  heldUntil: string | null;
  moved: boolean;
}

export interface ArchivePage {
  mode: Exclude<ArchiveMode, "off">;
  conversations: ArchivedSummary[];
  /** To go on behind; null at the end. */
  next: string | null;
}

export interface ArchivedConversation extends ArchivedSummary {
  mode: Exclude<ArchiveMode, "off">;
  /** ISO: until when it may be read without another reason. */
  readableUntil: string;
  participants: ParticipantView[];
  shown: MessageView[];
  hasEarlier: boolean;
}

export type JobKind = "export" | "change" | "own-data";
export type JobStatus = "queued" | "running" | "complete" | "failed" | "cancelled";

/** Work on many conversations as its asker sees it. */
export interface JobView {
  id: string;
  kind: JobKind;
  status: JobStatus;
  /** It is to end as soon as it can. */
  cancelRequested: boolean;
  /** What an export is written as, what a change does. */
  what: string;
  /** Conversations gone through, messages written, conversations that could not be changed, and of how many. */
  counts: { conversations: number; messages: number; refused: number; total: number | null };
  /** The first hundred that were not changed, and why. */
  outcome: { id: string; why: string }[];
  bytes: number;
  error: string | null;
  createdAt: string;
  finishedAt: string | null;
  /** Until when its file can be downloaded; null when there is none. */
  downloadUntil: string | null;
}
