import { randomUUID } from "node:crypto";
import { symmetricEncrypt } from "better-auth/crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findAccountHolder } from "#db/index.ts";
import type { Deps } from "../deps.ts";
import { ForbiddenError, InvalidInputError, NotFoundError } from "../errors.ts";
import { listMailbox } from "../mail/index.ts";
import { until } from "../storage/redis-proxy.ts";
import { openTestDeps } from "../testing/deps.ts";
import {
  addUserWithPassword,
  changePassword,
  confirmSecondFactor,
  dropSecondFactor,
  findSession,
  findViewer,
  listSessions,
  reachable,
  removePasskey,
  renamePasskey,
  renewBackupCodes,
  replacePassword,
  requestReset,
  requireViewer,
  resetPassword,
  revokeOtherSessions,
  revokeSession,
  type SignedInSession,
  startSecondFactor,
  stopSecondFactor,
  TooManyTriesError,
  verifyEmail,
} from "./index.ts";
import { TestBrowser } from "./testing/browser.ts";
import { totp } from "./testing/totp.ts";
import { makeToken, spendToken } from "./tokens.ts";

const { DATABASE_URL: databaseUrl, REDIS_URL: redisUrl } = process.env;

describe("accounts on embedded Postgres and memory", () => suite(() => openTestDeps()));
if (databaseUrl && redisUrl) {
  describe("accounts on a real Postgres and Redis", () => suite(() => openTestDeps({ databaseUrl, redisUrl })));
} else {
  describe.skip("accounts on a real Postgres and Redis (skipped: DATABASE_URL or REDIS_URL is not set)", () =>
    suite(() => openTestDeps()));
}

const ownPassword = "a hedge of hawthorn, twelve feet high";
const otherPassword = "seven herons stand by the weir";

function suite(open: () => Promise<Deps>): void {
  let deps: Deps;
  beforeAll(async () => {
    deps = await open();
  });
  afterAll(() => deps?.close());

  async function addPerson(change: { password?: string } = { password: ownPassword }) {
    const email = `${randomUUID()}@example.org`;
    const password = await addUserWithPassword(deps, { email, name: "Ada Person", role: "clinician", ...change });
    const holder = await findAccountHolder(deps.database, { email });
    if (!holder || !password) throw new Error("nobody was added");
    return { email, password, id: holder.id };
  }
  async function signedIn(person: { email: string; password: string }) {
    const browser = new TestBrowser(deps);
    expect((await browser.signIn(person.email, person.password)).status).toBe(200);
    const session = await findSession(deps, browser.headers);
    if (!session) throw new Error("nobody is signed in");
    return { browser, session };
  }
  async function auditOf(actorId: string): Promise<string[]> {
    const { rows } = await deps.database.pool.query<{ action: string }>(
      "select action from audit_log where actor_id = $1 order by id",
      [actorId],
    );
    return rows.map(({ action }) => action);
  }
  async function mailTo(email: string): Promise<{ subject: string; text: string }> {
    await until(async () => (await listMailbox(deps.env))?.some(({ to }) => to === email) ?? false, "a mail came");
    const mail = (await listMailbox(deps.env))?.find(({ to }) => to === email);
    if (!mail) throw new Error("no mail");
    return mail;
  }
  const tokenIn = ({ text }: { text: string }) => /#(\S+)/.exec(text)?.[1] ?? "";
  async function withSecondFactor() {
    const person = await addPerson();
    const { browser, session } = await signedIn(person);
    const start = await startSecondFactor(deps, session, browser.headers, person.password);
    browser.take((await confirmSecondFactor(deps, session, browser.headers, totp(start.secret))).cookies);
    return { person, browser, ...start };
  }

  describe("what can be reached", () => {
    test("is the list and nothing else of better-auth", async () => {
      const browser = new TestBrowser(deps);
      const { api } = deps.auth;
      const endpoints = Object.values(api) as { path?: string; options?: { method?: string | string[] } }[];
      const asked: string[] = [];
      for (const { path, options } of endpoints) {
        if (!path || !options?.method) continue;
        for (const method of [options.method].flat()) {
          const call = `${method} ${path}`;
          asked.push(call);
          if (reachable.includes(call) || !["GET", "POST"].includes(method)) continue;
          const response = await browser.ask(method, path.replace(/:\w+/g, "x"), method === "POST" ? {} : undefined);
          expect(response.status, call).toBe(404);
        }
      }
      expect(asked).toEqual(expect.arrayContaining(["POST /sign-up/email", "POST /update-user", "POST /delete-user"]));
      for (const call of reachable) expect(asked, call).toContain(call);
    });

    test.each([
      "//sign-up/email",
      "/sign-in/../sign-up/email",
      "/sign-up/email/",
      "/sign-in/email/",
      "/SIGN-UP/email",
      "/sign-up%2Femail",
    ])("not by another spelling: %s", async (path) => {
      const email = `${randomUUID()}@example.org`;
      const response = await new TestBrowser(deps).ask("POST", path, { email, password: ownPassword, name: "X" });
      expect(response.status).toBe(404);
    });
  });

  describe("signing in", () => {
    test("gives cookies and no token, and is on record", async () => {
      const person = await addPerson();
      const browser = new TestBrowser(deps);
      const response = await browser.signIn(` ${person.email.toUpperCase()}`, person.password);
      expect(await response.json()).toEqual({ secondFactor: false });
      const [cookie = ""] = response.headers.getSetCookie();
      expect(cookie).toMatch(/^probatum\.session_token=[^;]+; Max-Age=43200; Path=\/; HttpOnly; SameSite=Lax$/i);
      expect(await findViewer(deps, browser.headers)).toMatchObject({ userId: person.id, role: "clinician" });
      expect((await browser.ask("POST", "/sign-out", {})).status).toBe(200);
      expect(await findViewer(deps, browser.headers)).toBeNull();
      expect(await auditOf(person.id)).toEqual(["sign-in", "sign-out"]);
    });

    test("is refused alike for a wrong password, an unknown address and a disabled person", async () => {
      const [person, disabled] = [await addPerson(), await addPerson()];
      await deps.database.pool.query("update users set disabled_at = now() where id = $1", [disabled.id]);
      const browser = new TestBrowser(deps);
      const answers = [
        await browser.signIn(person.email, "not the password"),
        await browser.signIn(`${randomUUID()}@example.org`, "not the password"),
        await browser.signIn(disabled.email, disabled.password),
      ];
      expect(answers.map(({ status }) => status)).toEqual([401, 401, 401]);
      const words = new Set(await Promise.all(answers.map((answer) => answer.text())));
      expect(words.size).toBe(1);
      expect(browser.cookies.size).toBe(0);
      expect(await auditOf(person.id)).toEqual(["sign-in.refused"]);
      const { rows } = await deps.database.pool.query(
        `select details from audit_log where actor_id = 'anonymous' and action = 'sign-in.refused'`,
      );
      expect(JSON.stringify(rows)).not.toMatch(/example\.org|not the password/);
    });

    test("waits after five failures, with the right password too, alike for an address that nobody has", async () => {
      const person = await addPerson();
      const unknown = `${randomUUID()}@example.org`;
      const browser = new TestBrowser(deps);
      for (const email of [person.email, unknown]) {
        for (let at = 0; at < 5; at += 1) expect((await browser.signIn(email, "wrong password")).status).toBe(401);
      }
      const [known, never] = [await browser.signIn(person.email, person.password), await browser.signIn(unknown, "x")];
      expect([known.status, never.status]).toEqual([429, 429]);
      expect(Number(known.headers.get("retry-after"))).toBeGreaterThan(50);
      const words = async (answer: Response) => (await answer.text()).replace(/\d+ s/, "");
      expect(await words(known)).toBe(await words(never));
      expect(await auditOf(person.id)).toEqual(Array(6).fill("sign-in.refused"));
    });

    test("an unconfirmed address is confirmed by a link that works once", async () => {
      const person = await addPerson();
      await deps.database.pool.query("update users set email_verified = false where id = $1", [person.id]);
      const browser = new TestBrowser(deps);
      expect((await browser.signIn(person.email, "wrong password")).status).toBe(401);
      const refused = await browser.signIn(person.email, person.password);
      expect([refused.status, browser.cookies.size]).toEqual([403, 0]);
      const token = tokenIn(await mailTo(person.email));
      const { rows } = await deps.database.pool.query("select identifier from verifications where value = $1", [
        person.id,
      ]);
      expect(JSON.stringify(rows)).not.toContain(token);
      await verifyEmail(deps, token);
      await expect(verifyEmail(deps, token)).rejects.toThrow(InvalidInputError);
      expect((await browser.signIn(person.email, person.password)).status).toBe(200);
    });

    test("a wrong passkey is refused and on record", async () => {
      const browser = new TestBrowser(deps);
      const options = await browser.ask("GET", "/passkey/generate-authenticate-options");
      expect(await options.json()).toMatchObject({ rpId: "localhost" });
      const answer = await browser.ask("POST", "/passkey/verify-authentication", { response: { id: "nobody's" } });
      expect(answer.status).toBe(401);
    });
  });

  describe("sessions", () => {
    test("end for the disabled at their next request, and are deleted", async () => {
      const person = await addPerson();
      const { browser } = await signedIn(person);
      await deps.database.pool.query("update users set disabled_at = now() where id = $1", [person.id]);
      expect(await findViewer(deps, browser.headers)).toBeNull();
      const { rows } = await deps.database.pool.query("select 1 from sessions where user_id = $1", [person.id]);
      expect(rows).toEqual([]);
      await deps.database.pool.query("update users set disabled_at = null where id = $1", [person.id]);
      expect(await findViewer(deps, browser.headers), "the old session does not come back").toBeNull();
    });

    test("end when they lie idle, and when their hours are over", async () => {
      const person = await addPerson();
      const change = (column: string, value: string) =>
        deps.database.pool.query(`update sessions set ${column} = now() ${value} where user_id = $1`, [person.id]);
      const { browser } = await signedIn(person);
      await change("last_seen_at", "- interval '59 minutes'");
      expect(await findViewer(deps, browser.headers)).not.toBeNull();
      await change("last_seen_at", "- interval '2 minutes'");
      expect(await findViewer(deps, browser.headers), "being used counts as use").not.toBeNull();
      const { rows } = await deps.database.pool.query<{ fresh: boolean }>(
        "select last_seen_at > now() - interval '1 minute' as fresh from sessions where user_id = $1",
        [person.id],
      );
      expect(rows).toEqual([{ fresh: true }]);
      await change("last_seen_at", "- interval '61 minutes'");
      expect(await findViewer(deps, browser.headers)).toBeNull();
      const { browser: second } = await signedIn(person);
      await change("expires_at", "- interval '1 second'");
      expect(await findViewer(deps, second.headers)).toBeNull();
    });

    test("are listed and revoked, one's own alone", async () => {
      const [person, other] = [await addPerson(), await addPerson()];
      const [one, two, three] = [await signedIn(person), await signedIn(person), await signedIn(person)];
      const stranger = await signedIn(other);
      const listed = await listSessions(deps, one.session);
      expect(listed).toHaveLength(3);
      expect(listed.filter(({ isThis }) => isThis)).toMatchObject([{ id: one.session.id, device: "Firefox on Linux" }]);
      await expect(revokeSession(deps, one.session, stranger.session.id)).rejects.toThrow(NotFoundError);
      await expect(revokeSession(deps, one.session, "not an id")).rejects.toThrow(NotFoundError);
      await revokeSession(deps, one.session, two.session.id);
      expect(await findViewer(deps, two.browser.headers)).toBeNull();
      expect(await revokeOtherSessions(deps, one.session)).toBe(1);
      expect(await findViewer(deps, three.browser.headers)).toBeNull();
      expect(await findViewer(deps, one.browser.headers)).not.toBeNull();
      expect(await findViewer(deps, stranger.browser.headers)).not.toBeNull();
      expect((await auditOf(person.id)).filter((action) => action === "session.revoke")).toHaveLength(2);
    });

    test("a cookie with another signature is nobody's", async () => {
      const { browser } = await signedIn(await addPerson());
      const [name = "", value = ""] = [...browser.cookies][0] ?? [];
      browser.cookies.set(name, `${value.slice(0, value.indexOf("."))}.${"A".repeat(43)}%3D`);
      expect(await findViewer(deps, browser.headers)).toBeNull();
    });
  });

  describe("passwords", () => {
    test("are changed by the old one; other sessions end; the generated one is gone", async () => {
      const person = await addPerson({});
      const [here, there] = [await signedIn(person), await signedIn(person)];
      expect(here.session.passwordGenerated).toBe(true);
      const change = (current: string, password: string) => changePassword(deps, here.session, { current, password });
      await expect(change("wrong password", otherPassword)).rejects.toThrow(ForbiddenError);
      await expect(change(person.password, "password1234")).rejects.toThrow(InvalidInputError);
      await change(person.password, otherPassword);
      expect(await findViewer(deps, there.browser.headers)).toBeNull();
      expect((await findSession(deps, here.browser.headers))?.passwordGenerated).toBe(false);
      expect((await new TestBrowser(deps).signIn(person.email, person.password)).status).toBe(401);
      expect((await new TestBrowser(deps).signIn(person.email, otherPassword)).status).toBe(200);
      expect(await auditOf(person.id)).toContain("password.change");
    });

    test("trying the old one from a session that was left open is locked out too", async () => {
      const person = await addPerson();
      const { session } = await signedIn(person);
      const guess = () => changePassword(deps, session, { current: "wrong password", password: otherPassword });
      for (let at = 0; at < 5; at += 1) await expect(guess()).rejects.toThrow(ForbiddenError);
      await expect(guess()).rejects.toThrow(TooManyTriesError);
    });

    test("are reset by a mailed link, once; every session ends", async () => {
      const person = await addPerson();
      const { browser } = await signedIn(person);
      await requestReset(deps, person.email.toUpperCase());
      const mail = await mailTo(person.email);
      expect(mail.text).toContain(`http://localhost:${deps.env.PORT}/account/reset#`);
      const token = tokenIn(mail);
      await expect(resetPassword(deps, { token, password: "short" })).rejects.toThrow(/12 characters/);
      await expect(resetPassword(deps, { token: "other", password: otherPassword })).rejects.toThrow(/used already/);
      const both = await Promise.allSettled([
        resetPassword(deps, { token, password: otherPassword }),
        resetPassword(deps, { token, password: otherPassword }),
      ]);
      expect(both.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
      await expect(resetPassword(deps, { token, password: otherPassword })).rejects.toThrow(/used already/);
      expect(await findViewer(deps, browser.headers)).toBeNull();
      expect((await new TestBrowser(deps).signIn(person.email, otherPassword)).status).toBe(200);
      expect(await auditOf(person.id)).toContain("password.reset");
    });

    test("of several who use one link at once, one learns whose it is", async () => {
      const { id } = await addPerson();
      const context = await deps.auth.$context;
      const token = await makeToken(context, "reset-password", id);
      expect(await spendToken(context, "verify-email", token), "a link is good for its own purpose").toBeNull();
      const spent = await Promise.all(Array.from({ length: 6 }, () => spendToken(context, "reset-password", token)));
      expect(spent.filter((one) => one === id)).toHaveLength(1);
      expect(spent.filter((one) => one === null)).toHaveLength(5);
    });

    test("a link older than an hour resets nothing", async () => {
      const person = await addPerson();
      await requestReset(deps, person.email);
      const token = tokenIn(await mailTo(person.email));
      await deps.database.pool.query("update verifications set expires_at = now() - interval '1 s' where value = $1", [
        person.id,
      ]);
      await expect(resetPassword(deps, { token, password: otherPassword })).rejects.toThrow(/older than an hour/);
    });

    test("asking for a link says and takes the same whether the address is known, and sends nothing to others", async () => {
      const person = await addPerson();
      const disabled = await addPerson();
      await deps.database.pool.query("update users set disabled_at = now() where id = $1", [disabled.id]);
      const unknown = `${randomUUID()}@example.org`;
      for (const email of [disabled.email, unknown, person.email])
        expect(await requestReset(deps, email)).toBeUndefined();
      await mailTo(person.email);
      const receivers = (await listMailbox(deps.env))?.map(({ to }) => to) ?? [];
      expect(receivers).not.toContain(disabled.email);
      expect(receivers).not.toContain(unknown);
      await expect(requestReset(deps, "no address")).rejects.toThrow(InvalidInputError);
      for (const email of [unknown, person.email]) {
        for (let at = 0; at < 4; at += 1) await requestReset(deps, email);
        await expect(requestReset(deps, email)).rejects.toThrow(TooManyTriesError);
      }
    });

    test("the operator gives a new one, which is checked when it is chosen", async () => {
      const person = await addPerson();
      const { browser } = await signedIn(person);
      await expect(replacePassword(deps, person.email, "ada person ada")).rejects.toThrow(/your name/);
      const made = await replacePassword(deps, person.email);
      expect(await findViewer(deps, browser.headers)).toBeNull();
      const again = await signedIn({ ...person, password: made });
      expect(again.session.passwordGenerated).toBe(true);
      await expect(addPerson({ password: "qwertyuiop12" })).rejects.toThrow(InvalidInputError);
    });

    test("where the site is reached by https, a printed one has to be replaced before anything else", async () => {
      const secure = { ...deps, env: { ...deps.env, PUBLIC_URL: "https://ask.example.org" } };
      const person = await addPerson({});
      const { browser, session } = await signedIn(person);
      expect(await requireViewer(deps, browser.headers)).toMatchObject({ userId: person.id });
      await expect(requireViewer(secure, browser.headers)).rejects.toThrow(/password of your own/);
      await changePassword(secure, session, { current: person.password, password: otherPassword });
      expect(await requireViewer(secure, browser.headers)).toMatchObject({ userId: person.id });
    });
  });

  describe("a second factor", () => {
    test("is asked for after the password; there is no session before", async () => {
      const { person, secret } = await withSecondFactor();
      const browser = new TestBrowser(deps);
      const half = await browser.signIn(person.email, person.password);
      expect(await half.json()).toEqual({ secondFactor: true });
      expect(await findViewer(deps, browser.headers)).toBeNull();
      expect([...browser.cookies.keys()].some((name) => name.endsWith("session_token"))).toBe(false);
      const code = totp(secret);
      const wrong = await browser.ask("POST", "/two-factor/verify-totp", {
        code: code === "000000" ? "111111" : "000000",
      });
      expect(wrong.status).toBe(401);
      expect((await browser.ask("POST", "/two-factor/verify-totp", { code, trustDevice: true })).status).toBe(200);
      expect(await findViewer(deps, browser.headers)).toMatchObject({ userId: person.id });
      expect([...browser.cookies.keys()]).toEqual(["probatum.session_token"]);
      expect(await auditOf(person.id)).toEqual(["sign-in", "second-factor.on", "sign-in.refused", "sign-in"]);
    });

    test("a code is good once", async () => {
      const { person, secret } = await withSecondFactor();
      const code = totp(secret);
      const [one, two] = [new TestBrowser(deps), new TestBrowser(deps)];
      for (const browser of [one, two]) await browser.signIn(person.email, person.password);
      const answers = await Promise.all(
        [one, two].map((each) => each.ask("POST", "/two-factor/verify-totp", { code })),
      );
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 401]);
    });

    test("wrong codes are locked out, over however many challenges", async () => {
      const { person, secret } = await withSecondFactor();
      const tries: number[] = [];
      for (let at = 0; at < 6; at += 1) {
        const browser = new TestBrowser(deps);
        await browser.signIn(person.email, person.password);
        const code = at < 5 ? String(100_000 + at) : totp(secret);
        tries.push((await browser.ask("POST", "/two-factor/verify-totp", { code })).status);
      }
      expect(tries).toEqual([401, 401, 401, 401, 401, 429]);
    });

    test("backup codes are hashed at rest, good once, and renewed by the password", async () => {
      const { person, browser, backupCodes } = await withSecondFactor();
      expect(backupCodes).toHaveLength(10);
      const { rows } = await deps.database.pool.query("select * from two_factors where user_id = $1", [person.id]);
      for (const code of backupCodes) expect(JSON.stringify(rows)).not.toContain(code);
      const kept: unknown = JSON.parse(rows[0].backup_codes);
      const isHash = expect.stringMatching(/^scrypt:[\w-]{22}:[\w-]{43}$/);
      expect(kept).toEqual(Array.from({ length: 10 }, () => isHash));
      expect(new Set(kept as string[]).size).toBe(10);
      const use = async (code: string | undefined) => {
        const other = new TestBrowser(deps);
        await other.signIn(person.email, person.password);
        return (await other.ask("POST", "/two-factor/verify-backup-code", { code })).status;
      };
      expect(await use(backupCodes[0])).toBe(200);
      expect(await use(backupCodes[0])).toBe(401);
      const session = (await findSession(deps, browser.headers)) as SignedInSession;
      await expect(renewBackupCodes(deps, session, browser.headers, "wrong password")).rejects.toThrow(ForbiddenError);
      const renewed = await renewBackupCodes(deps, session, browser.headers, person.password);
      expect(await use(backupCodes[1])).toBe(401);
      expect(await use(renewed.backupCodes[0])).toBe(200);
    });

    test("backup codes that were kept encrypted still open, once, and are hashes from then on", async () => {
      const { person } = await withSecondFactor();
      const codes = ["aaaaa-bbbbb", "ccccc-ddddd"];
      const { secretConfig } = await deps.auth.$context;
      const sealed = await symmetricEncrypt({ key: secretConfig, data: JSON.stringify(codes) });
      await deps.database.pool.query("update two_factors set backup_codes = $2 where user_id = $1", [
        person.id,
        sealed,
      ]);
      const statuses: number[] = [];
      for (const code of [codes[0], codes[0], codes[1], codes[1]]) {
        const browser = new TestBrowser(deps);
        await browser.signIn(person.email, person.password);
        statuses.push((await browser.ask("POST", "/two-factor/verify-backup-code", { code })).status);
        const { rows } = await deps.database.pool.query<{ backup_codes: string }>(
          "select backup_codes from two_factors where user_id = $1",
          [person.id],
        );
        expect(rows[0]?.backup_codes).toMatch(/^\[.*\]$/);
        expect(rows[0]?.backup_codes).not.toContain("ccccc");
      }
      expect(statuses).toEqual([200, 401, 200, 401]);
    });

    test("needs the password to begin and to end, and can be turned on again", async () => {
      const { person, browser } = await withSecondFactor();
      const session = async () => (await findSession(deps, browser.headers)) as SignedInSession;
      await expect(startSecondFactor(deps, await session(), browser.headers, person.password)).rejects.toThrow(
        /on already/,
      );
      await expect(stopSecondFactor(deps, await session(), browser.headers, "wrong password")).rejects.toThrow(
        ForbiddenError,
      );
      browser.take((await stopSecondFactor(deps, await session(), browser.headers, person.password)).cookies);
      expect(await (await new TestBrowser(deps).signIn(person.email, person.password)).json()).toEqual({
        secondFactor: false,
      });
      const again = await startSecondFactor(deps, await session(), browser.headers, person.password);
      await expect(confirmSecondFactor(deps, await session(), browser.headers, "abc")).rejects.toThrow(/six figures/);
      browser.take((await confirmSecondFactor(deps, await session(), browser.headers, totp(again.secret))).cookies);
      expect(await (await new TestBrowser(deps).signIn(person.email, person.password)).json()).toEqual({
        secondFactor: true,
      });
      expect(await dropSecondFactor(deps, person.email)).toBe(true);
      expect(await findViewer(deps, browser.headers)).toBeNull();
      expect(await (await new TestBrowser(deps).signIn(person.email, person.password)).json()).toEqual({
        secondFactor: false,
      });
    });

    test("one that was begun and not confirmed asks nobody for a code", async () => {
      const person = await addPerson();
      const { browser, session } = await signedIn(person);
      await startSecondFactor(deps, session, browser.headers, person.password);
      expect(await (await new TestBrowser(deps).signIn(person.email, person.password)).json()).toEqual({
        secondFactor: false,
      });
    });
  });

  describe("passkeys", () => {
    test("of others are not found", async () => {
      const [owner, other] = [await addPerson(), await addPerson()];
      const { session } = await signedIn(other);
      const { rows } = await deps.database.pool.query<{ id: string }>(
        `insert into passkeys (user_id, name, public_key, credential_id, counter, device_type, backed_up)
         values ($1, 'Key', 'x', $2, 0, 'singleDevice', false) returning id`,
        [owner.id, randomUUID()],
      );
      const id = rows[0]?.id ?? "";
      await expect(removePasskey(deps, session.viewer, id)).rejects.toThrow(NotFoundError);
      await expect(renamePasskey(deps, session.viewer, id, "Mine")).rejects.toThrow(NotFoundError);
      await expect(removePasskey(deps, session.viewer, "x")).rejects.toThrow(NotFoundError);
      const own = await signedIn(owner);
      await renamePasskey(deps, own.session.viewer, id, "  Work key ");
      await removePasskey(deps, own.session.viewer, id);
      expect(await auditOf(owner.id)).toContain("passkey.remove");
    });
  });
}
