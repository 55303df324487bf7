import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { confinedDeps } from "../confined-deps.ts";
import type { Deps } from "../deps.ts";
import { ConflictError, SecondFactorRequiredError } from "../errors.ts";
import { changeTenantSettings, getTenantSettings } from "../tenants/index.ts";
import { openTestDeps } from "../testing/deps.ts";
import { beforeSession } from "./before-session.ts";
import {
  addUserWithPassword,
  confirmSecondFactor,
  findSession,
  findViewer,
  removePasskey,
  requireViewer,
  type SignedInSession,
  startSecondFactor,
} from "./index.ts";
import { TestBrowser } from "./testing/browser.ts";
import { totp } from "./testing/totp.ts";

const { DATABASE_URL: databaseUrl } = process.env;
describe("a required second factor on embedded Postgres", () => suite(() => openTestDeps()));
if (databaseUrl)
  describe("a required second factor on a real Postgres", () => suite(() => openTestDeps({ databaseUrl })));
else describe.skip("on a real Postgres (skipped: DATABASE_URL is not set)", () => suite(() => openTestDeps()));

const password = "a hedge of hawthorn, twelve feet high";

function suite(open: () => Promise<Deps>): void {
  let deps: Deps;
  beforeAll(async () => {
    deps = await open();
  });
  afterAll(() => deps?.close());

  /** An owner of a tenant of their own. */
  async function addOwner() {
    const email = `${randomUUID()}@example.org`;
    await addUserWithPassword(deps, { email, name: "Ada Person", role: "owner", password });
    await deps.database.pool.query(
      `with tenant as (insert into tenants (slug, name) values ($1, 'Clinic') returning id)
       update members set tenant_id = tenant.id from tenant, users u where u.email = $2 and user_id = u.id`,
      [randomUUID(), email],
    );
    return { email, ...(await signedIn(email)) };
  }
  async function signedIn(email: string) {
    const browser = new TestBrowser(deps);
    expect((await browser.signIn(email, password)).status).toBe(200);
    return { browser, session: await sessionOf(browser) };
  }
  async function sessionOf(browser: TestBrowser): Promise<SignedInSession> {
    const session = await findSession(deps, browser.headers);
    if (!session) throw new Error("nobody is signed in");
    return session;
  }
  const require = ({ viewer }: SignedInSession, requiresSecondFactor = true) =>
    changeTenantSettings(confinedDeps(deps, viewer), viewer, { requiresSecondFactor });
  const insist = ({ viewer }: SignedInSession) =>
    deps.database.pool.query("update tenants set requires_second_factor = true where id = $1", [viewer.tenantId]);
  async function turnOn({ browser, session }: { browser: TestBrowser; session: SignedInSession }) {
    const start = await startSecondFactor(deps, session, browser.headers, password);
    browser.take((await confirmSecondFactor(deps, session, browser.headers, totp(start.secret))).cookies);
    return start;
  }
  async function addPasskey(userId: string): Promise<string> {
    const { rows } = await deps.database.pool.query<{ id: string }>(
      `insert into passkeys (user_id, name, public_key, credential_id, counter, device_type, backed_up)
       values ($1, 'Key', 'x', $2, 0, 'singleDevice', false) returning id`,
      [userId, randomUUID()],
    );
    return rows[0]?.id ?? "";
  }
  async function expectShut(browser: TestBrowser): Promise<void> {
    await expect(requireViewer(deps, browser.headers)).rejects.toThrow(SecondFactorRequiredError);
    expect(await findViewer(deps, browser.headers)).toBeNull();
    expect(await sessionOf(browser)).toMatchObject({ lacksSecondFactor: true });
  }

  test("shuts out whoever has a password alone, until they turn one on, and no earlier session with them", async () => {
    const person = await addOwner();
    const earlier = await signedIn(person.email);
    expect(await requireViewer(deps, person.browser.headers)).toMatchObject({ email: person.email });
    await insist(person.session);
    await expectShut(person.browser);
    const { backupCodes } = await turnOn(person);
    expect(await requireViewer(deps, person.browser.headers)).toMatchObject({ email: person.email });
    // Whoever may have opened that one knew no more than the password.
    await expectShut(earlier.browser);
    const again = new TestBrowser(deps);
    expect(await (await again.signIn(person.email, password)).json()).toEqual({ secondFactor: true });
    expect((await again.ask("POST", "/two-factor/verify-backup-code", { code: backupCodes[0] })).status).toBe(200);
    expect(await requireViewer(deps, again.headers)).toMatchObject({ email: person.email });
  });

  test("a passkey that is not used opens nothing; the sign-in by it does, as long as it is kept", async () => {
    const person = await addOwner();
    const { userId } = person.session.viewer;
    await insist(person.session);
    const passkey = await addPasskey(userId);
    await expectShut(person.browser);
    const opening = beforeSession(deps);
    expect(await opening({ userId }, { path: "/sign-in/email" })).toBeUndefined();
    const made = await opening({ userId }, { path: "/passkey/verify-authentication" });
    expect(made).toEqual({ data: { userId, secondFactor: true } });
    await deps.database.pool.query("update sessions set second_factor = true where id = $1", [person.session.id]);
    expect(await requireViewer(deps, person.browser.headers)).toMatchObject({ userId });
    await removePasskey(deps, person.session.viewer, passkey);
    await expectShut(person.browser);
  });

  test("is required by who has one themself, for their own tenant, on record", async () => {
    const [person, other] = [await addOwner(), await addOwner()];
    await expect(require(person.session)).rejects.toThrow(ConflictError);
    const { viewer } = person.session;
    const settings = () => getTenantSettings(confinedDeps(deps, viewer), viewer);
    expect(await settings()).toMatchObject({ requiresSecondFactor: false });
    await turnOn(person);
    expect(await require(person.session)).toMatchObject({ requiresSecondFactor: true });
    expect(await requireViewer(deps, person.browser.headers)).toMatchObject({ userId: viewer.userId });
    expect(await requireViewer(deps, other.browser.headers)).toMatchObject({ email: other.email });
    await require(person.session, false);
    expect(await settings()).toMatchObject({ requiresSecondFactor: false });
    const { rows } = await deps.database.pool.query(
      "select details from audit_log where tenant_id = $1 and action = 'settings.change' order by id",
      [viewer.tenantId],
    );
    const said = (on: boolean) => ({ details: { settings: ["requiresSecondFactor"], requiresSecondFactor: on } });
    expect(rows).toEqual([said(true), said(false)]);
  });
}
