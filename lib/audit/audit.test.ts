import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { cutAuditLog, type Database } from "#db/index.ts";
import type { Viewer } from "../auth/index.ts";
import type { Deps } from "../deps.ts";
import { ForbiddenError, NotFoundError } from "../errors.ts";
import { makeViewer, openTestDeps } from "../testing/deps.ts";
import { deniedPerMinute, recordDeniedRequest } from "./denied-requests.ts";
import { exportAudit, listAudit, listAuditActions, record, tailAll, tailTenant, verifyAudit } from "./index.ts";

const { DATABASE_URL: databaseUrl, REDIS_URL: redisUrl } = process.env;

describe("the audit log on embedded Postgres", () => suite(() => openTestDeps()));
if (databaseUrl && redisUrl)
  describe("the audit log on a real Postgres", () => suite(() => openTestDeps({ databaseUrl, redisUrl })));
else
  describe.skip("the audit log on a real Postgres (skipped: DATABASE_URL is not set)", () =>
    suite(() => openTestDeps()));

function suite(open: () => Promise<Deps>): void {
  let deps: Deps;
  beforeAll(async () => {
    deps = await open();
  });
  afterAll(() => deps?.close());

  const owner = async (): Promise<Viewer> => {
    const viewer = await makeViewer(deps);
    await deps.database.pool.query("update members set role = 'owner' where user_id = $1", [viewer.userId]);
    return { ...viewer, role: "owner" };
  };
  const write = async (viewer: Pick<Viewer, "userId"> & { tenantId: string | null }, actions: string[]) => {
    for (const action of actions)
      await record(deps, {
        tenantId: viewer.tenantId,
        actorId: viewer.userId,
        action,
        subjectType: "test",
        subjectId: "x",
        details: { n: 1.5, text: "ü|“" },
      });
  };
  const verdict = async (tenant: string) => (await verifyAudit(deps.database, { tenant })).chains[0];
  const ids = async (tenantId: string): Promise<number[]> =>
    (
      await deps.database.pool.query("select id::int from audit_log where tenant_id = $1 order by id", [tenantId])
    ).rows.map(({ id }) => id);

  /** As somebody who owns the table and switches its triggers off. */
  async function tamper(statements: string[]): Promise<void> {
    const { pool } = deps.database;
    await pool.query("alter table audit_log disable trigger user");
    try {
      for (const statement of statements) await pool.query(statement);
    } finally {
      await pool.query("alter table audit_log enable trigger user");
    }
  }

  test("a whole log is whole, of every tenant and of none, while others write", async () => {
    const viewer = await owner();
    await write(viewer, ["a", "b"]);
    await write({ tenantId: null, userId: "anonymous" }, ["sign-in.refused"]);
    const writing = write(
      viewer,
      Array.from({ length: 30 }, (_, at) => `c.${at}`),
    );
    for (let turn = 0; turn < 5; turn += 1) {
      const { chains } = await verifyAudit(deps.database);
      expect(chains.map(({ broken }) => broken)).toEqual(chains.map(() => null));
      expect(chains.map(({ chain }) => chain)).toContain("");
    }
    await writing;
    expect(await verdict(viewer.tenantId)).toMatchObject({ rows: 32, broken: null });
  });

  test.each([
    [
      "a changed row",
      (at: number[]) => [`update audit_log set actor_id = 'other' where id = ${at[2]}`],
      2,
      /not what was written/,
    ],
    [
      "changed details",
      (at: number[]) => [`update audit_log set details = '{}' where id = ${at[2]}`],
      2,
      /not what was written/,
    ],
    ["a removed row", (at: number[]) => [`delete from audit_log where id = ${at[2]}`], 3, /does not follow/],
    ["a removed first row", (at: number[]) => [`delete from audit_log where id = ${at[0]}`], 1, /does not follow/],
    [
      "a row slipped in with a hash of its own",
      (at: number[]) => [
        `update audit_log set id = id + 1000000 where id > ${at[2]} and tenant_id = (select tenant_id from audit_log where id = ${at[2]})`,
      ],
      3,
      /not what was written/,
    ],
    [
      "an end cut off",
      (at: number[]) => [`delete from audit_log where id in (${at[4]}, ${at[5]})`],
      5,
      /cut off: 2 rows/,
    ],
  ])("%s is named by the first row that does not fit", async (_name, statements, broken, why) => {
    const viewer = await owner();
    await write(viewer, ["a", "b", "c", "d", "e", "f"]);
    const before = await ids(viewer.tenantId);
    await tamper(statements(before));
    const found = await verdict(viewer.tenantId);
    expect(found?.broken?.why).toMatch(why);
    expect(Number(found?.broken?.id) % 1_000_000).toBe(before[broken]);
  });

  test("an end cut off together with its head, or a log written anew, is found by a head kept elsewhere", async () => {
    const viewer = await owner();
    await write(viewer, ["a", "b", "c"]);
    const anchor = (await verdict(viewer.tenantId))?.head as string;
    expect((await verifyAudit(deps.database, { tenant: viewer.tenantId, anchor })).anchorFound).toBe(true);
    const before = await ids(viewer.tenantId);
    await tamper([
      `delete from audit_log where id = ${before[2]}`,
      `update audit_heads h set last_id = a.id, hash = a.hash, rows = 2 from audit_log a where a.id = ${before[1]} and h.chain = a.tenant_id::text`,
    ]);
    expect((await verdict(viewer.tenantId))?.broken).toBeNull(); // consistent in itself
    expect((await verifyAudit(deps.database, { tenant: viewer.tenantId, anchor })).anchorFound).toBe(false);
    await tamper([`delete from audit_heads where chain = '${viewer.tenantId}'`]);
    expect(
      (await verifyAudit(deps.database)).chains.find(({ chain }) => chain === viewer.tenantId)?.broken?.why,
    ).toMatch(/head was removed/);
  });

  test("old rows go from the beginning only, and what is left is whole; recent ones stay even so", async () => {
    const viewer = await owner();
    await write(viewer, ["a", "b", "c", "d"]);
    const before = await ids(viewer.tenantId);
    // Eight years later: the chain is written anew as it would stand then.
    await tamper([
      `update audit_log set occurred_at = occurred_at - interval '8 years' where id in (${before[0]}, ${before[1]})`,
      ...before.map(
        (
          id,
        ) => `update audit_log a set previous_hash = (select p.hash from audit_log p where p.tenant_id = a.tenant_id and p.id < a.id order by p.id desc limit 1),
          hash = sha256(convert_to(encode(coalesce((select p.hash from audit_log p where p.tenant_id = a.tenant_id and p.id < a.id order by p.id desc limit 1), ''::bytea), 'hex')
          || '|' || a.id || '|' || a.tenant_id || '|' || a.actor_id || '|' || a.action || '|' || a.subject_type || '|' || a.subject_id || '|' || a.details::text || '|' || extract(epoch from a.occurred_at)::text, 'UTF8'))
          where id = ${id}`,
      ),
      `update audit_heads h set hash = a.hash from audit_log a where a.id = ${before[3]} and h.chain = a.tenant_id::text`,
    ]);
    expect((await verdict(viewer.tenantId))?.broken).toBeNull();
    expect(await cutAuditLog(deps.database, 6)).toBe(2);
    expect(await verdict(viewer.tenantId)).toMatchObject({ rows: 2, cutRows: 2, broken: null });
    expect(await cutAuditLog(deps.database, 6)).toBe(0);
    await write(viewer, ["e"]);
    expect(await verdict(viewer.tenantId)).toMatchObject({ rows: 3, broken: null });
    // Whoever says what the cutting function says does not get at recent rows.
    const { pool } = deps.database;
    await expect(
      pool
        .query("select set_config('probatum.audit_cut', 'on', false)")
        .then(() =>
          pool.query(
            `begin; set local probatum.audit_cut = 'on'; delete from audit_log where id = ${before[3]}; commit`,
          ),
        ),
    ).rejects.toThrow(/append-only/);
    await pool.query("rollback");
    await pool.query("select set_config('probatum.audit_cut', '', false)");
  });

  test("is read by person, action, subject and date, page by page, by owners and administrators of the tenant alone", async () => {
    const viewer = await owner();
    const own: Deps = { ...deps, database: deps.database.confinedTo(viewer.tenantId) };
    await write(viewer, ["archive.read", "archive.export", "sign-in", "archived"]);
    const actions = async (filter: object, page = {}) =>
      (await listAudit(own, viewer, filter, page)).rows.map(({ action }) => action);
    expect(await actions({})).toEqual(["archived", "sign-in", "archive.export", "archive.read"]);
    expect(await actions({ action: "archive" })).toEqual(["archive.export", "archive.read"]);
    expect(await actions({ person: viewer.email })).toHaveLength(4);
    expect(await actions({ person: "operator" })).toEqual([]);
    expect(await actions({ subject: "y" })).toEqual([]);
    expect(await actions({ until: "2001-01-01" })).toEqual([]);
    const first = await listAudit(own, viewer, {}, { limit: 3 });
    expect(await actions({}, { before: first.next })).toEqual(["archive.read"]);
    expect(await listAuditActions(own, viewer)).toEqual(["archive.export", "archive.read", "archived", "sign-in"]);
    await expect(listAudit(own, viewer, { action: "'; drop" })).rejects.toThrow(/action/);
    for (const role of ["archivist", "curator", "clinician", "reader"])
      await expect(listAudit(own, { ...viewer, role })).rejects.toThrow(ForbiddenError);
    const other = await owner();
    expect((await listAudit(deps, other)).rows).toEqual([]);
    const lines: string[] = [];
    for await (const line of await exportAudit(own, viewer, { action: "archive" })) lines.push(line);
    expect(lines.map((line) => JSON.parse(line).action)).toEqual(["archive.read", "archive.export"]);
    expect(lines.join("")).not.toContain(viewer.email);
    expect(await actions({ action: "audit.export" })).toEqual(["audit.export"]);
  });

  test("follows: what there is, then what comes, in order, until the reader may no longer", async () => {
    const viewer = await owner();
    await write(viewer, ["a", "b"]);
    const end = new AbortController();
    const seen: string[] = [];
    let isAllowed = true;
    const tail = tailTenant(deps.database, viewer.tenantId, {
      after: 0,
      follow: true,
      signal: end.signal,
      pollMs: 5,
      mayGoOn: async () => isAllowed,
    });
    for await (const text of tail) {
      seen.push(
        ...text
          .trim()
          .split("\n")
          .filter(Boolean)
          .map((line) => JSON.parse(line).action),
      );
      if (seen.length === 2) await write(viewer, ["c"]);
      if (seen.length === 3) isAllowed = false;
    }
    expect(seen).toEqual(["a", "b", "c"]);
    const all: string[] = [];
    for await (const line of tailAll(deps.database, {
      after: 0,
      follow: false,
      signal: end.signal,
      tenant: viewer.tenantId,
    }))
      all.push(JSON.parse(line).action);
    expect(all).toEqual(["a", "b", "c"]);
  });

  test("a denial is recorded by route and target, a flood of them by its number", async () => {
    const viewer = await owner();
    const stranger = await makeViewer(deps);
    const { rows } = await deps.database.pool.query(
      "insert into conversations (tenant_id, owner_id, title) values ($1, $2, 'Theirs') returning id",
      [stranger.tenantId, stranger.userId],
    );
    const own = { database: deps.database.confinedTo(viewer.tenantId) as Database };
    const route = "GET /api/conversations/[id]";
    const missing = new NotFoundError("The conversation");
    vi.useFakeTimers({ toFake: ["setTimeout"] });
    try {
      await recordDeniedRequest(
        own,
        viewer,
        { route, params: { id: "00000000-0000-4000-8000-000000000000" } },
        missing,
      );
      await recordDeniedRequest(own, viewer, { route, params: { id: rows[0].id } }, missing);
      for (let at = 0; at < deniedPerMinute + 5; at += 1)
        await recordDeniedRequest(own, viewer, { route: "POST /api/x", params: {} }, new ForbiddenError("no"));
      await vi.advanceTimersByTimeAsync(61_000);
    } finally {
      vi.useRealTimers();
    }
    await vi.waitFor(async () =>
      expect((await listAudit(deps, viewer, { action: "denied.more" })).rows).toHaveLength(1),
    );
    const denied = (await listAudit(deps, viewer, { action: "denied" })).rows.toReversed();
    expect(denied[0]).toMatchObject({ subjectId: rows[0].id, details: { route, status: 404, role: "owner" } });
    expect(denied).toHaveLength(deniedPerMinute + 1);
    expect(denied.at(-1)).toMatchObject({ action: "denied.more", details: { more: 6 } });
  });
}
