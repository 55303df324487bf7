import { createHash, randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findMembership } from "#db/index.ts";
import { findViewer, type Viewer } from "../auth/index.ts";
import type { Role } from "../auth/permissions.ts";
import { confinedDeps } from "../confined-deps.ts";
import type { Deps } from "../deps.ts";
import { ConflictError, ForbiddenError, InvalidInputError, NotFoundError } from "../errors.ts";
import type { Mail } from "../mail/index.ts";
import { makeViewer, openTestDeps } from "../testing/deps.ts";
import {
  changeMemberRole,
  disableMember,
  enableMember,
  inviteMember,
  joinAsKnownPerson,
  joinAsNewPerson,
  listTenantPeople,
  openInvitation,
  removeMember,
  resendInvitation,
  revokeInvitation,
} from "./index.ts";

const server = process.env.DATABASE_URL;
describe("the people of a tenant on the embedded Postgres", () => suite(undefined));
if (server) describe("the people of a tenant on a real Postgres", () => suite(server));
else describe.skip("on a real Postgres (skipped: DATABASE_URL is not set)", () => suite(undefined));

function suite(databaseUrl: string | undefined): void {
  let deps: Deps;
  beforeAll(async () => {
    deps = await openTestDeps(databaseUrl ? { databaseUrl } : {});
  });
  afterAll(() => deps?.close());

  async function member(role: Role, tenantId?: string): Promise<Viewer> {
    const viewer = await makeViewer(deps, tenantId);
    await deps.database.pool.query("update members set role = $3 where tenant_id = $1 and user_id = $2", [
      viewer.tenantId,
      viewer.userId,
      role,
    ]);
    return { ...viewer, role };
  }
  async function actionsOf(tenantId: string): Promise<string[]> {
    const { rows } = await deps.database.pool.query<{ action: string }>(
      "select action from audit_log where tenant_id = $1 order by id",
      [tenantId],
    );
    return rows.map(({ action }) => action);
  }
  /** As a request runs: behind row-level security. */
  const as = (viewer: Viewer) => confinedDeps(deps, viewer);
  const secretOf = ({ path }: { path: string }) => path.replace("/invitation/", "");
  const address = () => `${randomUUID()}@example.org`;
  const password = "a hedge of hawthorn, twelve feet high";
  const signIn = (email: string, of = password) =>
    deps.auth.api.signInEmail({ body: { email, password: of }, asResponse: true });
  const cookieOf = (response: Response) => ({ cookie: (response.headers.get("set-cookie") ?? "").split(";")[0] ?? "" });

  describe("an invitation", () => {
    test("is kept as a hash, opened, accepted with a password of one's own, and used up", async () => {
      const owner = await member("owner");
      const email = address();
      const link = await inviteMember(as(owner), owner, { email: ` ${email.toUpperCase()} `, role: "curator" });
      expect(secretOf(link)).toMatch(/^[\w-]{43}$/);
      const { rows } = await deps.database.pool.query("select * from invitations where id = $1", [link.id]);
      expect(rows[0].token_hash).toEqual(createHash("sha256").update(secretOf(link)).digest());
      expect(JSON.stringify(rows)).not.toContain(secretOf(link));
      expect((rows[0].expires_at.getTime() - rows[0].created_at.getTime()) / 86_400_000).toBeCloseTo(7, 3);
      expect((await listTenantPeople(as(owner), owner)).invitations).toMatchObject([
        { email, role: "curator", expired: false },
      ]);

      expect(await openInvitation(deps, secretOf(link))).toMatchObject({ email, role: "curator", known: false });
      await joinAsNewPerson(deps, { secret: secretOf(link), name: "Grace", password });
      const people = await listTenantPeople(as(owner), owner);
      expect(people.invitations).toEqual([]);
      expect(people.members.find((one) => one.email === email)).toMatchObject({
        name: "Grace",
        role: "curator",
        state: "active",
      });
      await expect(joinAsNewPerson(deps, { secret: secretOf(link), name: "Eve", password })).rejects.toThrow(
        NotFoundError,
      );
      await expect(openInvitation(deps, secretOf(link))).rejects.toThrow(NotFoundError);

      const viewer = await findViewer(deps, new Headers(cookieOf(await signIn(email))));
      expect(viewer).toMatchObject({ tenantId: owner.tenantId, role: "curator", name: "Grace" });
      expect(await actionsOf(owner.tenantId)).toEqual(expect.arrayContaining(["member.invite", "member.join"]));
      const log = await deps.database.pool.query("select details from audit_log where tenant_id = $1", [
        owner.tenantId,
      ]);
      expect(JSON.stringify(log.rows)).not.toContain(secretOf(link));
      expect(JSON.stringify(log.rows)).not.toContain(email);
    });

    test("is mailed with the same link that is shown", async () => {
      const owner = await member("owner");
      const email = address();
      const sent: Mail[] = [];
      const mailer = {
        kind: "smtp" as const,
        send: async (mail: Mail) => void sent.push(mail),
        close: () => undefined,
      };
      const link = await inviteMember({ ...as(owner), mailer }, owner, { email, role: "reader" });
      expect(link.mailed).toBe(true);
      expect(sent).toMatchObject([{ to: email }]);
      expect(sent[0]?.text).toContain(`http://localhost:${deps.env.PORT}${link.path}\n`);
      const broken = { ...mailer, send: () => Promise.reject(new Error("no mail server")) };
      expect(await resendInvitation({ ...as(owner), mailer: broken }, owner, link.id)).toMatchObject({ mailed: false });
    });

    test("of two who come by the same link at once, one joins", async () => {
      const owner = await member("owner");
      const link = await inviteMember(as(owner), owner, { email: address(), role: "reader" });
      const joined = await Promise.allSettled(
        ["One", "Two", "Three"].map((name) => joinAsNewPerson(deps, { secret: secretOf(link), name, password })),
      );
      expect(joined.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
      expect((await listTenantPeople(as(owner), owner)).members).toHaveLength(2);
    });

    test("opens nothing when it has run out, is revoked or was sent anew", async () => {
      const owner = await member("owner");
      const old = await inviteMember(as(owner), owner, { email: address(), role: "reader" });
      await deps.database.pool.query("update invitations set expires_at = now() where id = $1", [old.id]);
      await expect(openInvitation(deps, secretOf(old))).rejects.toThrow(NotFoundError);
      await expect(joinAsNewPerson(deps, { secret: secretOf(old), name: "E", password })).rejects.toThrow(
        NotFoundError,
      );
      const anew = await resendInvitation(as(owner), owner, old.id);
      expect(secretOf(anew)).not.toBe(secretOf(old));
      await expect(openInvitation(deps, secretOf(old))).rejects.toThrow(NotFoundError);
      expect(await openInvitation(deps, secretOf(anew))).toMatchObject({ role: "reader" });
      await revokeInvitation(as(owner), owner, old.id);
      await expect(openInvitation(deps, secretOf(anew))).rejects.toThrow(NotFoundError);
      await expect(revokeInvitation(as(owner), owner, old.id)).rejects.toThrow(NotFoundError);
      await expect(openInvitation(deps, "no secret")).rejects.toThrow(NotFoundError);
    });

    test("says what is wrong", async () => {
      const owner = await member("owner");
      await expect(inviteMember(as(owner), owner, { email: "nobody", role: "reader" })).rejects.toThrow(/“email”/);
      await expect(inviteMember(as(owner), owner, { email: address(), role: "king" })).rejects.toThrow(/“role”/);
      await expect(inviteMember(as(owner), owner, { email: owner.email, role: "reader" })).rejects.toThrow(/already/);
      const email = address();
      const link = await inviteMember(as(owner), owner, { email, role: "reader" });
      await expect(inviteMember(as(owner), owner, { email, role: "reader" })).rejects.toThrow(ConflictError);
      const short = joinAsNewPerson(deps, { secret: secretOf(link), name: "Short", password: "elevenchars" });
      await expect(short).rejects.toThrow(InvalidInputError);
      const known = joinAsNewPerson(deps, { secret: secretOf(link), name: "Known", password: "password1234" });
      await expect(known).rejects.toThrow(InvalidInputError);
      await expect(joinAsNewPerson(deps, { secret: secretOf(link), name: " ", password })).rejects.toThrow(/“name”/);
    });

    test("lets somebody who is known join with their account alone, of the invited address alone", async () => {
      const [owner, elsewhere, stranger] = [
        await member("owner"),
        await member("clinician"),
        await member("clinician"),
      ];
      const link = await inviteMember(as(owner), owner, { email: elsewhere.email, role: "reader" });
      expect(await openInvitation(deps, secretOf(link))).toMatchObject({ known: true, member: false });
      await expect(joinAsNewPerson(deps, { secret: secretOf(link), name: "Eve", password })).rejects.toThrow(
        ConflictError,
      );
      await expect(joinAsKnownPerson(deps, stranger, secretOf(link))).rejects.toThrow(ForbiddenError);
      await joinAsKnownPerson(deps, elsewhere, secretOf(link));
      expect(await findMembership(deps.database, elsewhere.userId)).toMatchObject({
        tenantId: owner.tenantId,
        role: "reader",
      });
      await expect(joinAsKnownPerson(deps, elsewhere, secretOf(link))).rejects.toThrow(NotFoundError);
    });
  });

  describe("who may", () => {
    test.each(["archivist", "curator", "clinician", "reader"] as const)(
      "%s may nothing, and each denial is recorded",
      async (role) => {
        const owner = await member("owner");
        const viewer = await member(role, owner.tenantId);
        const link = await inviteMember(as(owner), owner, { email: address(), role: "reader" });
        const deeds = [
          () => listTenantPeople(as(viewer), viewer),
          () => inviteMember(as(viewer), viewer, { email: address(), role: "reader" }),
          () => resendInvitation(as(viewer), viewer, link.id),
          () => revokeInvitation(as(viewer), viewer, link.id),
          () => changeMemberRole(as(viewer), viewer, viewer.userId, { role: "owner" }),
          () => disableMember(as(viewer), viewer, owner.userId),
          () => enableMember(as(viewer), viewer, owner.userId),
          () => removeMember(as(viewer), viewer, owner.userId),
        ];
        for (const deed of deeds) await expect(deed()).rejects.toThrow(ForbiddenError);
        expect((await actionsOf(owner.tenantId)).filter((action) => action === "denied")).toHaveLength(deeds.length);
      },
    );

    test("an administrator makes, changes and removes no owner", async () => {
      const owner = await member("owner");
      const administrator = await member("administrator", owner.tenantId);
      const clinician = await member("clinician", owner.tenantId);
      const link = await inviteMember(as(owner), owner, { email: address(), role: "owner" });
      const deeds = [
        () => changeMemberRole(as(administrator), administrator, clinician.userId, { role: "owner" }),
        () => changeMemberRole(as(administrator), administrator, administrator.userId, { role: "owner" }),
        () => changeMemberRole(as(administrator), administrator, owner.userId, { role: "reader" }),
        () => disableMember(as(administrator), administrator, owner.userId),
        () => removeMember(as(administrator), administrator, owner.userId),
        () => inviteMember(as(administrator), administrator, { email: address(), role: "owner" }),
        () => resendInvitation(as(administrator), administrator, link.id),
        () => revokeInvitation(as(administrator), administrator, link.id),
      ];
      for (const deed of deeds) await expect(deed()).rejects.toThrow(/Only an owner/);
      expect((await actionsOf(owner.tenantId)).filter((action) => action === "denied")).toHaveLength(deeds.length);
      await changeMemberRole(as(administrator), administrator, clinician.userId, { role: "curator" });
      await changeMemberRole(as(owner), owner, clinician.userId, { role: "owner" });
      expect(
        (await listTenantPeople(as(administrator), administrator)).members.filter(({ role }) => role === "owner"),
      ).toHaveLength(2);
    });

    test("nobody reaches into another tenant", async () => {
      const [owner, other] = [await member("owner"), await member("owner")];
      const person = await member("clinician", other.tenantId);
      const link = await inviteMember(as(other), other, { email: address(), role: "reader" });
      await expect(changeMemberRole(as(owner), owner, person.userId, { role: "reader" })).rejects.toThrow(
        NotFoundError,
      );
      await expect(disableMember(as(owner), owner, person.userId)).rejects.toThrow(NotFoundError);
      await expect(removeMember(as(owner), owner, person.userId)).rejects.toThrow(NotFoundError);
      await expect(resendInvitation(as(owner), owner, link.id)).rejects.toThrow(NotFoundError);
      await expect(revokeInvitation(as(owner), owner, link.id)).rejects.toThrow(NotFoundError);
      await expect(disableMember(as(owner), owner, "not-an-id")).rejects.toThrow(NotFoundError);
      const seen = JSON.stringify(await listTenantPeople(as(owner), owner));
      expect(seen).not.toContain(person.email);
      expect(seen).not.toContain(link.email);
    });

    test("a manager whose role was just taken no longer acts, whatever their request believed", async () => {
      const owner = await member("owner");
      const second = await member("owner", owner.tenantId);
      const person = await member("clinician", owner.tenantId);
      await changeMemberRole(as(owner), owner, second.userId, { role: "administrator" });
      await expect(changeMemberRole(as(second), second, person.userId, { role: "owner" })).rejects.toThrow(
        /Only an owner/,
      );
      await changeMemberRole(as(owner), owner, second.userId, { role: "reader" });
      await expect(changeMemberRole(as(second), second, person.userId, { role: "curator" })).rejects.toThrow(
        /no longer/,
      );
      await disableMember(as(owner), owner, second.userId);
      await expect(inviteMember(as(second), second, { email: address(), role: "reader" })).rejects.toThrow(
        ForbiddenError,
      );
    });
  });

  describe("the last owner", () => {
    test("is neither demoted nor disabled nor removed", async () => {
      const owner = await member("owner");
      await expect(changeMemberRole(as(owner), owner, owner.userId, { role: "reader" })).rejects.toThrow(/last owner/);
      await expect(disableMember(as(owner), owner, owner.userId)).rejects.toThrow(ConflictError);
      await expect(removeMember(as(owner), owner, owner.userId)).rejects.toThrow(ConflictError);
      const second = await member("owner", owner.tenantId);
      await disableMember(as(owner), owner, second.userId);
      // A disabled owner owns nothing.
      await expect(changeMemberRole(as(owner), owner, owner.userId, { role: "reader" })).rejects.toThrow(/last owner/);
      await enableMember(as(owner), owner, second.userId);
      await changeMemberRole(as(owner), owner, owner.userId, { role: "administrator" });
    });

    test("stays when owners unmake each other at the same moment", async () => {
      for (const deed of [
        (actor: Viewer, person: Viewer) => changeMemberRole(as(actor), actor, person.userId, { role: "reader" }),
        (actor: Viewer, person: Viewer) => disableMember(as(actor), actor, person.userId),
        (actor: Viewer, person: Viewer) => removeMember(as(actor), actor, person.userId),
        (actor: Viewer) => changeMemberRole(as(actor), actor, actor.userId, { role: "reader" }),
      ]) {
        for (let round = 0; round < 5; round += 1) {
          const one = await member("owner");
          const two = await member("owner", one.tenantId);
          const done = await Promise.allSettled([deed(one, two), deed(two, one)]);
          expect(done.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
          const { rows } = await deps.database.pool.query(
            "select count(*)::int as owners from members where tenant_id = $1 and role = 'owner' and disabled_at is null",
            [one.tenantId],
          );
          expect(rows).toEqual([{ owners: 1 }]);
        }
      }
    });
  });

  describe("whoever is disabled or removed", () => {
    test.each([
      ["disabled", disableMember],
      ["removed", removeMember],
    ] as const)(
      "%s: is out at the next request, also elsewhere, and signs in to nothing of this tenant",
      async (_, deed) => {
        const owner = await member("owner");
        const email = address();
        const link = await inviteMember(as(owner), owner, { email, role: "clinician" });
        await joinAsNewPerson(deps, { secret: secretOf(link), name: "Ada", password });
        const session = new Headers(cookieOf(await signIn(email)));
        const viewer = await findViewer(deps, session);
        expect(viewer).toMatchObject({ tenantId: owner.tenantId });
        await deed(as(owner), owner, viewer?.userId ?? "");
        expect(await findViewer(deps, session)).toBeNull();
        const { rows } = await deps.database.pool.query("select 1 from sessions where user_id = $1", [viewer?.userId]);
        expect(rows).toEqual([]);
        const again = await signIn(email).catch(() => null);
        if (again?.ok) expect(await findViewer(deps, new Headers(cookieOf(again)))).toBeNull();
      },
    );

    test("a person disabled here goes on in their other tenant", async () => {
      const [owner, other] = [await member("owner"), await member("owner")];
      const person = await member("clinician", other.tenantId);
      const link = await inviteMember(as(owner), owner, { email: person.email, role: "clinician" });
      await joinAsKnownPerson(deps, person, secretOf(link));
      await disableMember(as(owner), owner, person.userId);
      expect(await findMembership(deps.database, person.userId)).toMatchObject({ tenantId: other.tenantId });
      await enableMember(as(owner), owner, person.userId);
      expect(await findMembership(deps.database, person.userId)).toMatchObject({ tenantId: owner.tenantId });
    });
  });

  test("every change has its row in the audit log, and none is left of a change that failed", async () => {
    const owner = await member("owner");
    const person = await member("clinician", owner.tenantId);
    await changeMemberRole(as(owner), owner, person.userId, { role: "curator" });
    await changeMemberRole(as(owner), owner, person.userId, { role: "curator" });
    await disableMember(as(owner), owner, person.userId);
    await enableMember(as(owner), owner, person.userId);
    await removeMember(as(owner), owner, person.userId);
    await expect(removeMember(as(owner), owner, person.userId)).rejects.toThrow(NotFoundError);
    expect(await actionsOf(owner.tenantId)).toEqual([
      "member.role",
      "member.disable",
      "member.enable",
      "member.remove",
    ]);
  });
}
