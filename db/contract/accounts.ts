import { createHash, randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { addUser, countUsers, type Database, findMembership } from "../index.ts";
import type { OpenTestDatabase } from "./types.ts";

const person = (change: object = {}) => ({
  email: `${randomUUID()}@Example.org`,
  name: "A Person",
  passwordHash: "hash",
  role: "administrator",
  ...change,
});

async function writeAudit(database: Database, tenantId: string, subject: string): Promise<void> {
  await database.pool.query(
    `insert into audit_log (tenant_id, actor_id, action, subject_type, subject_id, details)
     values ($1, 'actor', 'test', 'thing', $2, $3)`,
    [tenantId, subject, JSON.stringify({ b: 1, a: "ü|'" })],
  );
}

async function makeTenant(database: Database): Promise<string> {
  const { rows } = await database.pool.query<{ id: string }>(
    "insert into tenants (slug, name) values ($1, 'T') returning id",
    [randomUUID()],
  );
  return rows[0]?.id as string;
}

/** Places at which the chain of a tenant's rows, in their order, does not hold. */
async function brokenLinks(database: Database, tenantId: string): Promise<string[]> {
  const { rows } = await database.pool.query<Record<string, string> & { previous_hash: Buffer | null; hash: Buffer }>(
    `select id, tenant_id, actor_id, action, subject_type, subject_id, details::text,
       extract(epoch from occurred_at)::text as epoch, previous_hash, hash
     from audit_log where tenant_id = $1 order by id`,
    [tenantId],
  );
  let before: Buffer | null = null;
  const broken: string[] = [];
  for (const row of rows) {
    const { id, tenant_id, actor_id, action, subject_type, subject_id, details, epoch } = row;
    const material = [
      before?.toString("hex") ?? "",
      id,
      tenant_id,
      actor_id,
      action,
      subject_type,
      subject_id,
      details,
      epoch,
    ];
    const hash = createHash("sha256").update(material.join("|")).digest();
    const follows = before ? row.previous_hash?.equals(before) : row.previous_hash === null;
    if (!follows || !hash.equals(row.hash)) broken.push(String(id));
    before = row.hash;
  }
  return broken;
}

export function testAccounts(open: OpenTestDatabase): void {
  describe("accounts", () => {
    test("of several first starts at once only one makes the first administrator", async () => {
      const { database } = await open();
      expect(await countUsers(database)).toBe(0);
      const made = await Promise.all(Array.from({ length: 6 }, () => addUser(database, person(), true)));
      expect(made.filter(Boolean)).toHaveLength(1);
      expect(await countUsers(database)).toBe(1);
      const { rows } = await database.pool.query("select count(*)::int as tenants from tenants where slug = 'default'");
      expect(rows).toEqual([{ tenants: 1 }]);
      expect(await addUser(database, person(), true)).toBe(false);
    });

    test("an address is taken once, whatever its case", async () => {
      const { database } = await open();
      const email = `${randomUUID()}@example.org`;
      expect(await addUser(database, person({ email }))).toBe(true);
      expect(await addUser(database, person({ email: email.toUpperCase() }))).toBe(false);
    });

    test("a disabled person acts nowhere", async () => {
      const { database } = await open();
      const email = `${randomUUID()}@example.org`;
      await addUser(database, person({ email, role: "clinician" }));
      const { rows } = await database.pool.query<{ id: string }>("select id from users where email = $1", [email]);
      const id = rows[0]?.id as string;
      expect(await findMembership(database, id)).toMatchObject({ role: "clinician", email });
      await database.pool.query("update users set disabled_at = now() where id = $1", [id]);
      expect(await findMembership(database, id)).toBeNull();
      expect(await findMembership(database, randomUUID())).toBeNull();
    });
  });

  describe("the audit log", () => {
    test("each row's hash covers the row before it in its tenant", async () => {
      const { database } = await open();
      const [one, two] = [await makeTenant(database), await makeTenant(database)];
      for (let at = 0; at < 4; at += 1) {
        await writeAudit(database, one, String(at));
        await writeAudit(database, two, String(at));
      }
      expect(await brokenLinks(database, one)).toEqual([]);
      expect(await brokenLinks(database, two)).toEqual([]);
    });

    test("the chain holds for rows written at the same time", async () => {
      const { database } = await open();
      const tenant = await makeTenant(database);
      await Promise.all(Array.from({ length: 40 }, (_, at) => writeAudit(database, tenant, String(at))));
      expect(await brokenLinks(database, tenant)).toEqual([]);
    });

    test.each(["update audit_log set actor_id = 'other'", "delete from audit_log", "truncate audit_log"])(
      "refuses: %s",
      async (statement) => {
        const { database } = await open();
        await writeAudit(database, await makeTenant(database), "1");
        await expect(database.pool.query(statement)).rejects.toThrow(/append-only/);
      },
    );
  });
}
