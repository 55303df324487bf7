import { createHash, randomBytes } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { type RunOptions, startRun, type TestRun } from "../testing/context.ts";
import { send, sendCut, sendFile, sendStatus, serve, type TestServer } from "../testing/server.ts";
import { download } from "./download.ts";
import { HttpClient, type HttpOptions } from "./http.ts";
import { backoff, defaultManners, retryAfter } from "./manners.ts";

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function setUp(handle: Parameters<typeof serve>[0], given: RunOptions = {}, options: HttpOptions = {}) {
  const server: TestServer = await serve(handle);
  closing.push(server.close);
  const run: TestRun = await startRun(server.url, given);
  closing.push(run.close);
  const client = new HttpClient(run.context, { ...run.options.manners, ...options });
  closing.push(() => client.close());
  return { server, run, client, url: new URL("file?api_key=secret&x=1", server.url) };
}

const content = randomBytes(300_000);
const md5 = createHash("md5").update(content).digest("hex");

test("waits as long as Retry-After says through a storm of 429, and reports every wait without the key", async () => {
  let asked = 0;
  const { run, client, url } = await setUp((_seen, response) => {
    asked += 1;
    if (asked === 1) sendStatus(response, 429, "slow down", { "retry-after": "7" });
    else if (asked === 2) sendStatus(response, 429, "", { "retry-after": "Tue, 10 Mar 2026 12:00:30 GMT" });
    else if (asked === 3) sendStatus(response, 429, "", { "retry-after": "86400" });
    else send(response, "at last");
  });
  expect((await client.text({ url })).text).toBe("at last");
  expect(run.waits).toEqual([7000, 30_000, defaultManners.longestRetryAfterMs]);
  expect(run.notes[0]).toContain("answered 429 (slow down); asking again in 7.0 s (attempt 2 of 7)");
  expect(run.notes.join()).not.toContain("secret");
});

test("gives up after its attempts on 500, with growing waits and a typed error", async () => {
  const { server, run, client, url } = await setUp((_seen, response) => sendStatus(response, 500, "<h1>broken</h1>"));
  await expect(client.text({ url })).rejects.toMatchObject({
    name: "SourceError",
    code: "busy",
    status: 500,
    asked: `${server.url}file?x=1`,
    reason: "it answered 500 (broken); given up after 7 attempts",
  });
  expect(server.seen).toHaveLength(7);
  expect(run.waits).toEqual([750, 1500, 3000, 6000, 12_000, 24_000]);
});

test("does not ask again where that changes nothing", async () => {
  const { server, run, client, url } = await setUp((_seen, response) => sendStatus(response, 403));
  await expect(client.text({ url })).rejects.toMatchObject({ code: "refused" });
  expect([server.seen.length, run.waits.length]).toEqual([1, 0]);
});

test("goes on after each cut where it stopped, and checks the whole", async () => {
  let asked = 0;
  let directory = "";
  const hasWritten = () =>
    vi.waitFor(async () => {
      const sizes = (await readdir(directory)).map(async (name) => (await stat(join(directory, name))).size);
      expect(Math.max(...(await Promise.all(sizes)))).toBeGreaterThan(0);
    }, 10_000);
  const { server, run, client, url } = await setUp((seen, response) => {
    asked += 1;
    if (asked === 1) sendCut(response, content, 100_000, { etag: '"v1"', "accept-ranges": "bytes" }, hasWritten);
    else sendFile(seen, response, content);
  });
  directory = run.context.directory;
  const { path, size } = await download(client, { url }, { md5 });
  expect(size).toBe(content.length);
  expect((await readFile(path)).equals(content)).toBe(true);
  const { range, "if-range": ifRange } = server.seen[1]?.headers ?? {};
  expect(ifRange).toBe('"v1"');
  expect(Number(/bytes=(\d+)-/.exec(range ?? "")?.[1])).toBeGreaterThan(0);
  expect(run.notes).toHaveLength(1);
});

test("starts anew when the file has changed since the cut", async () => {
  let asked = 0;
  const { client, url } = await setUp((seen, response) => {
    asked += 1;
    if (asked === 1) sendCut(response, randomBytes(300_000), 100_000, { etag: '"old"' });
    else sendFile(seen, response, content, '"new"');
  });
  const { path } = await download(client, { url }, { md5 });
  expect((await readFile(path)).equals(content)).toBe(true);
});

test("starts anew when a range is gone, or another is given than was asked for", async () => {
  for (const isGone of [true, false]) {
    let asked = 0;
    const { client, url } = await setUp((seen, response) => {
      asked += 1;
      if (asked === 1) sendCut(response, content, 100_000, { etag: '"v1"' });
      else if (asked === 2 && isGone) sendStatus(response, 416, "", { "content-range": "bytes */300000" });
      else if (asked === 2) {
        sendStatus(response, 206, "x".repeat(10), { "content-length": "10", "content-range": "bytes 0-9/300000" });
      } else sendFile(seen, response, content);
    });
    const { path } = await download(client, { url });
    expect((await readFile(path)).equals(content)).toBe(true);
  }
});

test("does not resume what the server gives no version of", async () => {
  let asked = 0;
  const { server, client, url } = await setUp((_seen, response) => {
    asked += 1;
    if (asked === 1) sendCut(response, content, 100_000, { etag: 'W/"weak"' });
    else send(response, content);
  });
  await download(client, { url }, { md5 });
  expect(server.seen[1]?.headers.range).toBeUndefined();
});

test("fetches a file of the wrong checksum once more, then fails and leaves nothing behind", async () => {
  const { server, run, client, url } = await setUp((seen, response) => sendFile(seen, response, content));
  const wrong = "0".repeat(32);
  await expect(download(client, { url }, { md5: wrong })).rejects.toMatchObject({
    code: "checksum",
    reason: expect.stringContaining(md5),
  });
  expect(server.seen).toHaveLength(2);
  expect(server.seen[1]?.headers.range).toBeUndefined();
  expect(await run.left()).toEqual([]);
});

test("stops at the limit of bytes, said or not", async () => {
  for (const isSaid of [true, false]) {
    const { run, client, url } = await setUp(
      (_seen, response) => {
        if (isSaid) send(response, content);
        else response.end(content);
      },
      { settings: { byteLimit: 1000 } },
    );
    await expect(download(client, { url })).rejects.toMatchObject({ code: "too_large" });
    expect(await run.left()).toEqual([]);
  }
});

test("stops at the limit of time when an answer trickles", async () => {
  const { run, client, url } = await setUp(
    (_seen, response) => {
      response.writeHead(200, { "content-length": 10 });
      response.write("x");
    },
    { settings: { timeLimitMs: 150 } },
  );
  await expect(download(client, { url })).rejects.toMatchObject({ code: "timeout" });
  expect(await run.left()).toEqual([]);
});

test("ends with the run's own reason when the run is ended, in an answer or in a wait", async () => {
  const inAnswer = new AbortController();
  const first = await setUp(
    (_seen, response) => {
      response.writeHead(200, { "content-length": 10 });
      response.write("x", () => inAnswer.abort(new Error("cancelled")));
    },
    { signal: inAnswer.signal },
  );
  await expect(download(first.client, { url: first.url })).rejects.toThrow("cancelled");
  expect(await first.run.left()).toEqual([]);
  const inWait = new AbortController();
  const sleep = async () => inWait.abort(new Error("cancelled"));
  const second = await setUp((_seen, response) => sendStatus(response, 503), { signal: inWait.signal }, { sleep });
  await expect(second.client.text({ url: second.url })).rejects.toThrow("cancelled");
  expect(second.server.seen).toHaveLength(1);
});

test("follows redirects on its host, and none to another unless the source allows it", async () => {
  const { server, client, url } = await setUp((seen, response) => {
    if (seen.path === "/file") sendStatus(response, 302, "", { location: "/there" });
    else if (seen.path === "/away") sendStatus(response, 302, "", { location: "http://localhost:1/" });
    else if (seen.path === "/round") sendStatus(response, 302, "", { location: "/round" });
    else send(response, "there");
  });
  expect((await client.text({ url })).text).toBe("there");
  await expect(client.text({ url: new URL("away", server.url) })).rejects.toMatchObject({ code: "forbidden_address" });
  await expect(client.text({ url: new URL("round", server.url) })).rejects.toMatchObject({ code: "refused" });
});

test("spaces its requests to one host evenly", async () => {
  const { server, client, url } = await setUp((_seen, response) => send(response, "x"), {}, { requestsPerSecond: 40 });
  await Promise.all(Array.from({ length: 6 }, () => client.text({ url })));
  const times = server.seen.map(({ at }) => at).sort((first, second) => first - second);
  expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(5 * 25 * 0.9);
});

test("reads Retry-After in both its forms, and grows waits up to their bound", () => {
  const now = new Date("2026-03-10T12:00:00Z");
  expect(retryAfter("120", now)).toBe(120_000);
  expect(retryAfter("Tue, 10 Mar 2026 12:01:00 GMT", now)).toBe(60_000);
  expect(retryAfter("Tue, 10 Mar 2026 11:00:00 GMT", now)).toBe(0);
  expect(retryAfter("soon", now)).toBeNull();
  expect(backoff({ ...defaultManners, random: () => 1 }, 20)).toBe(defaultManners.longestWaitMs);
});
