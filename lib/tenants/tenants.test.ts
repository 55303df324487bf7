import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findSession, findViewer, type Viewer } from "../auth/index.ts";
import { confinedDeps } from "../confined-deps.ts";
import type { Deps } from "../deps.ts";
import { ConflictError, ForbiddenError, InvalidInputError, NotFoundError } from "../errors.ts";
import { disableMember, inviteMember, joinAsKnownPerson, joinAsNewPerson } from "../people/index.ts";
import { makeViewer, openTestDeps } from "../testing/deps.ts";
import { addTenant, changeTenantSettings, chooseTenant, getTenantSettings, listOwnTenants } from "./index.ts";

const server = process.env.DATABASE_URL;
describe("tenants on the embedded Postgres", () => suite(undefined));
if (server) describe("tenants on a real Postgres", () => suite(server));
else describe.skip("on a real Postgres (skipped: DATABASE_URL is not set)", () => suite(undefined));

const password = "a hedge of hawthorn, twelve feet high";

function suite(databaseUrl: string | undefined): void {
  let deps: Deps;
  beforeAll(async () => {
    deps = await openTestDeps(databaseUrl ? { databaseUrl } : {});
  });
  afterAll(() => deps?.close());

  async function owner(): Promise<Viewer> {
    const viewer = await makeViewer(deps);
    await deps.database.pool.query("update members set role = 'owner' where user_id = $1", [viewer.userId]);
    return { ...viewer, role: "owner" };
  }
  const secretOf = ({ path }: { path: string }) => path.replace("/invitation/", "");
  async function signIn(email: string): Promise<Headers> {
    const response = await deps.auth.api.signInEmail({ body: { email, password }, asResponse: true });
    return new Headers({ cookie: (response.headers.get("set-cookie") ?? "").split(";")[0] ?? "" });
  }
  async function sessionOf(headers: Headers) {
    const session = await findSession(deps, headers);
    if (!session) throw new Error("not signed in");
    return session;
  }

  describe("somebody of two tenants", () => {
    test("acts in the one they chose, and in none that is not theirs", async () => {
      const [one, two, foreign] = [await owner(), await owner(), await owner()];
      const email = `${randomUUID()}@example.org`;
      const first = await inviteMember(confinedDeps(deps, one), one, { email, role: "clinician" });
      await joinAsNewPerson(deps, { secret: secretOf(first), name: "Both", password });
      const headers = await signIn(email);
      const session = await sessionOf(headers);
      expect(await listOwnTenants(deps, session)).toHaveLength(1);
      const second = await inviteMember(confinedDeps(deps, two), two, { email, role: "reader" });
      await joinAsKnownPerson(deps, session.viewer, secretOf(second));
      expect(await findViewer(deps, headers)).toMatchObject({ tenantId: two.tenantId, role: "reader" });
      const own = await listOwnTenants(deps, session);
      expect(own.map(({ id, role }) => [id, role]).toSorted()).toEqual(
        [
          [one.tenantId, "clinician"],
          [two.tenantId, "reader"],
        ].toSorted(),
      );

      await chooseTenant(deps, session, { tenantId: one.tenantId });
      expect(await findViewer(deps, headers)).toMatchObject({ tenantId: one.tenantId, role: "clinician" });
      await expect(chooseTenant(deps, session, { tenantId: foreign.tenantId })).rejects.toThrow(NotFoundError);
      await expect(chooseTenant(deps, session, { tenantId: randomUUID() })).rejects.toThrow(NotFoundError);
      await expect(chooseTenant(deps, session, { tenantId: "one" })).rejects.toThrow(InvalidInputError);
      await expect(chooseTenant(deps, { id: randomUUID() }, { tenantId: two.tenantId })).rejects.toThrow(NotFoundError);
      expect(await findViewer(deps, headers)).toMatchObject({ tenantId: one.tenantId });

      // Disabled in one, they are signed out, and find the other alone when they come back.
      await disableMember(confinedDeps(deps, one), one, session.viewer.userId);
      expect(await findViewer(deps, headers)).toBeNull();
      const again = await signIn(email);
      expect(await findViewer(deps, again)).toMatchObject({ tenantId: two.tenantId });
      const anew = await sessionOf(again);
      await expect(chooseTenant(deps, anew, { tenantId: one.tenantId })).rejects.toThrow(NotFoundError);
      const { rows } = await deps.database.pool.query(
        "select count(*)::int as entered from audit_log where action = 'tenant.enter' and actor_id = $1",
        [session.viewer.userId],
      );
      expect(rows).toEqual([{ entered: 1 }]);
    });
  });

  describe("settings", () => {
    test("are read and changed by owners and administrators, of their own tenant, on record", async () => {
      const [one, two] = [await owner(), await owner()];
      expect(await changeTenantSettings(confinedDeps(deps, one), one, { name: " St  Jude " })).toMatchObject({
        name: "St Jude",
      });
      expect((await getTenantSettings(confinedDeps(deps, two), two)).name).toBe("Clinic");
      for (const role of ["archivist", "curator", "clinician", "reader"]) {
        const viewer = { ...one, role };
        await expect(getTenantSettings(confinedDeps(deps, viewer), viewer)).rejects.toThrow(ForbiddenError);
        await expect(changeTenantSettings(confinedDeps(deps, viewer), viewer, { name: "X" })).rejects.toThrow(
          ForbiddenError,
        );
      }
      await expect(changeTenantSettings(confinedDeps(deps, one), one, { name: " " })).rejects.toThrow(
        InvalidInputError,
      );
      // The operator's right is not theirs to take.
      await expect(changeTenantSettings(confinedDeps(deps, one), one, { keepsShared: true })).rejects.toThrow(
        InvalidInputError,
      );
      const { rows } = await deps.database.pool.query(
        "select action, details from audit_log where tenant_id = $1 order by id",
        [one.tenantId],
      );
      expect(rows[0]).toMatchObject({ action: "settings.change", details: { settings: ["name"] } });
      expect(rows.filter(({ action }) => action === "denied")).toHaveLength(8);
    });
  });

  describe("a further tenant", () => {
    test("is added with its first owner invited, or there at once, and keeps nothing shared", async () => {
      const first = await owner();
      const slug = `t-${randomUUID()}`;
      const { invitationPath } = await addTenant(deps, { slug, name: "North", owner: `${randomUUID()}@example.org` });
      await joinAsNewPerson(deps, { secret: secretOf({ path: invitationPath ?? "" }), name: "Nora", password });
      const again = addTenant(deps, { slug, name: "North", owner: first.email });
      await expect(again).rejects.toThrow(ConflictError);
      const other = `t-${randomUUID()}`;
      expect(await addTenant(deps, { slug: other, name: "South", owner: first.email })).toEqual({
        invitationPath: null,
      });
      const { rows } = await deps.database.pool.query(
        `select t.slug, t.keeps_shared, m.role, count(a.id)::int as recorded from tenants t join members m on m.tenant_id = t.id
         join audit_log a on a.tenant_id = t.id and a.action = 'tenant.add'
         where t.slug = any($1) group by 1, 2, 3 order by t.slug = $2`,
        [[slug, other], other],
      );
      expect(rows).toEqual([
        { slug, keeps_shared: false, role: "owner", recorded: 1 },
        { slug: other, keeps_shared: false, role: "owner", recorded: 1 },
      ]);
      await expect(addTenant(deps, { slug: "Not a slug", name: "X", owner: first.email })).rejects.toThrow(/“slug”/);
    });
  });
}
