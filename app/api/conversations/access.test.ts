import { randomUUID } from "node:crypto";
import { globSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { insertConversation, insertQuestion } from "#db/index.ts";
import { addUserWithPassword } from "#lib/auth/index.ts";
import type { Deps } from "#lib/deps.ts";
import { openTestDeps } from "#lib/testing/deps.ts";

/** Every address of a conversation, whatever rooms are built on: who takes no part finds none of them. */
type Handler = (request: Request, context: { params: Promise<Record<string, string>> }) => Promise<Response>;
type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

const folder = join(import.meta.dirname, "[id]");
const files = globSync("**/route.ts", { cwd: folder }).toSorted();
const methods: Method[] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

// What each of them would take from one who takes part, all at once.
const body = {
  question: "May I?",
  title: "Mine",
  sequenceId: 1,
  asking: true,
  role: "reader",
  days: 7,
  kind: "helpful",
  note: "",
  sentenceIndex: null,
  archived: true,
  pinned: true,
  labels: ["a"],
  retainUntil: null,
};

describe("the addresses of a conversation", () => {
  const shared = globalThis as typeof globalThis & { probatumDeps?: Promise<Deps> };
  let deps: Deps;
  let id: string;
  let params: Record<string, string>;
  const cookies = { owner: "", colleague: "", stranger: "" };

  async function signIn(
    name: string,
    elsewhere: boolean,
  ): Promise<{ userId: string; tenantId: string; cookie: string }> {
    const email = `${name}-${randomUUID()}@example.org`;
    const password = await addUserWithPassword(deps, { email, name, role: "clinician" });
    if (elsewhere) {
      await deps.database.pool.query(
        `with tenant as (insert into tenants (slug, name) values ($1, 'Elsewhere') returning id)
         update members set tenant_id = tenant.id from tenant, users where users.email = $2 and user_id = users.id`,
        [randomUUID(), email],
      );
    }
    const { rows } = await deps.database.pool.query(
      `select user_id as "userId", tenant_id as "tenantId" from members join users on users.id = user_id where email = $1`,
      [email],
    );
    const response = await deps.auth.api.signInEmail({ body: { email, password: password ?? "" }, asResponse: true });
    return { ...rows[0], cookie: (response.headers.get("set-cookie") ?? "").split(";")[0] };
  }

  async function call(handler: Handler, method: Method, path: string, cookie: string): Promise<Response> {
    const end = new AbortController();
    const response = await handler(
      new Request(`http://localhost:3000/api/conversations/${path}?format=markdown&before=9`, {
        method,
        signal: end.signal,
        headers: {
          cookie,
          origin: "http://localhost:3000",
          host: "localhost:3000",
          "content-type": "application/json",
        },
        ...(method !== "GET" && { body: JSON.stringify({ ...body, email: `${randomUUID()}@example.org` }) }),
      }),
      { params: Promise.resolve(params) },
    );
    if (response.headers.get("content-type")?.startsWith("text/event-stream")) end.abort();
    return response;
  }

  beforeAll(async () => {
    deps = await openTestDeps();
    shared.probatumDeps = Promise.resolve(deps);
    const owner = await signIn("owner", false);
    const colleague = await signIn("colleague", false);
    const stranger = await signIn("stranger", true);
    Object.assign(cookies, { owner: owner.cookie, colleague: colleague.cookie, stranger: stranger.cookie });
    expect(colleague.tenantId).toBe(owner.tenantId);
    expect(stranger.tenantId).not.toBe(owner.tenantId);
    id = await insertConversation(deps.database, owner, "Private");
    const asked = await insertQuestion(deps.database, owner, id, {
      question: "?",
      collections: [],
      eventsAfter: "1-0",
    });
    params = { id, messageId: asked?.answer.id ?? "", personId: owner.userId, linkId: randomUUID() };
  });
  afterAll(async () => {
    delete shared.probatumDeps;
    await deps?.close();
  });

  test("are all looked at", () => {
    expect(files.length).toBeGreaterThanOrEqual(12);
  });

  test.each(files)("[id]/%s is not found by who takes no part, of whichever organisation", async (file) => {
    const route = (await import(join(folder, file))) as Partial<Record<Method, Handler>>;
    const known = methods.flatMap((method) => {
      const handler = route[method];
      return handler ? [{ method, handler }] : [];
    });
    expect(known.length).toBeGreaterThan(0);
    for (const { method, handler } of known) {
      const path = `${id}/${file.replace("/route.ts", "")}`;
      for (const who of ["colleague", "stranger"] as const) {
        const response = await call(handler, method, path, cookies[who]);
        expect(response.status, `${method} by a ${who}: ${await response.clone().text()}`).toBe(404);
        expect(await response.text()).not.toContain("Private");
      }
      expect((await call(handler, method, path, "")).status, `${method} by nobody`).toBe(401);
      // The same call by the owner is found: it is not the test that keeps the others out.
      if (method === "GET" && !file.includes("receipt"))
        expect((await call(handler, method, path, cookies.owner)).status, `${method} by the owner`).toBe(200);
    }
  });

  test("nothing of it has changed", async () => {
    const { rows } = await deps.database.pool.query(
      `select title, message_count, deleted_at, (select count(*)::int from participants where conversation_id = c.id) as people
       from conversations c where id = $1`,
      [id],
    );
    expect(rows).toEqual([{ title: "Private", message_count: 2, deleted_at: null, people: 2 }]);
  });
});
