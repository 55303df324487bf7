import type { RunStatus, RunView, SpaceView, UploadedFileView } from "#lib/ingest-runs/index.ts";

export const runStatusLabels: Record<RunStatus, string> = {
  queued: "Waiting",
  running: "Running",
  paused: "Paused",
  complete: "Complete",
  failed: "Failed",
  interrupted: "Interrupted",
  cancelled: "Cancelled",
};

export const runStatusNames = Object.keys(runStatusLabels) as RunStatus[];

/** What was asked of a run at work that it has not done yet. */
export const wantedLabels: Record<NonNullable<RunView["wanted"]>, string> = {
  pause: "Pausing",
  cancel: "Cancelling",
};

export const triggerLabels: Record<RunView["trigger"], string> = {
  command: "Command line",
  person: "By hand",
  schedule: "Schedule",
  upload: "Upload",
  retry: "Retry",
};

export const spaceLabels: Record<SpaceView["state"], string> = {
  active: "Searched",
  filling: "Being filled",
  retired: "Kept for going back",
};

export const fileResultLabels: Record<UploadedFileView["result"], string> = {
  waiting: "Waiting",
  added: "Taken in",
  updated: "Taken in, in place of an earlier version",
  unchanged: "Held already, unchanged",
  failed: "Failed",
  unread: "Not read: the run ended before it",
};

export const failureCodeLabels: Record<string, string> = {
  malformed: "Malformed",
  missing_field: "Field missing",
  encrypted: "Encrypted",
  no_text: "No text",
  too_large: "Too large",
  forbidden: "Refused",
  timeout: "Took too long",
  unreadable: "Unreadable",
};

/** True while a run may still change by itself: it is worth looking again. */
export function isOpen({ status }: Pick<RunView, "status">): boolean {
  return status === "queued" || status === "running" || status === "interrupted";
}
