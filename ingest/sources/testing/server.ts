import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

export interface Seen {
  method: string;
  /** Path and query, as asked. */
  target: string;
  path: string;
  /** Query and form together. */
  parameters: URLSearchParams;
  headers: IncomingMessage["headers"];
  at: number;
}

type Handler = (seen: Seen, response: ServerResponse) => void | Promise<void>;

/** A small web server on loopback for one test; it keeps what it was asked. */
export interface TestServer {
  url: string;
  port: number;
  seen: Seen[];
  /** How often a path was asked. */
  asked(path: string): number;
  close(): Promise<void>;
}

export async function serve(handle: Handler): Promise<TestServer> {
  const seen: Seen[] = [];
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "/", "http://loopback");
    const parameters = new URLSearchParams(url.search);
    if (request.method === "POST") {
      for (const [name, value] of new URLSearchParams(await text(request))) parameters.append(name, value);
    }
    const { method = "GET", headers } = request;
    const one = { method, target: request.url ?? "/", path: url.pathname, parameters, headers, at: performance.now() };
    seen.push(one);
    await handle(one, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    port,
    seen,
    asked: (path) => seen.filter((one) => one.path === path).length,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export function send(response: ServerResponse, body: string | Uint8Array, headers: Record<string, string> = {}): void {
  response.writeHead(200, { "content-length": Buffer.byteLength(body), ...headers });
  response.end(body);
}

export function sendJson(response: ServerResponse, value: unknown, headers: Record<string, string> = {}): void {
  send(response, JSON.stringify(value), { "content-type": "application/json", ...headers });
}

export function sendStatus(response: ServerResponse, status: number, body = "", headers: Record<string, string> = {}) {
  response.writeHead(status, headers);
  response.end(body);
}

/**
 * Promises the whole body and breaks the connection after part of it: once that is sent, or once `arrived` says that
 * the client has some of it, since a client may drop what it has not read when the connection breaks.
 */
export function sendCut(
  response: ServerResponse,
  body: Uint8Array,
  after: number,
  headers: Record<string, string> = {},
  arrived: () => Promise<unknown> = async () => undefined,
): void {
  response.writeHead(200, { "content-length": body.length, ...headers });
  response.write(body.subarray(0, after), () => void arrived().finally(() => response.destroy()));
}

/** A file as Apache gives it: with an ETag, and in part when asked for a range of the same version. */
export function sendFile(seen: Seen, response: ServerResponse, body: Uint8Array, etag = '"v1"'): void {
  const [, start] = /^bytes=(\d+)-$/.exec(seen.headers.range ?? "") ?? [];
  const headers = { etag, "accept-ranges": "bytes" };
  if (start === undefined || seen.headers["if-range"] !== etag) {
    send(response, body, headers);
    return;
  }
  const from = Number(start);
  const part = body.subarray(from);
  response.writeHead(206, {
    ...headers,
    "content-length": part.length,
    "content-range": `bytes ${from}-${body.length - 1}/${body.length}`,
  });
  response.end(part);
}
