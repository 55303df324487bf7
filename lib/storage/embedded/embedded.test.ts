import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type EmbeddedPostgres, openEmbeddedPostgres } from "./index.ts";

const script = join(import.meta.dirname, "testing", "own-database.ts");
let directory: string;
let postgres: EmbeddedPostgres | undefined;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "probatum-embedded-"));
});
afterAll(async () => {
  await postgres?.close();
  await rm(directory, { recursive: true, force: true });
});

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** A process of its own that opens the database; `lines` are what it says. */
function startOther(...parameters: string[]) {
  const child = spawn(process.execPath, ["--no-warnings", script, directory, ...parameters], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return { child, next: async () => JSON.parse((await lines.next()).value ?? "null") };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
}

const ownerFile = () => join(directory, "owner.json");

// These follow one another on one data directory: making a new one takes seconds.
test("what was acknowledged is there after the owner was killed", async () => {
  const { child, next } = startOther("insert");
  expect(await next()).toMatchObject({ isOwner: true });
  let acknowledged = 0;
  while (acknowledged < 25) acknowledged = (await next()).inserted;
  child.kill("SIGKILL");
  await ended(child);
  expect(existsSync(ownerFile())).toBe(true);
  postgres = await openEmbeddedPostgres(directory);
  expect(postgres.isOwner).toBe(true);
  const { rows } = await withClient(postgres.url, (client) => client.query("select value from kept order by value"));
  expect(rows.length).toBeGreaterThanOrEqual(acknowledged);
  expect(rows.map(({ value }) => value)).toEqual(rows.map((_, at) => at + 1));
});

test("further openers, in this process and in another, get the owner's address", async () => {
  const again = await openEmbeddedPostgres(directory);
  expect(again).toMatchObject({ isOwner: false, url: postgres?.url });
  const { child, next } = startOther("count");
  expect(await next()).toEqual({ isOwner: false, url: postgres?.url });
  expect((await next()).count).toBeGreaterThanOrEqual(25);
  child.stdin.end();
  await ended(child);
  await again.close();
  expect(await withClient(postgres?.url as string, (client) => client.query("select 1 as one"))).toMatchObject({
    rows: [{ one: 1 }],
  });
});

test("clients at the same time get their own results, also beside failing statements and transactions", async () => {
  const pool = new pg.Pool({ connectionString: postgres?.url as string, max: 8 });
  await pool.query("create table together (writer int, round int)");
  const reading = async (at: number) => {
    const { rows } = await pool.query(`select $1::int as own, ${at} as literal`, [at]);
    expect(rows).toEqual([{ own: at, literal: at }]);
  };
  const failing = async () => {
    await expect(pool.query("select 1 / $1::int", [0])).rejects.toThrow("division by zero");
    await expect(pool.query("select nothing from nowhere where $1", [true])).rejects.toThrow("nowhere");
  };
  const writing = async (at: number, isKept: boolean) => {
    const client = await pool.connect();
    await client.query("begin");
    for (let round = 0; round < 3; round += 1) await client.query("insert into together values ($1, $2)", [at, round]);
    const { rows } = await client.query("select count(*)::int as own from together where writer = $1", [at]);
    expect(rows).toEqual([{ own: 3 }]);
    await client.query(isKept ? "commit" : "rollback");
    client.release();
  };
  await Promise.all(
    Array.from({ length: 120 }, (_, at) =>
      [() => reading(at), () => failing(), () => writing(at, at % 2 === 0)][at % 3]?.(),
    ),
  );
  const { rows } = await pool.query(
    "select count(*)::int as rows, count(distinct writer)::int as writers from together",
  );
  expect(rows).toEqual([{ rows: 60, writers: 20 }]);
  await pool.end();
});

test("a client that breaks off leaves neither its transaction nor a lock", async () => {
  const url = postgres?.url as string;
  const leaving = new pg.Client({ connectionString: url });
  leaving.on("error", () => undefined);
  await leaving.connect();
  await leaving.query("begin");
  await leaving.query("insert into kept values (-1)");
  const waiting = withClient(url, (client) => client.query("select count(*)::int as count from kept where value < 0"));
  (leaving as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
  expect((await waiting).rows).toEqual([{ count: 0 }]);
});

test("clients' named statements are their own, and go with them", async () => {
  const url = postgres?.url as string;
  const ask = async (client: pg.Client, text: string) =>
    (await client.query({ name: "same", text, values: [21] })).rows;
  const known = async (client: pg.Client) => (await client.query("select name from pg_prepared_statements")).rowCount;
  await withClient(url, async (one) => {
    await withClient(url, async (other) => {
      for (let round = 0; round < 3; round += 1) {
        const both = await Promise.all([ask(one, "select $1::int as own"), ask(other, "select 2 * $1::int as own")]);
        expect(both).toEqual([[{ own: 21 }], [{ own: 42 }]]);
      }
      expect(await known(one)).toBe(2);
    });
    await expect.poll(() => known(one)).toBe(1);
    expect(await ask(one, "select $1::int as own")).toEqual([{ own: 21 }]);
  });
  await expect.poll(() => withClient(url, known)).toBe(0);
});

test("a client that speaks no protocol is sent away, and the others go on", async () => {
  const socketPath = JSON.parse(readFileSync(ownerFile(), "utf8")).socketPath;
  const stranger = connect(socketPath);
  stranger.on("error", () => undefined);
  stranger.write("\0\0\0\0GET / HTTP/1.1\r\n\r\n");
  stranger.resume();
  await once(stranger, "close");
  await expect(withClient(postgres?.url as string, (client) => client.query("select 1"))).resolves.toBeDefined();
});

test("a statement of many megabytes and its answer go through", async () => {
  const text = "å".repeat(4_000_000);
  const { rows } = await withClient(postgres?.url as string, (client) =>
    client.query("select $1::text as text", [text]),
  );
  expect(rows[0].text === text).toBe(true);
});

test("closing gives the database free; a file that a crash cut short does not hold it", async () => {
  await postgres?.close();
  postgres = undefined;
  expect(existsSync(ownerFile())).toBe(false);
  writeFileSync(ownerFile(), '{"pid": 12');
  // Two openers of one process at once: one database is made, not two over the same files.
  const opened = await Promise.all([openEmbeddedPostgres(directory), openEmbeddedPostgres(directory)]);
  expect(opened.map(({ isOwner }) => isOwner).sort()).toEqual([false, true]);
  expect(opened[0].url).toBe(opened[1].url);
  await Promise.all(opened.map((each) => each.close()));
  expect(readdirSync(directory).filter((name) => name.startsWith("owner"))).toEqual([]);
});

test("of many processes that start at once, over a dead owner's file, one becomes the owner", async () => {
  mkdirSync(directory, { recursive: true });
  const dead = spawn(process.execPath, ["-e", ""]);
  await ended(dead);
  writeFileSync(
    ownerFile(),
    JSON.stringify({ pid: dead.pid, processStart: "1", url: "postgres://gone", socketPath: "/gone" }),
  );
  const others = Array.from({ length: 4 }, () => startOther("count"));
  const said = await Promise.all(others.map(({ next }) => next()));
  expect(said.filter(({ isOwner }) => isOwner)).toHaveLength(1);
  expect(new Set(said.map(({ url }) => url)).size).toBe(1);
  for (const { next } of others) expect((await next()).count).toBeGreaterThanOrEqual(25);
  for (const { child } of others) child.stdin.end();
  await Promise.all(others.map(({ child }) => ended(child)));
  expect(existsSync(ownerFile())).toBe(false);
});
