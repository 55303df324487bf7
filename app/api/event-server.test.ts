import { once } from "node:events";
import { createServer, get, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { toResponse, UnauthenticatedError } from "#lib/errors.ts";
import { serveEventStreams } from "./event-server.ts";
import { eventStream } from "./event-stream.ts";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** A server that stands for Next.js: it says what reaches it. */
async function serve(): Promise<string> {
  const server = createServer((request, response) => response.end(`next ${request.method} ${request.url}`));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  closers.push(() => server.closeAllConnections() ?? server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const failure = async () => ({ event: "failure", data: null });

test("an event stream is answered by its handler, with its headers and those of every page", async () => {
  const seen: unknown[] = [];
  const address = await serve();
  const url = `${address}/api/conversations/abc/events?after=0-1`;
  async function* one() {
    yield { id: "1-0", data: "one" };
  }
  serveEventStreams(async (request, { params }) => {
    seen.push(request.url, request.headers.get("last-event-id"), request.headers.get("cookie"), await params);
    return eventStream(one(), { abort: new AbortController(), failure });
  });
  const response = await fetch(url, { headers: { "Last-Event-ID": "0-9", Cookie: "a=b" } });
  expect(await response.text()).toBe(': connected\n\nid: 1-0\ndata: "one"\n\n');
  expect(seen).toEqual([url, "0-9", "a=b", { id: "abc" }]);
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
  expect(response.headers.get("x-frame-options")).toBe("DENY");
  expect(response.headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
});

test("a refusal keeps its status, words and headers", async () => {
  serveEventStreams(async () => toResponse(new UnauthenticatedError()));
  const response = await fetch(`${await serve()}/api/conversations/abc/events`);
  expect(response.status).toBe(401);
  expect(await response.json()).toEqual({ error: { code: "unauthenticated", message: "Sign in first." } });
  expect(response.headers.get("cache-control")).toBe("no-store");
});

test("everything else goes to Next.js", async () => {
  serveEventStreams(() => Promise.reject(new Error("not for this")));
  const address = await serve();
  for (const path of ["/", "/api/conversations/abc", "/api/conversations/abc/events/", "/api/conversations/%61/events"])
    expect(await (await fetch(address + path)).text()).toBe(`next GET ${path}`);
  const posted = await fetch(`${address}/api/conversations/abc/events`, { method: "POST" });
  expect(await posted.text()).toBe("next POST /api/conversations/abc/events");
});

test("a reader that goes ends the source", async () => {
  const abort = new AbortController();
  async function* endless() {
    for (let id = 0; !abort.signal.aborted; id += 1) {
      yield { id: String(id), data: "x".repeat(10_000) };
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }
  serveEventStreams(async () => eventStream(endless(), { abort, failure }));
  const request = get(`${await serve()}/api/conversations/abc/events`);
  const [response] = (await once(request, "response")) as [IncomingMessage];
  await once(response, "data");
  const aborted = once(abort.signal, "abort");
  request.destroy();
  await aborted;
});
