import { kindLabels } from "#app/conversation/feedback/own-feedback.ts";
import type { ArchiveMode, ArchiveStateName, ChangeAction, JobStatus, ReasonKind } from "#lib/archive/views.ts";

export const stateLabels: Record<ArchiveStateName, string> = {
  open: "Open",
  archived: "Archived for everybody",
  deleted: "Deleted, in its time of grace",
  moved: "Moved to the object store",
  held: "Held",
  failed: "With a failed answer",
  abstained: "With an answer that found no evidence",
};

export const reasonLabels: Record<ReasonKind, string> = {
  care: "Care of a patient",
  complaint: "Complaint",
  incident: "Incident or error",
  legal: "Legal matter",
  quality: "Quality review",
  request: "Request of a person in it",
  other: "Other",
};

export const modeLabels: Record<ArchiveMode, string> = {
  normal: "Normal: names are shown",
  pseudonymised: "Pseudonymised: people appear under pseudonyms",
  off: "Off: nobody lists or reads other people's conversations",
};

export const actionLabels: Record<ChangeAction, string> = {
  archive: "Archive for everybody",
  restore: "Restore",
  retain: "Keep until a day",
  hold: "Put under legal hold",
  release: "Release from keeping",
  delete: "Delete after the time of grace",
};

export const jobLabels: Record<JobStatus, string> = {
  queued: "waiting",
  running: "under way",
  complete: "done",
  failed: "failed",
  cancelled: "cancelled",
};

export const feedbackLabels = kindLabels;
