import { randomUUID } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { ensureCollection, insertConversation } from "#db/index.ts";
import { addUserWithPassword } from "#lib/auth/index.ts";
import type { Deps } from "#lib/deps.ts";
import { toResponse } from "#lib/errors.ts";
import { addDocuments, openTestDeps } from "#lib/testing/deps.ts";
import { addressHeader } from "./front-door.ts";
import { handle, json } from "./handle.ts";

type Params = Record<string, string | string[]>;
type Handler = (request: Request, context: { params: Promise<Params> }) => Promise<Response>;
type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

const writes: Method[] = ["POST", "PUT", "PATCH", "DELETE"];
const origin = "http://localhost:3000";
const app = join(import.meta.dirname, "..");

/** Every route there is, from the files themselves: a new one is tested without a word here. */
const files = globSync("**/route.ts", { cwd: app }).toSorted();
const routes = await Promise.all(
  files.map(async (file) => ({
    file,
    source: readFileSync(join(app, file), "utf8"),
    handlers: (await import(join(app, file))) as Partial<Record<Method, Handler>>,
  })),
);
const writing = routes.flatMap(({ file, source, handlers }) =>
  writes.flatMap((method) => {
    const handler = handlers[method];
    return handler ? [{ name: `${method} ${file}`, method, file, source, handler }] : [];
  }),
);

/** Something for every part of every address. */
const params = new Proxy({} as Params, {
  get: (_target, name) => (name === "path" || name === "all" ? ["sign-in", "email"] : randomUUID()),
  has: () => true,
});

describe("routes", () => {
  const shared = globalThis as typeof globalThis & { probatumDeps?: Promise<Deps> };
  let deps: Deps;
  let owner: { userId: string; tenantId: string; cookie: string };

  beforeAll(async () => {
    deps = await openTestDeps({ env: { REQUEST_LIMIT_PER_MINUTE: "100000", SIGN_IN_LIMIT_PER_MINUTE: "100000" } });
    shared.probatumDeps = Promise.resolve(deps);
    owner = await signIn();
  });
  afterEach(() => {
    shared.probatumDeps = Promise.resolve(deps);
  });
  afterAll(async () => {
    delete shared.probatumDeps;
    await deps?.close();
  });

  async function signIn() {
    const email = `${randomUUID()}@example.org`;
    const password = await addUserWithPassword(deps, { email, name: "Owner", role: "owner" });
    const { rows } = await deps.database.pool.query<{ userId: string; tenantId: string }>(
      `select user_id as "userId", tenant_id as "tenantId" from members join users on users.id = user_id where email = $1`,
      [email],
    );
    const response = await deps.auth.api.signInEmail({ body: { email, password: password ?? "" }, asResponse: true });
    const ids = rows[0] as { userId: string; tenantId: string };
    return { ...ids, cookie: (response.headers.get("set-cookie") ?? "").split(";")[0] ?? "" };
  }

  function call(
    { handler, method }: { handler: Handler; method: Method },
    headers: Record<string, string>,
    body?: BodyInit,
    given: Params = params,
    path = "/api/x?name=a.xml",
  ): Promise<Response> {
    const request = new Request(`${origin}${path}`, {
      method,
      headers: { host: "localhost:3000", cookie: owner.cookie, ...headers },
      ...(body !== undefined && { body, duplex: "half" }),
    } as RequestInit);
    return handler(request, { params: Promise.resolve(given) });
  }
  const own = { origin, "sec-fetch-site": "same-origin", "content-type": "application/json" };
  const routeOf = async (file: string) => (await import(join(app, file))) as Record<Method, Handler>;
  const get = (handler: Handler, path: string, given: Params, headers: Record<string, string> = {}) =>
    call({ handler, method: "GET" }, headers, undefined, given, path);

  test("are all looked at", () => {
    expect(routes.length).toBeGreaterThan(45);
    expect(writing.length).toBeGreaterThan(35);
  });

  describe.each(writing)("$name", (route) => {
    test.each<Record<string, string>>([
      { origin: "https://evil.test" },
      { origin: "null" },
      { origin: "http://localhost:3001" },
      { origin: "http://localhost:3000.evil.test" },
      { origin: "https://evil.test", "x-forwarded-host": "evil.test" },
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site" },
      { "sec-fetch-site": "none" },
      { "sec-fetch-site": "cross-site", origin },
      { "sec-fetch-site": "same-origin", origin: "https://evil.test" },
    ])("is no other site's to send: %j", async (headers) => {
      for (const contentType of ["application/json", "text/plain", "application/x-www-form-urlencoded"]) {
        const response = await call(route, { ...headers, "content-type": contentType }, "{}");
        expect(response.status).toBe(403);
        expect((await response.json()).error.message).toBe("This request came from another site.");
      }
    });

    const readsJson = /read(?:Json|Object)\b|handle(?:Account|Anonymous)\b/.test(route.source);
    if (!readsJson || route.method === "DELETE") return;
    test("takes JSON alone, and not too much of it", async () => {
      for (const contentType of [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
      ]) {
        expect((await call(route, { ...own, "content-type": contentType }, "{}")).status, contentType).toBe(415);
      }
      expect((await call(route, own, `"${"x".repeat(300_000)}"`)).status).toBe(413);
      expect((await call(route, own, `${"[".repeat(50)}${"]".repeat(50)}`)).status).toBe(400);
    });
  });

  test("a method that is said beside the method is not believed", async () => {
    const conversation = await insertConversation(deps.database, owner, "Stays");
    const { GET } = await routeOf("api/conversations/[id]/route.ts");
    const overrides = { "x-http-method-override": "DELETE", "x-http-method": "DELETE", "x-method-override": "DELETE" };
    for (const path of [`/api/conversations/${conversation}?_method=DELETE`, `/api/conversations/${conversation}`]) {
      const response = await get(GET, path, { id: conversation }, overrides);
      expect(response.status).toBe(200);
      expect(await response.json()).toMatchObject({ title: "Stays" });
    }
    const { rows } = await deps.database.pool.query("select deleted_at from conversations where id = $1", [
      conversation,
    ]);
    expect(rows).toEqual([{ deleted_at: null }]);
  });

  test("what a route denies is recorded, with the route's name and what was wanted", async () => {
    const conversation = await insertConversation(deps.database, owner, "Not theirs");
    const { cookie, userId } = await signIn();
    const { GET } = await routeOf("api/conversations/[id]/route.ts");
    const path = `/api/conversations/${conversation}`;
    expect((await get(GET, path, { id: conversation }, { cookie })).status).toBe(404);
    const nobodys = randomUUID();
    expect((await get(GET, `/api/conversations/${nobodys}`, { id: nobodys }, { cookie })).status).toBe(404);
    const { rows } = await deps.database.pool.query(
      `select subject_id as subject, details->>'route' as route from audit_log where action = 'denied' and actor_id = $1`,
      [userId],
    );
    expect(rows).toEqual([{ subject: conversation, route: "GET /api/conversations/[id]" }]);
  });

  describe("paths", () => {
    const climbing = [
      "..",
      "../../../../etc/passwd",
      "..%2f..%2fetc%2fpasswd",
      "%2e%2e/%2e%2e/etc/passwd",
      "..\\..\\etc\\passwd",
      "....//....//etc/passwd",
      "/etc/passwd",
      "file:///etc/passwd",
      "a\0.mjs",
      "__proto__",
      "constructor",
      "",
    ];

    test.each(climbing)("%j leads to no file of the PDF viewer's and to no document", async (part) => {
      const { GET } = await routeOf("pdfjs/[...path]/route.ts");
      for (const path of [
        [part],
        ["cmaps", part],
        ["build", part],
        ["cmaps", ...part.split("/")],
        ["wasm", `${part}.wasm`],
        // What has one of the served endings, and lies beside the package or in it.
        [part, "..", "react", "index.js"],
        ["..", "react", "index.js"],
        ["cmaps", "..", "build", "pdf.mjs"],
        ["build", "pdf.mjs"],
      ]) {
        expect((await get(GET, "/pdfjs/x", { path })).status, path.join("/")).toBe(404);
      }
      for (const file of ["api/documents/[id]/route.ts", "api/documents/[id]/original/route.ts"]) {
        expect((await get((await routeOf(file)).GET, "/api/documents/x", { id: part })).status).toBe(404);
      }
      const { GET: open } = await routeOf("files/[token]/route.ts");
      expect((await get(open, "/files/x", { token: part })).status).toBe(404);
      const { GET: save } = await routeOf("api/conversations/[id]/export/route.ts");
      expect((await get(save, "/api/x?format=pdf", { id: part })).status).toBe(404);
    });

    test("the viewer's own files are served, with a policy for them", async () => {
      const { GET } = await routeOf("pdfjs/[...path]/route.ts");
      const response = await get(GET, "/pdfjs/x", { path: ["build", "pdf.worker.min.mjs"] });
      expect(response.status).toBe(200);
      expect(response.headers.get("content-security-policy")).toMatch(/^default-src 'none'; script-src 'self'/);
    });

    test.each(climbing)("a form of export called %j is none, and its name goes into no header", async (format) => {
      const conversation = await insertConversation(deps.database, owner, "Title");
      const { GET } = await routeOf("api/conversations/[id]/export/route.ts");
      const path = `/api/x?format=${encodeURIComponent(format)}`;
      const response = await get(GET, path, { id: conversation });
      expect(response.status).toBe(400);
      expect(response.headers.get("content-disposition")).toBeNull();
    });
  });

  test.each([
    'a"\r\nSet-Cookie: stolen=1\r\n\r\n<script>alert(1)</script>',
    "../../../etc/passwd",
    'x"; filename="evil.html',
    "\u202egnp.exe",
    "naïve “title” 日本",
  ])("a title such as %j breaks out of no header", async (title) => {
    const conversation = await insertConversation(deps.database, owner, title);
    const { GET } = await routeOf("api/conversations/[id]/export/route.ts");
    const response = await get(GET, "/api/x?format=markdown", { id: conversation });
    expect(response.status).toBe(200);
    expect(response.headers.get("content-disposition")).toMatch(/^attachment; filename="[\w-]+\.md"$/);
    expect(response.headers.get("set-cookie")).toBeNull();
    const written = await response.text();
    expect(written).not.toMatch(/(?<!\\)</);
  });

  describe("originals", () => {
    const sourceId = 'evil"\r\nSet-Cookie: a=b\r\n../x.html';
    let id: string;

    beforeAll(async () => {
      const collection = await ensureCollection(deps.database, {
        tenantId: owner.tenantId,
        slug: `own-${randomUUID()}`,
        title: "Own",
        description: "",
        sourceType: "guideline",
        embeddingProvider: "test",
        embeddingModel: "hashed",
        embeddingDimensions: 384,
        chunkSettings: {},
      });
      await addDocuments(deps, collection, [{ id: sourceId, title: "Own", text: "Own words." }]);
      await deps.objects.put(
        "originals/evil",
        (async function* () {
          yield Buffer.from("<script>alert(document.cookie)</script>");
        })(),
        { contentType: "text/html" },
      );
      const { rows } = await deps.database.pool.query<{ id: string }>(
        `update documents set object_key = 'originals/evil', original_type = 'text/html' where collection_id = $1
         returning id::text`,
        [collection.id],
      );
      id = rows[0]?.id ?? "";
    });

    async function sign(cookie = owner.cookie): Promise<string> {
      const { GET } = await routeOf("api/documents/[id]/original/route.ts");
      const response = await get(GET, `/api/documents/${id}/original`, { id }, { cookie });
      expect(response.status).toBe(303);
      return (response.headers.get("location") ?? "").replace("/files/", "");
    }
    async function open(token: string, headers: Record<string, string> = {}) {
      const { GET } = await routeOf("files/[token]/route.ts");
      return get(GET, `/files/${token}`, { token }, { cookie: "", ...headers });
    }

    test("are downloads in a sandbox, fetched without a cookie and named harmlessly", async () => {
      const response = await open(await sign());
      expect(response.status).toBe(200);
      expect(Object.fromEntries(response.headers)).toMatchObject({
        "content-security-policy": "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; sandbox",
        "x-content-type-options": "nosniff",
        "content-disposition": expect.stringMatching(/^attachment; filename="[\w.-]+"$/),
        "cross-origin-resource-policy": "same-origin",
      });
      expect(response.headers.get("set-cookie")).toBeNull();
      expect(await response.text()).toContain("<script>");
    });

    test.each([
      ["bytes=0-7", 206],
      ["bytes=100000-", 416],
    ])("are no page by parts either: %s", async (range, status) => {
      const response = await open(await sign(), { range });
      expect(response.status).toBe(status);
      expect(Object.fromEntries(response.headers)).toMatchObject({
        "content-security-policy": "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; sandbox",
        "x-content-type-options": "nosniff",
        "content-disposition": expect.stringMatching(/^attachment/),
      });
    });

    test("are found by nobody else's word: no signature, another's, an old or a changed one", async () => {
      const token = await sign();
      const [text = "", seal = ""] = token.split(".");
      const claim = JSON.parse(Buffer.from(text, "base64url").toString());
      const changed = (over: object) => Buffer.from(JSON.stringify({ ...claim, ...over })).toString("base64url");
      const wrong = [
        "",
        text,
        `${text}.`,
        `${text}.${seal}.x`,
        `${text}.${seal.slice(1)}`,
        `${changed({ document: "999" })}.${seal}`,
        `${changed({ until: claim.until + 1000 })}.${seal}`,
        `.${seal}`,
        "e30.e30",
      ];
      for (const one of wrong) expect((await open(one, { cookie: owner.cookie })).status, one).toBe(404);
      const { readSignedAddress } = await import("#lib/documents/signed-address.ts");
      expect(await readSignedAddress(deps.env, token)).toMatchObject({ document: id });
      expect(await readSignedAddress(deps.env, token, Date.now() + 301_000)).toBeNull();
      const { GET } = await routeOf("api/documents/[id]/original/route.ts");
      expect((await get(GET, "/api/documents/x/original", { id }, { cookie: "" })).status).toBe(401);
    });

    test("are gone for whoever was disabled or left the tenant, at once", async () => {
      const { cookie, userId } = await signIn();
      const token = await sign(cookie);
      expect((await open(token)).status).toBe(200);
      await deps.database.pool.query("update members set disabled_at = now() where user_id = $1", [userId]);
      expect((await open(token)).status).toBe(404);
      await deps.database.pool.query("update members set disabled_at = null where user_id = $1", [userId]);
      await deps.database.pool.query("update users set disabled_at = now() where id = $1", [userId]);
      expect((await open(token)).status).toBe(404);
      await deps.database.pool.query("update users set disabled_at = null where id = $1", [userId]);
      await deps.database.pool.query("delete from members where user_id = $1", [userId]);
      expect((await open(token)).status).toBe(404);
    });
  });

  describe("limits", () => {
    test("every answer says what is left, and the one too many when again", async () => {
      const { cookie } = await signIn();
      const limited = { ...deps, limits: (await openLimited({ REQUEST_LIMIT_PER_MINUTE: "2" })).limits };
      shared.probatumDeps = Promise.resolve(limited);
      const route = handle(async () => json({}));
      const ask = () => get(route as Handler, "/api/x", {}, { cookie });
      expect((await ask()).headers.get("ratelimit")).toMatch(/^"requests";r=1;t=\d+$/);
      expect((await ask()).headers.get("ratelimit-policy")).toBe('"requests";q=2;w=60');
      const refused = await ask();
      expect(refused.status).toBe(429);
      expect(refused.headers.get("retry-after")).toMatch(/^(?:60|[1-5]?\d)$/);
      expect(refused.headers.get("ratelimit")).toMatch(/^"requests";r=0;t=\d+$/);
      expect((await refused.json()).error).toMatchObject({
        code: "rate_limited",
        message: /2 requests within a minute/,
      });
    });

    test("questions, searches, exports and sign-in are counted each by itself", async () => {
      const { cookie } = await signIn();
      const env = {
        SEARCH_LIMIT_PER_MINUTE: "1",
        EXPORT_LIMIT_PER_HOUR: "1",
        SIGN_IN_LIMIT_PER_MINUTE: "1",
        RATE_LIMIT_PER_MINUTE: "1",
      };
      shared.probatumDeps = Promise.resolve({ ...deps, limits: (await openLimited(env)).limits });
      const search = await routeOf("api/search/route.ts");
      const found = await get(search.GET, "/api/search?q=warfarin", {}, { cookie });
      expect(found.status).toBe(200);
      expect(found.headers.get("ratelimit-policy")).toBe('"requests";q=10;w=60, "searches";q=1;w=60');
      expect((await get(search.GET, "/api/search?q=warfarin", {}, { cookie })).status).toBe(429);
      const save = await routeOf("api/conversations/[id]/export/route.ts");
      await get(save.GET, "/api/x?format=pdf", { id: randomUUID() }, { cookie });
      expect((await get(save.GET, "/api/x?format=pdf", { id: randomUUID() }, { cookie })).status).toBe(429);
      const { POST } = await routeOf("api/auth/[...all]/route.ts");
      const tries = (address: string) =>
        call(
          { handler: POST, method: "POST" },
          { ...own, [addressHeader]: address, cookie: "" },
          '{"email":"a@b.c","password":"x"}',
          { all: [] },
          "/api/auth/sign-in/email",
        );
      expect((await tries("1.1.1.1")).status).not.toBe(429);
      expect((await tries("1.1.1.1")).status).toBe(429);
      expect((await tries("2.2.2.2")).status).not.toBe(429);
      const ask = await routeOf("api/conversations/route.ts");
      const question = () =>
        call({ handler: ask.POST, method: "POST" }, { ...own, cookie }, '{"question":"What is warfarin?"}');
      const asked = await question();
      expect(asked.status).toBeLessThan(300);
      expect(asked.headers.get("ratelimit")).toMatch(/"questions";r=0;t=\d+/);
      expect((await question()).status).toBe(429);
    });

    test("event streams are so many at once, and one that ends makes room", async () => {
      const { cookie, ...person } = await signIn();
      shared.probatumDeps = Promise.resolve({ ...deps, limits: (await openLimited({ STREAMS_PER_USER: "2" })).limits });
      const conversation = await insertConversation(deps.database, person, "Open");
      const { GET } = await routeOf("api/conversations/[id]/events/route.ts");
      const listen = () => get(GET, `/api/conversations/${conversation}/events`, { id: conversation }, { cookie });
      const open = [await listen(), await listen()];
      expect(open.map(({ status }) => status)).toEqual([200, 200]);
      expect((await listen()).status).toBe(429);
      await open[0]?.body?.cancel();
      const next = await listen();
      expect(next.status).toBe(200);
      await Promise.all([open[1]?.body?.cancel(), next.body?.cancel()]);
    });

    async function openLimited(env: Record<string, string>) {
      const { openLimits } = await import("#lib/limits/index.ts");
      const { readEnv } = await import("#lib/env.ts");
      return { limits: openLimits({ env: readEnv(env), logger: deps.log }) };
    }
  });

  test.each([
    new Error('relation "secret_table" does not exist at 10.0.0.5:5432'),
    Object.assign(new Error("select * from users where password = 'x'"), {
      code: "42P01",
      detail: "Key (email)=(a@b.c)",
    }),
    Object.assign(new Error("connect ECONNREFUSED 10.0.0.5:5432"), { code: "ECONNREFUSED" }),
    new TypeError("Cannot read properties of undefined (reading 'secret_table')"),
    "secret_table",
    null,
  ])("what goes wrong inside is told in general: %s", async (error) => {
    shared.probatumDeps = Promise.resolve(deps);
    const route = handle(async () => {
      throw error;
    });
    for (const response of [await get(route as Handler, "/api/x", {}), toResponse(error)]) {
      expect(response.status).toBeGreaterThanOrEqual(500);
      const text = await response.text();
      expect(text).not.toMatch(/secret_table|select|10\.0\.0\.5|a@b\.c|at .*\.ts|node_modules|ECONN|stack/);
    }
  });
});

test("health tells anybody what is well, and nobody where it stands", async () => {
  const shared = globalThis as typeof globalThis & { probatumDeps?: Promise<Deps> };
  const health = async () => [
    { backend: "postgres", ok: true, milliseconds: 1, detail: null },
    { backend: "redis:10.0.0.5:6379", ok: false, milliseconds: 1, detail: "connect ECONNREFUSED 10.0.0.5:6379" },
  ];
  const parts = {
    health,
    chatModel: null,
    answers: { counts: { exact: 0, like: 0, shared: 0, missed: 0 } },
    database: { pool: {}, root: {} },
    log: { warn: () => undefined },
  };
  shared.probatumDeps = Promise.resolve(parts as unknown as Deps);
  const { GET } = (await import("./health/route.ts")) as { GET: () => Promise<Response> };
  const text = await (await GET()).text();
  delete shared.probatumDeps;
  expect(JSON.parse(text).backends).toMatchObject({
    postgres: { ok: true },
    redis: { ok: false, detail: "does not answer" },
  });
  expect(text).not.toMatch(/10\.0\.0\.5|ECONN/);
});

describe("the source", () => {
  const sources = globSync("**/*.{ts,tsx}", { cwd: app }).filter((file) => !file.includes(".test."));

  test("makes no markup of text, and code of none", () => {
    const found = sources.filter((file) =>
      /dangerouslySetInnerHTML|\.(?:inner|outer)HTML|insertAdjacentHTML|document\.write|\beval\(|new Function\(|srcDoc|createContextualFragment|DOMParser/.test(
        readFileSync(join(app, file), "utf8"),
      ),
    );
    expect(sources.length).toBeGreaterThan(200);
    expect(found).toEqual([]);
  });

  test("has no server action, which any page could call past the routes", () => {
    expect(sources.filter((file) => /^\s*["']use server["']/m.test(readFileSync(join(app, file), "utf8")))).toEqual([]);
  });

  test("authorises in no file that only some requests pass", () => {
    expect(globSync("{proxy,middleware}.{ts,js,mjs}", { cwd: join(app, "..") })).toEqual([]);
  });
});
