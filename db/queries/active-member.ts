import type { Database } from "../pool.ts";
import type { Membership } from "./accounts.ts";

/** A person as a member of one tenant; null when they are none, or were disabled there or altogether. */
export async function findActiveMember(
  database: Database,
  tenantId: string,
  userId: string,
): Promise<Membership | null> {
  const { rows } = await database.pool.query<Membership>(
    `select m.tenant_id as "tenantId", m.role, u.name, u.email
     from members m join users u on u.id = m.user_id
     where m.tenant_id = $1 and u.id = $2 and u.disabled_at is null and m.disabled_at is null`,
    [tenantId, userId],
  );
  return rows[0] ?? null;
}
