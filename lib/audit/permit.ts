import type { Database } from "#db/index.ts";
import type { Permission } from "../auth/permissions.ts";
import { requirePermission } from "../auth/require-permission.ts";
import { markRecorded } from "./denied-requests.ts";
import { record } from "./record.ts";

/**
 * Requires a permission and records the denial of it.
 * @param deed what was wanted, by the name the audit log has for it
 * @throws ForbiddenError (403) naming the roles that may
 */
export async function permit(
  deps: { database: Database },
  viewer: { role: string; tenantId: string; userId: string },
  permission: Permission,
  deed: string,
): Promise<void> {
  try {
    requirePermission(viewer, permission);
  } catch (error) {
    await recordDenial(deps, viewer, deed, { permission });
    markRecorded(error);
    throw error;
  }
}

/** For what a permission alone does not decide. */
export async function recordDenial(
  deps: { database: Database },
  viewer: { role: string; tenantId: string; userId: string },
  deed: string,
  details: Record<string, unknown> = {},
): Promise<void> {
  await record(deps, {
    tenantId: viewer.tenantId,
    actorId: viewer.userId,
    action: "denied",
    subjectType: "deed",
    subjectId: deed,
    details: { ...details, role: viewer.role },
  });
}
