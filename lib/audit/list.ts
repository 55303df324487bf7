import { z } from "zod";
import { type AuditRow, type AuditSelection, selectActorIds, selectAudit, selectAuditActions } from "#db/index.ts";
import type { Viewer } from "../auth/index.ts";
import { requirePermission } from "../auth/require-permission.ts";
import { parseInput } from "../conversations/input.ts";
import type { Deps } from "../deps.ts";
import { record } from "./record.ts";

const text = z.string().trim().min(1).max(200, "at most 200 characters");
const day = z.iso.date("expected a day such as 2026-03-05");
const auditFilter = z.strictObject({
  /** Part of a name or an address, or an id such as `operator`. */
  person: text.optional(),
  /** With all that begins with it: `archive` is `archive.read` too. */
  action: text.regex(/^[a-z0-9._-]+$/i, "expected an action such as archive.read").optional(),
  /** An id. */
  subject: text.optional(),
  from: day.optional(),
  until: day.optional(),
});
const id = z.coerce.number().int().nonnegative();
const pageInput = z.object({
  before: id.optional(),
  after: id.optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
});

/** A row of the log, as it is shown and streamed. */
export interface AuditView {
  id: number;
  /** ISO. */
  at: string;
  tenantId: string | null;
  actorId: string;
  actorName: string | null;
  actorEmail: string | null;
  action: string;
  subjectType: string;
  subjectId: string;
  details: Record<string, unknown>;
  /** In hexadecimal. */
  hash: string;
}

/**
 * A page of the tenant's audit log, the last first; behind an id (`after`) the first first.
 * @throws ForbiddenError for anybody but owners and administrators; InvalidInputError
 */
export async function listAudit(
  deps: Pick<Deps, "database">,
  viewer: Viewer,
  filter: unknown = {},
  page: unknown = {},
): Promise<{ rows: AuditView[]; next: number | null }> {
  requirePermission(viewer, "audit.read");
  const selection = await selectionOf(deps, viewer, filter);
  const { before, after, limit } = parseInput(pageInput, page);
  const found = await selectAudit(deps.database, viewer.tenantId, selection, {
    before: before ?? null,
    after: after ?? null,
    limit: limit + 1,
  });
  const rows = found.slice(0, limit).map(auditViewOf);
  return { rows, next: found.length > limit ? (rows.at(-1)?.id ?? null) : null };
}

/** The actions that the log knows, for its filter. @throws ForbiddenError */
export async function listAuditActions(deps: Pick<Deps, "database">, viewer: Viewer): Promise<string[]> {
  requirePermission(viewer, "audit.read");
  return selectAuditActions(deps.database, viewer.tenantId);
}

const linesAtOnce = 500;

/** What the filter leaves, a line of JSON each, the first first; that it was taken away is recorded before. */
export async function exportAudit(
  deps: Pick<Deps, "database">,
  viewer: Viewer,
  filter: unknown,
): Promise<AsyncGenerator<string>> {
  requirePermission(viewer, "audit.read");
  const selection = await selectionOf(deps, viewer, filter);
  await record(deps, {
    tenantId: viewer.tenantId,
    actorId: viewer.userId,
    action: "audit.export",
    subjectType: "tenant",
    subjectId: viewer.tenantId,
    details: { ...selection },
  });
  return lines(deps, viewer.tenantId, selection);
}

async function* lines(
  { database }: Pick<Deps, "database">,
  tenantId: string,
  selection: AuditSelection,
): AsyncGenerator<string> {
  for (let after = 0; ; ) {
    const rows = await selectAudit(database, tenantId, selection, { after, limit: linesAtOnce });
    for (const row of rows) yield auditLine(row);
    after = rows.at(-1)?.id ?? after;
    if (rows.length < linesAtOnce) return;
  }
}

async function selectionOf(deps: Pick<Deps, "database">, viewer: Viewer, given: unknown): Promise<AuditSelection> {
  const { person, action, subject, from, until } = parseInput(auditFilter, given);
  return {
    actorIds: person ? await selectActorIds(deps.database, viewer.tenantId, person) : null,
    action: action ?? null,
    subjectId: subject ?? null,
    from: from ?? null,
    until: until ?? null,
  };
}

export function auditViewOf({ occurredAt, hash, ...row }: AuditRow): AuditView {
  return { ...row, at: occurredAt.toISOString(), hash: hash?.toString("hex") ?? "" };
}

/** As a line of JSON, without names and addresses: what leaves the log names people by their ids. */
export function auditLine(row: AuditRow): string {
  const { actorName: _name, actorEmail: _email, ...rest } = auditViewOf(row);
  return `${JSON.stringify(rest)}\n`;
}
