import type { LookupAddress } from "node:dns";
import { afterEach, expect, test } from "vitest";
import { sourceRequest } from "#lib/ingest-runs/index.ts";
import { type RunOptions, readAll, startRun } from "./testing/context.ts";
import { send, sendCut, sendFile, sendStatus, serve } from "./testing/server.ts";
import { checkAddress, isPublicAddress, type Resolve } from "./transport/addresses.ts";

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const pdf = Buffer.from("%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n");
const hosts = ["guidelines.example", "127.0.0.1", "10.0.0.5", "[::1]"];

/** Names as a test wants them resolved; a list is given one answer a time, the last for ever. */
function resolver(names: Record<string, string[][]>): Resolve {
  return (name, _options, callback) => {
    const answers = names[name];
    const answer = answers && answers.length > 1 ? answers.shift() : answers?.[0];
    if (!answer) return callback(Object.assign(new Error(`no such name ${name}`), { code: "ENOTFOUND" }), []);
    callback(
      null,
      answer.map((address): LookupAddress => ({ address, family: address.includes(":") ? 6 : 4 })),
    );
  };
}

async function setUp(
  handle: Parameters<typeof serve>[0],
  names: Record<string, string[][]> = { "guidelines.example": [["127.0.0.1"]] },
  given: RunOptions & { allowLoopback?: boolean } = {},
) {
  const server = await serve(handle);
  closing.push(server.close);
  const run = await startRun(server.url, {
    sourceType: "guideline",
    ...given,
    settings: { allowedHosts: hosts, ...given.settings },
    options: { resolve: resolver(names), allowLoopback: given.allowLoopback ?? true },
  });
  closing.push(run.close);
  const at = (path: string, host = "guidelines.example") => `http://${host}:${server.port}${path}`;
  return { server, run, at };
}

const request = (...urls: string[]) => sourceRequest.parse({ kind: "addresses", urls });

test("fetches PDFs from allowed hosts, named by their address, and skips what is done", async () => {
  const { server, run, at } = await setUp((seen, response) => sendFile(seen, response, pdf));
  const urls = [at("/files/Asthma%20guideline.pdf"), at("/download?id=7"), at("/files/Asthma%20guideline.pdf")];
  const inputs = await readAll(run, request(...urls));
  expect(inputs.map(({ key, file }) => [key, file])).toEqual([
    [urls[0], "Asthma guideline.pdf"],
    [urls[1], "download.pdf"],
  ]);
  expect(inputs[0]?.text).toBe(pdf.toString());
  expect(server.seen).toHaveLength(2);
  expect(await run.left()).toEqual([]);
  const again = await startRun(server.url, { done: urls, settings: { allowedHosts: hosts } });
  closing.push(again.close);
  expect(await readAll(again, request(...urls))).toEqual([]);
  expect(server.seen).toHaveLength(2);
});

test("refuses hosts off the list, other ports, credentials and other schemes", () => {
  const rules = { allowedHosts: ["guidelines.example", "*.who.example", "10.0.0.5"] };
  const allowed = ["https://guidelines.example/a.pdf", "http://GUIDELINES.example/", "https://iris.who.example/x"];
  for (const url of allowed) expect(() => checkAddress(new URL(url), rules)).not.toThrow();
  for (const url of [
    "https://evil.example/a.pdf",
    "https://guidelines.example.evil.example/a.pdf",
    "https://who.example/",
    "https://notwho.example/",
    "https://guidelines.example:8443/a.pdf",
    "https://user:word@guidelines.example/a.pdf",
    "ftp://guidelines.example/a.pdf",
    "http://10.0.0.5/a.pdf",
    "http://0x0a000005/a.pdf",
  ]) {
    expect(() => checkAddress(new URL(url), rules), url).toThrow(
      expect.objectContaining({ code: "forbidden_address" }),
    );
  }
});

test("tells public addresses from internal ones, IPv4 inside IPv6 too", () => {
  for (const address of ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8"])
    expect(isPublicAddress(address), address).toBe(true);
  for (const address of [
    "127.0.0.1",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "169.254.169.254",
    "168.63.129.16",
    "192.0.0.192",
    "198.18.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:a9fe:a9fe",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "fe80::1",
    "fc00::1",
    "fd00:ec2::254",
    "ff02::1",
    "not an address",
  ]) {
    expect(isPublicAddress(address), address).toBe(false);
  }
});

test("reaches nothing internal without the tests' option: by name, by number, or behind one public address", async () => {
  const names = { "guidelines.example": [["127.0.0.1"]], "mixed.example": [["8.8.8.8", "10.0.0.1"]] };
  const settings = { allowedHosts: [...hosts, "mixed.example"] };
  const { server, run } = await setUp((_seen, response) => send(response, pdf), names, {
    allowLoopback: false,
    settings,
  });
  const urls = [
    "http://guidelines.example/a.pdf",
    "http://127.0.0.1/a.pdf",
    "http://[::1]/a.pdf",
    "http://mixed.example/a.pdf",
  ];
  expect(await readAll(run, request(...urls))).toEqual([]);
  expect(run.failures.map(({ code, position }) => [position.file, code])).toEqual(
    urls.map((url) => [url, "forbidden"]),
  );
  expect(server.seen).toHaveLength(0);
  expect(run.waits).toEqual([]);
});

test("checks the address it connects to, so that a name that resolves otherwise a moment later leads nowhere", async () => {
  let asked = 0;
  const { server, run, at } = await setUp(
    (_seen, response) => {
      asked += 1;
      if (asked > 1) return send(response, pdf);
      response.setHeader("connection", "close");
      sendStatus(response, 503);
    },
    { "guidelines.example": [["127.0.0.1"], ["169.254.169.254"]] },
  );
  expect(await readAll(run, request(at("/a.pdf")))).toEqual([]);
  expect(run.failures).toMatchObject([{ code: "forbidden", reason: expect.stringContaining("169.254.169.254") }]);
  expect(server.seen).toHaveLength(1);
});

test("checks every redirect anew", async () => {
  const names = { "guidelines.example": [["127.0.0.1"]], "inside.example": [["10.0.0.9"]] };
  const settings = { allowedHosts: [...hosts, "inside.example"] };
  const { server, run, at } = await setUp(
    (seen, response) => {
      const target = seen.parameters.get("to");
      if (target) sendStatus(response, 302, "", { location: target });
      else send(response, pdf);
    },
    names,
    { settings },
  );
  const to = (target: string) => at(`/go?to=${encodeURIComponent(target)}`);
  const good = to("/real.pdf");
  const bad = [
    "http://169.254.169.254/latest/meta-data/",
    "http://10.0.0.5/x.pdf",
    "http://inside.example/x.pdf",
    "file:///etc/passwd",
  ];
  expect((await readAll(run, request(good, ...bad.map(to)))).map(({ key }) => key)).toEqual([good]);
  expect(run.failures.map(({ code }) => code)).toEqual(["forbidden", "forbidden", "forbidden", "forbidden"]);
  expect(server.seen.filter(({ path }) => path !== "/go")).toHaveLength(1);
  expect(await run.left()).toEqual([]);
});

test("looks at what came: web pages, wrong kinds and empty answers are failures of their own, and so is a lost host", async () => {
  const bodies: Record<string, string | Buffer> = {
    "/page.pdf": "<!DOCTYPE html><html><body>Sign in</body></html>",
    "/data.pdf": '{"a":1}',
    "/empty.pdf": "",
    "/late.pdf": Buffer.concat([Buffer.from("junk before\n"), pdf]),
  };
  const { run, at } = await setUp((seen, response) => send(response, bodies[seen.path] ?? pdf));
  const urls = [...Object.keys(bodies).map((path) => at(path)), at("/a.pdf", "[::1]"), at("/b.pdf")];
  expect((await readAll(run, request(...urls))).map(({ file }) => file)).toEqual(["late.pdf", "b.pdf"]);
  expect(run.failures.map(({ code, reason }) => [code, reason.split(": ").at(-1)])).toEqual([
    ["malformed", "it is a web page, no document"],
    ["malformed", "it is json, which a guideline collection is not read from"],
    ["malformed", "it is empty"],
    ["unreadable", expect.any(String)],
  ]);
  expect(await run.left()).toEqual([]);
});

test("keeps to the limits, and goes on after a cut", async () => {
  let asked = 0;
  const big = Buffer.concat([pdf, Buffer.alloc(200_000, 32)]);
  const { run, at } = await setUp(
    (seen, response) => {
      asked += 1;
      if (seen.path === "/huge.pdf") send(response, Buffer.concat([pdf, Buffer.alloc(300_000, 32)]));
      else if (asked === 1) sendCut(response, big, 90_000, { etag: '"v1"' });
      else sendFile(seen, response, big);
    },
    undefined,
    { settings: { byteLimit: 250_000 } },
  );
  const inputs = await readAll(run, request(at("/cut.pdf"), at("/huge.pdf")));
  expect(inputs.map(({ text }) => text.length)).toEqual([big.length]);
  expect(run.failures).toMatchObject([{ code: "too_large" }]);
});
