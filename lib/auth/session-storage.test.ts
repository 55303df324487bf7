import { randomUUID } from "node:crypto";
import { afterAll, describe, expect, test } from "vitest";
import type { Deps } from "../deps.ts";
import { openRedisProxy, until } from "../storage/redis-proxy.ts";
import { openTestDeps } from "../testing/deps.ts";
import { addUserWithPassword, findSession, findViewer, readSession } from "./index.ts";
import { openAuth } from "./open-auth.ts";
import { TestBrowser } from "./testing/browser.ts";

const server = process.env.REDIS_URL;
const name = "sessions and Redis";
describe.skipIf(!server)(server ? name : `${name} (skipped: REDIS_URL is not set)`, () => {
  const closers: (() => Promise<unknown>)[] = [];
  afterAll(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  });

  test("Redis saves reading and decides nothing: neither its death nor its memory signs anybody in", async () => {
    const proxy = await openRedisProxy(server ?? "");
    closers.push(() => proxy.close());
    const deps = await openTestDeps({ redisUrl: proxy.address });
    closers.push(() => deps.close());
    const email = `${randomUUID()}@example.org`;
    const password = (await addUserWithPassword(deps, { email, name: "Ada", role: "clinician" })) ?? "";
    const [kept, ended] = [new TestBrowser(deps), new TestBrowser(deps)];
    for (const browser of [kept, ended]) expect((await browser.signIn(email, password)).status).toBe(200);
    const keys = await deps.redis?.commands.keys("probatum:session:*");
    expect(keys?.length).toBeGreaterThan(0);
    for (const [, value] of kept.cookies) expect(keys?.join()).not.toContain(value.split(".")[0]);

    await proxy.kill();
    expect(await findViewer(deps, kept.headers), "Postgres knows without Redis").not.toBeNull();
    const late = new TestBrowser(deps);
    expect((await late.signIn(email, password)).status).toBe(200);
    // Redis cannot be told of this one's end.
    expect((await ended.ask("POST", "/sign-out", {})).status).toBe(200);
    const revoked = new TestBrowser(deps);
    expect((await revoked.signIn(email, password)).status).toBe(200);

    await proxy.restore();
    await until(() => deps.redis?.isReady() ?? false, "Redis was back");
    expect(await findViewer(deps, kept.headers)).not.toBeNull();
    expect(await findViewer(deps, late.headers)).not.toBeNull();
    await deps.database.pool.query("delete from sessions");
    for (const browser of [kept, late, revoked]) {
      expect(await findViewer(deps, browser.headers), "what Redis remembers is not enough").toBeNull();
      expect(await readSession(deps, browser.headers)).toBeNull();
    }
  }, 180_000);
});

test("behind https the cookies are this host's alone and never travel in the clear", async () => {
  const plain = await openTestDeps();
  try {
    const env = { ...plain.env, PUBLIC_URL: "https://ask.example.org" };
    const auth = await openAuth({ ...plain, env });
    const deps: Deps = { ...plain, env, auth };
    const email = `${randomUUID()}@example.org`;
    const password = (await addUserWithPassword(deps, { email, name: "Ada", role: "clinician" })) ?? "";
    const browser = new TestBrowser(deps);
    const cookies = (await browser.signIn(email, password)).headers.getSetCookie();
    expect(cookies.length).toBeGreaterThan(0);
    for (const cookie of cookies) {
      expect(cookie).toMatch(/^__Host-probatum\./);
      expect(cookie).toMatch(/; Secure/);
      expect(cookie).toMatch(/; HttpOnly/);
      expect(cookie).toMatch(/; SameSite=Lax/i);
      expect(cookie).toMatch(/; Path=\/(;|$)/);
      expect(cookie).not.toMatch(/Domain=/i);
    }
    expect(await findSession(deps, browser.headers)).not.toBeNull();
  } finally {
    await plain.close();
  }
}, 180_000);
