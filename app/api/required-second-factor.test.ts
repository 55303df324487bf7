import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { getDeps } from "#lib/deps.ts";
import { type AccessWorld, marker, openAccessWorld } from "#lib/testing/access-world.ts";
import { rows } from "./testing/access-rows.ts";

type Handler = (request: Request, context: { params: Promise<Record<string, string | string[]>> }) => Promise<Response>;

const folder = join(import.meta.dirname, "..");

/** Open to whoever knows the address, or to those who enrol, join an organisation and sign out. */
const open = /^\/api\/(?:auth|account|health|invitations)(?:\/|$)|^\/(?:files|pdfjs)\//;

/** What shows a session before it is known whether its person may go on. */
const lookAtSessions = [
  "(chat)/layout.tsx",
  "account/page.tsx",
  "account/password/page.tsx",
  "api/account/handle.ts",
  "api/handle.ts",
  "api/invitations/accept/route.ts",
  "api/tenants/route.ts",
  "invitation/[secret]/page.tsx",
  "sign-in/page.tsx",
  "viewer.ts",
];

const routes: { name: string; method: string; address: string; handler: Handler }[] = [];
for (const file of globSync("**/route.ts", { cwd: folder }).toSorted()) {
  const address = `/${file.replace(/\/route\.ts$/, "")}`.replaceAll(/\/\([^)]+\)/g, "");
  if (open.test(address)) continue;
  const route = (await import(join(folder, file))) as Record<string, Handler>;
  for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE"])
    if (route[method]) routes.push({ name: `${method} ${address}`, method, address, handler: route[method] });
}

describe("whoever lacks the second factor that their organisation requires", () => {
  let world: AccessWorld;
  let before: unknown;
  beforeAll(async () => {
    world = await openAccessWorld();
    await (await getDeps()).database.pool.query("update tenants set requires_second_factor = true");
    before = await world.state();
  });
  afterAll(() => world?.close());

  test.each(routes)("is refused by $name and told why", async ({ name, method, address, handler }) => {
    const { path, params } = world.fill(address);
    const body = rows[name]?.body;
    const hasBody = method !== "GET" && body !== undefined;
    const response = await handler(
      new Request(`http://localhost:3000${path}`, {
        method,
        headers: {
          cookie: world.cookies.participant,
          origin: "http://localhost:3000",
          host: "localhost:3000",
          ...(hasBody && { "content-type": "application/json" }),
        },
        ...(hasBody && { body: JSON.stringify(body) }),
      }),
      { params: Promise.resolve(params) },
    );
    const text = await response.text();
    expect(response.status, `${name}: ${text}`).toBe(403);
    expect(JSON.parse(text)).toMatchObject({ error: { code: "second_factor_required" } });
    expect(text).not.toContain(marker);
  });

  test("has changed nothing, and each refusal is on record", async () => {
    expect(await world.state()).toEqual(before);
    const { rows: denied } = await (await getDeps()).database.pool.query(
      "select count(*)::int as count from audit_log where action = 'denied'",
    );
    expect(denied[0].count).toBeGreaterThan(0);
  });
});

test("nothing of the product takes its viewer from a session by itself", () => {
  const found = globSync("**/*.{ts,tsx}", { cwd: folder }).filter(
    (file) =>
      !/\.test\.tsx?$/.test(file) &&
      /\b(?:findSession|requireSession|readSession)\(/.test(readFileSync(join(folder, file), "utf8")),
  );
  expect(found.toSorted()).toEqual(lookAtSessions);
});
