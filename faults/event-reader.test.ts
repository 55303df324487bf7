import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { openBalancer } from "./balancer.ts";
import { EventReader } from "./event-reader.ts";
import { call } from "./session.ts";
import { until } from "./until.ts";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<[Server, number]> {
  const server = createServer(answer).listen(0, "127.0.0.1");
  await once(server, "listening");
  closers.push(() => server.closeAllConnections() ?? server.close());
  return [server, (server.address() as AddressInfo).port];
}

const titled = (number: number) => `id: ${number}-0\ndata: {"type":"title","title":"${number}"}\n\n`;
const limit = { limit: 10_000 };

test("a reader resumes after the last event it has, like a browser, and takes none that was cut off", async () => {
  const asked: (string | undefined)[] = [];
  const [, port] = await serve((request, response) => {
    asked.push(request.headers["last-event-id"]?.toString());
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    const next = Number(request.headers["last-event-id"]?.toString().split("-")[0] ?? 0) + 1;
    response.write(`: connected\n\n${titled(next)}${titled(next + 1).slice(0, 20)}`);
  });
  const titles: string[] = [];
  const reader = new EventReader({ address: `http://127.0.0.1:${port}`, cookie: "" }, "c", {
    after: "0-0",
    pause: 5,
    onEvent: ({ event }) => titles.push(event.type === "title" ? event.title : event.type),
  });
  closers.push(() => reader.close());
  for (const count of [1, 2, 3]) {
    await until(() => titles.length === count, "an event came", limit);
    reader.cut();
  }
  expect(titles).toEqual(["1", "2", "3"]);
  expect(asked.slice(0, 3)).toEqual([undefined, "1-0", "2-0"]);
});

test("a refusal is told, and not tried again by itself", async () => {
  const [, port] = await serve((_request, response) => response.writeHead(404).end("not there"));
  const refusals: string[] = [];
  const reader = new EventReader({ address: `http://127.0.0.1:${port}`, cookie: "" }, "c", {
    after: "0-0",
    pause: 1,
    onRefused: (reason) => refusals.push(reason),
  });
  closers.push(() => reader.close());
  await until(() => refusals.length > 0, "it was refused", limit);
  expect(refusals).toEqual(["404 not there"]);
  expect(reader.connections).toBe(1);
});

test("a balancer goes round, says where a connection went, and passes over a process that is gone", async () => {
  const named = (name: string) => serve((_request, response) => response.end(JSON.stringify(name)));
  const [[, left], [right, rightPort]] = [await named("left"), await named("right")];
  const balancer = await openBalancer([left, rightPort]);
  closers.push(() => balancer.close());
  const session = { address: `http://127.0.0.1:${balancer.port}`, cookie: "" };
  const ask = async () => {
    const { body, localPort } = await call(session, "GET", "/");
    return `${body} ${balancer.targetOf(localPort)}`;
  };
  expect([await ask(), await ask(), await ask()]).toEqual(['"left" 0', '"right" 1', '"left" 0']);
  right.closeAllConnections();
  await new Promise((resolve) => right.close(resolve));
  expect([await ask(), await ask()]).toEqual(['"left" 0', '"left" 0']);
});
