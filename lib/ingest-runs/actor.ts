import type { TenantScope } from "#db/index.ts";
import { record } from "../audit/index.ts";
import type { Viewer } from "../auth/index.ts";
import { requirePermission } from "../auth/require-permission.ts";
import type { Deps } from "../deps.ts";
import { InvalidInputError } from "../errors.ts";

/** Whoever holds the machine: commands and workers. Sees the collections of all tenants. */
export const system = { kind: "system" } as const;

/** A signed-in person, or the machine's holder. */
export type Actor = Viewer | typeof system;

/** @throws ForbiddenError for people of other roles than owner, administrator and curator */
export function requireCurator(actor: Actor): { scope: TenantScope; tenantId: string | null; userId: string | null } {
  if ("kind" in actor) return { scope: "all", tenantId: null, userId: null };
  requirePermission(actor, "collections.curate");
  const { tenantId, userId } = actor;
  return { scope: { tenantId }, tenantId, userId };
}

/** Writes a change of a collection, its spaces, runs or schedules into the audit log. */
export function recordChange(
  deps: Pick<Deps, "database">,
  actor: Actor,
  action: string,
  subject: { type: "collection" | "run" | "schedule" | "space"; id: string },
  details: Record<string, unknown> = {},
): Promise<void> {
  const { tenantId, userId } = requireCurator(actor);
  return record(deps, {
    tenantId,
    actorId: userId ?? "operator",
    action,
    subjectType: subject.type,
    subjectId: subject.id,
    details,
  });
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** @throws InvalidInputError when it has not the form of a run's or schedule's id */
export function checkId(id: string, what: string): string {
  const lower = id.toLowerCase();
  if (!uuid.test(lower)) throw new InvalidInputError(`“${id}” is no id of a ${what}.`);
  return lower;
}
