import type { FailureRow, FoundRun, ScheduleRow } from "#db/index.ts";
import { nextTimes } from "../jobs/index.ts";
import { type SourceRequest, sourceRequest } from "./source-request.ts";
import type { FailureView, RunView, ScheduleView } from "./views.ts";

const iso = (at: Date | null) => at?.toISOString() ?? null;

export function toRunView(run: FoundRun): RunView {
  const { collectionId: _, requestedByName, createdAt, startedAt, heartbeatAt, finishedAt, ...rest } = run;
  return {
    ...rest,
    requestText: describeRequest(run.kind, run.request),
    requestedBy: requestedByName,
    createdAt: createdAt.toISOString(),
    startedAt: iso(startedAt),
    heartbeatAt: iso(heartbeatAt),
    finishedAt: iso(finishedAt),
    actions: actionsOf(run),
  };
}

function actionsOf({ status, wanted, kind, unresolved, dryRun }: FoundRun): RunView["actions"] {
  const actions: RunView["actions"] = [];
  if (["queued", "interrupted", "running"].includes(status) && wanted === null) actions.push("pause");
  if (["paused", "interrupted", "failed"].includes(status) || wanted === "pause") actions.push("resume");
  if (["queued", "interrupted", "paused", "running"].includes(status) && wanted !== "cancel") actions.push("cancel");
  const hasEnded = ["complete", "failed", "cancelled"].includes(status);
  if (hasEnded && kind === "ingest" && !dryRun && unresolved > 0) actions.push("retry");
  return actions;
}

/** A request in one line, e.g. `pubmed-query “heart failure” from 2024-01-01`. */
export function describeRequest(kind: "ingest" | "embed", request: unknown): string {
  if (kind === "embed") {
    const { provider, model, dimensions } = request as Record<string, unknown>;
    return `re-embed with ${model} (${provider}, ${dimensions} dimensions)`;
  }
  const known = sourceRequest.safeParse(request);
  return known.success ? describeSource(known.data) : JSON.stringify(request);
}

function describeSource(request: SourceRequest): string {
  const { kind, ...settings } = request;
  const words = Object.entries(settings).map(([name, value]) => {
    if (Array.isArray(value))
      return value.length > 3 ? `${value.slice(0, 3).join(", ")} and ${value.length - 3} more` : value.join(", ");
    return name === "query" || name === "search"
      ? `“${value}”`
      : name === "prefix"
        ? String(value)
        : `${name} ${value}`;
  });
  return [kind, ...words].join(" ");
}

export function toFailureView({ occurredAt, ...rest }: FailureRow): FailureView {
  return { ...rest, occurredAt: occurredAt.toISOString() };
}

export function toScheduleView(row: ScheduleRow, now: Date): ScheduleView {
  const request = sourceRequest.parse(row.request);
  const { id, collection, cron, timeZone, enabled, lastRunId, lastRunStatus, lastRunAt } = row;
  return {
    id,
    collection,
    request,
    requestText: describeSource(request),
    cron,
    timeZone,
    enabled,
    nextAt: enabled ? iso(nextTimes(cron, timeZone, now, 1)[0] ?? null) : null,
    lastRun: lastRunId
      ? { id: lastRunId, status: lastRunStatus as RunView["status"], createdAt: (lastRunAt as Date).toISOString() }
      : null,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}
