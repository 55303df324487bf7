import { globSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type AccessWorld, marker, openAccessWorld, type Person, people } from "#lib/testing/access-world.ts";
import { rows } from "./testing/access-rows.ts";

type Handler = (request: Request, context: { params: Promise<Record<string, string | string[]>> }) => Promise<Response>;
const methods = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;
type Method = (typeof methods)[number];

const folder = join(import.meta.dirname, "..");
const files = globSync("**/route.ts", { cwd: folder }).toSorted();

/** `(chat)` and its like are no part of an address. */
const addressOf = (file: string) => `/${file.replace(/\/route\.ts$/, "")}`.replaceAll(/\/\([^)]+\)/g, "");

const routes: { name: string; method: Method; address: string; handler: Handler }[] = [];
for (const file of files) {
  const route = (await import(join(folder, file))) as Partial<Record<Method, Handler>>;
  for (const method of methods) {
    const handler = route[method];
    if (handler) routes.push({ name: `${method} ${addressOf(file)}`, method, address: addressOf(file), handler });
  }
}

describe("every route", () => {
  test("has its row, and every row its route", () => {
    const names = routes.map(({ name }) => name);
    expect(names.filter((name) => !(name in rows))).toEqual([]);
    expect(Object.keys(rows).filter((name) => !names.includes(name))).toEqual([]);
  });

  describe("lets in whom it is for, and shows others nothing", () => {
    let world: AccessWorld;
    let before: unknown;
    beforeAll(async () => {
      world = await openAccessWorld();
      before = await world.state();
    });
    afterAll(() => world?.close());

    async function call({ method, address, handler }: (typeof routes)[number], who: Person, body: unknown) {
      const { path, params } = world.fill(address);
      const end = new AbortController();
      const hasBody = method !== "GET" && body !== undefined;
      const response = await handler(
        new Request(`http://localhost:3000${path}?format=markdown&before=9&q=zebrafinch&text=zebrafinch&name=a.pdf`, {
          method,
          signal: end.signal,
          headers: {
            cookie: world.cookies[who],
            origin: "http://localhost:3000",
            host: "localhost:3000",
            ...(hasBody && { "content-type": "application/json" }),
          },
          ...(hasBody && { body: JSON.stringify(body) }),
        }),
        { params: Promise.resolve(params) },
      );
      // A stream's first part says whether anything of it is shown; it never ends by itself.
      const isStream = response.headers.get("content-type")?.startsWith("text/event-stream");
      const text = isStream ? "" : await response.text();
      end.abort();
      await response.body?.cancel().catch(() => undefined);
      return { status: response.status, text, headers: [...response.headers].join("\n") };
    }

    test.each(routes)("$name", async (route) => {
      const row = rows[route.name];
      if (!row) throw new Error("a route without a row");
      for (const who of people) {
        const isLetIn = row.may.includes(who);
        // What changes something is tried by those alone who must not; that the others may is shown where it is done.
        if (isLetIn && route.method !== "GET") continue;
        const { status, text, headers } = await call(route, who, row.body);
        const said = `${route.name} by ${who}: ${status} ${text.slice(0, 200)}`;
        if (isLetIn) expect([401, 403, 500], said).not.toContain(status);
        else if (who === "anonymous" || who === "disabled") expect(status, said).toBe(row.anonymousIs ?? 401);
        else expect([403, 404], said).toContain(status);
        const isTheirs = isLetIn && who !== "stranger" && !(row.may.length === people.length);
        if (!isTheirs) expect(text + headers, said).not.toContain(marker);
      }
    });

    test("and whoever was refused has changed nothing", async () => {
      expect(await world.state()).toEqual(before);
    });
  });
});
