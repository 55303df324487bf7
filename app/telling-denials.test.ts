import { globSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Deps } from "#lib/deps.ts";
import { type AccessWorld, openAccessWorld, type Person } from "#lib/testing/access-world.ts";

const asked = vi.hoisted(() => ({ cookie: "" }));
// Next.js keeps the headers of the request that it renders; here they are the caller's.
vi.mock("next/headers", () => ({ headers: async () => new Headers(asked), cookies: async () => new Map() }));

type Page = (props: { params: Promise<object>; searchParams: Promise<object> }) => Promise<unknown>;

const app = import.meta.dirname;
/** Every page of the administration, from the files themselves, and the page of a conversation. */
const addresses = globSync("(chat)/{admin/**,c/*}/page.tsx", { cwd: app })
  .toSorted()
  .map((file) => ({ file, address: `/${file.slice("(chat)/".length, -"/page.tsx".length)}` }));

describe("a page that is denied", () => {
  let world: AccessWorld;
  beforeAll(async () => {
    world = await openAccessWorld();
  });
  afterAll(() => world?.close());

  async function open(person: Person, file: string, address: string): Promise<unknown> {
    asked.cookie = world.cookies[person];
    const { params } = world.fill(address.replace(/^\/c\//, "/conversations/").replace(/^/, "/api"));
    const page = (await import(join(app, file))) as { default: Page };
    return page.default({ params: Promise.resolve(params), searchParams: Promise.resolve({}) });
  }
  async function denials() {
    const { database } = await (globalThis as typeof globalThis & { probatumDeps: Promise<Deps> }).probatumDeps;
    const { rows } = await database.root.pool.query<{ details: object; tenantId: string; subjectId: string }>(
      `select details, tenant_id as "tenantId", subject_id as "subjectId" from audit_log where action = 'denied' order by id`,
    );
    return rows;
  }

  test("is looked for among all there are", () => {
    expect(addresses.length).toBeGreaterThan(12);
  });

  test.each(addresses)("$address: to a reader it is recorded, once", async ({ file, address }) => {
    const before = await denials();
    await expect(open("reader", file, address)).rejects.toThrow();
    const added = (await denials()).slice(before.length);
    expect(added).toHaveLength(1);
    expect(added[0]?.details).toMatchObject({ role: "reader" });
  });

  test("a conversation's page to another tenant's owner is recorded there, and says no more than that there is none", async () => {
    const before = await denials();
    const { params } = world.fill("/api/conversations/[id]");
    await expect(open("stranger", "(chat)/c/[id]/page.tsx", "/c/[id]")).rejects.toThrow("NEXT_HTTP_ERROR_FALLBACK;404");
    const added = (await denials()).slice(before.length);
    expect(added).toMatchObject([
      { subjectId: params.id, details: { route: "GET /c/[id]", role: "owner", status: 404 } },
    ]);
  });

  test("what may be opened is no denial", async () => {
    const before = await denials();
    await open("participant", "(chat)/c/[id]/page.tsx", "/c/[id]");
    await open("administrator", "(chat)/admin/people/page.tsx", "/admin/people");
    expect(await denials()).toEqual(before);
  });
});
