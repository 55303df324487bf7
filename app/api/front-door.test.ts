import { once } from "node:events";
import { createServer, request as send } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readEnv } from "#lib/env.ts";
import { isAllowedHost } from "./allowed-hosts.ts";
import { openFrontDoor } from "./front-door.ts";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const production = { NODE_ENV: "production", ALLOWED_HOSTS: "second.example third.example:8443" };
const settings = readEnv(production);
beforeEach(() => openFrontDoor(settings));

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/** A server that stands for Next.js: it says what reaches it, and sets what `answer` sets. */
async function serve(answer: Record<string, string> = {}): Promise<number> {
  const server = createServer((request, response) => {
    for (const [name, value] of Object.entries(answer)) response.setHeader(name, value);
    response.end(JSON.stringify(request.headers));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  closers.push(() => server.closeAllConnections() ?? server.close());
  return (server.address() as AddressInfo).port;
}

async function ask(port: number, path: string, headers: Record<string, string> = {}, method = "GET"): Promise<Answer> {
  const request = send({ host: "127.0.0.1", port, path, method, headers: { host: `localhost:${port}`, ...headers } });
  request.end();
  const [response] = await once(request, "response");
  let body = "";
  for await (const part of response) body += part;
  return { status: response.statusCode, headers: response.headers, body };
}

const seen = (answer: Answer) => JSON.parse(answer.body) as Record<string, string>;

/** Bytes as they are, for what no client library would send. */
async function raw(port: number, bytes: string): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  socket.end(bytes);
  let answer = "";
  for await (const part of socket) answer += part;
  return answer;
}

describe("the headers of answers", () => {
  test("a page runs scripts by a nonce that is its own and that Next.js is told", async () => {
    const port = await serve();
    const nonces = new Set<string>();
    for (let count = 0; count < 3; count += 1) {
      const page = await ask(port, "/c/1");
      const policy = String(page.headers["content-security-policy"]);
      const nonce = /'nonce-([A-Za-z0-9+/=]{24,})'/.exec(policy)?.[1] ?? "";
      nonces.add(nonce);
      expect(seen(page)["content-security-policy"]).toBe(policy);
      const directives = Object.fromEntries(
        policy.split("; ").map((one) => [one.split(" ")[0], one.split(" ").slice(1).join(" ")]),
      );
      expect(directives).toEqual({
        "default-src": "'none'",
        "script-src": `'nonce-${nonce}' 'strict-dynamic'`,
        "style-src": `'self' 'nonce-${nonce}'`,
        "style-src-attr": "'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self'",
        "connect-src": "'self'",
        "worker-src": "'self'",
        "manifest-src": "'self'",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
      });
    }
    expect(nonces.size).toBe(3);
  });

  test("data is no page, and every answer is told as what it is", async () => {
    const port = await serve();
    for (const path of ["/api/conversations", "/files/abc", "/c/1", "/_next/static/a.js"]) {
      const { headers } = await ask(port, path);
      expect(headers, path).toMatchObject({
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "same-origin",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "permissions-policy": expect.stringContaining("camera=()"),
      });
      expect(headers["content-security-policy"]).not.toMatch(/script-src[^;]*'unsafe-(?:inline|eval)'|https?:/);
    }
    for (const path of ["/api/conversations", "/files/abc"]) {
      const { headers } = await ask(port, path);
      expect(headers["content-security-policy"]).toBe(
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox",
      );
    }
  });

  test("what a route says itself stands, once", async () => {
    const port = await serve({ "Content-Security-Policy": "sandbox", "X-Content-Type-Options": "nosniff" });
    const { headers } = await ask(port, "/pdfjs/worker.mjs");
    expect(headers["content-security-policy"]).toBe("sandbox");
    expect(headers["x-content-type-options"]).toBe("nosniff");
  });

  test("only what is reached by TLS asks to be reached by nothing else", async () => {
    const port = await serve();
    expect((await ask(port, "/")).headers["strict-transport-security"]).toBeUndefined();
    openFrontDoor({ ...settings, PUBLIC_URL: "https://probatum.example" });
    expect((await ask(port, "/")).headers["strict-transport-security"]).toBe("max-age=31536000; includeSubDomains");
  });
});

describe("what a client may not say", () => {
  const internal = [
    "x-middleware-subrequest",
    "X-Middleware-Subrequest",
    "x-middleware-subrequest-id",
    "x-middleware-rewrite",
    "x-middleware-next",
    "x-middleware-set-cookie",
    "x-invoke-path",
    "x-invoke-status",
    "x-matched-path",
    "x-now-route-matches",
    "x-nextjs-data",
    "x-original-url",
    "x-rewrite-url",
    "x-http-method-override",
    "x-http-method",
    "x-method-override",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-real-ip",
    "forwarded",
    "content-security-policy-report-only",
  ];

  test.each(internal)("%s does not get through", async (name) => {
    const value = "middleware:middleware:middleware:middleware:middleware";
    const headers = seen(await ask(await serve(), "/", { [name]: value }));
    expect(Object.keys(headers)).not.toContain(name.toLowerCase());
    expect(JSON.stringify(headers)).not.toContain(value);
  });

  test("the page's policy, the address and the door's mark are the door's own", async () => {
    const lies = {
      "content-security-policy": "script-src 'nonce-mine'",
      "x-forwarded-for": "6.6.6.6",
      "x-probatum-address": "6.6.6.6",
      "x-probatum-door": "mine",
    };
    const headers = seen(await ask(await serve(), "/", lies));
    expect(headers).toMatchObject({
      "x-probatum-address": "127.0.0.1",
      "x-forwarded-for": "127.0.0.1",
      "x-probatum-door": "seen",
    });
    expect(JSON.stringify(headers)).not.toMatch(/6\.6\.6\.6|mine/);
  });

  test("behind a proxy of one's own its word counts, and the last address alone", async () => {
    openFrontDoor(readEnv({ ...production, TRUST_PROXY: "on", PUBLIC_URL: "https://probatum.example" }));
    const port = await serve();
    const told = { "x-forwarded-for": "6.6.6.6, 10.0.0.7", "x-forwarded-host": "probatum.example" };
    expect(seen(await ask(port, "/", told))).toMatchObject({
      "x-probatum-address": "10.0.0.7",
      "x-forwarded-for": "10.0.0.7",
      "x-forwarded-host": "probatum.example",
    });
    expect((await ask(port, "/", { "x-forwarded-host": "evil.test" })).status).toBe(421);
  });

  test("a cookie counts for nothing where originals lie", async () => {
    const port = await serve();
    expect(seen(await ask(port, "/files/abc", { cookie: "a=b" })).cookie).toBeUndefined();
    expect(seen(await ask(port, "/api/documents/1", { cookie: "a=b" })).cookie).toBe("a=b");
  });
});

describe("what is refused", () => {
  test("another name than the server's own", async () => {
    openFrontDoor({ ...settings, PUBLIC_URL: "https://probatum.example" });
    const port = await serve();
    for (const host of [
      "localhost",
      "localhost:1",
      "127.0.0.1:80",
      "[::1]:3000",
      "probatum.example",
      "second.example:1",
    ])
      expect((await ask(port, "/", { host })).status, host).toBe(200);
    for (const host of [
      "evil.test",
      "probatum.example.evil.test",
      "localhost.evil.test",
      "a@localhost",
      "localhost:x",
    ]) {
      const answer = await ask(port, "/", { host });
      expect(answer.status, host).toBe(421);
      expect(answer.body).not.toContain(host);
      expect(answer.headers["x-frame-options"]).toBe("DENY");
    }
    // Probes ask under an address; what they are told is no secret.
    expect((await ask(port, "/api/health", { host: "10.0.0.5:3000" })).status).toBe(200);
  });

  test("two names, or an address that is none of ours", async () => {
    const port = await serve();
    const head = "GET / HTTP/1.1\r\nHost: localhost\r\n";
    expect(await raw(port, `${head}Connection: close\r\n\r\n`)).toMatch(/^HTTP\/1.1 200/);
    expect(await raw(port, `${head}Host: evil.test\r\nConnection: close\r\n\r\n`)).toMatch(/^HTTP\/1.1 4/);
    for (const target of ["http://evil.test/", "//evil.test/%2e%2e", "/\\evil.test", "*"]) {
      const answer = await raw(port, `GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
      expect(answer, target).toMatch(/^HTTP\/1.1 400/);
      expect(answer).not.toMatch(/^location:/im);
    }
  });

  test.each(["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])(
    "%s to a page: there are no server actions",
    async (method) => {
      const port = await serve();
      const action = { "next-action": "7f0000000000000000000000000000000000000000", "content-type": "text/plain" };
      for (const path of ["/", "/c/1", "/sign-in", "/api"]) {
        expect((await ask(port, path, action, method)).status, path).toBe(405);
      }
      expect((await ask(port, "/api/conversations", {}, method)).status).toBe(200);
    },
  );

  test("methods of no use", async () => {
    expect((await ask(await serve(), "/api/conversations", {}, "TRACE")).status).toBe(405);
  });
});

test("a sender that does not finish is not waited for beyond limits", async () => {
  const server = createServer((_request, response) => response.end());
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  closers.push(() => server.closeAllConnections() ?? server.close());
  await ask((server.address() as AddressInfo).port, "/");
  expect(server.headersTimeout).toBe(20_000);
  expect(server.requestTimeout).toBe(3_600_000);
});

describe("a body that drips in", () => {
  const uploads = "/api/admin/collections/own/uploads/1/files?name=a.pdf";

  /** As a handler that waits for all of the body; it says whether the sender went away first. */
  async function serveBodies() {
    const lost = Promise.withResolvers<void>();
    const server = createServer(async (request, response) => {
      let size = 0;
      try {
        for await (const part of request) size += part.length;
        response.end(`read ${size}`);
      } catch {
        lost.resolve();
      }
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    closers.push(() => server.closeAllConnections() ?? server.close());
    return { port: (server.address() as AddressInfo).port, lost: lost.promise };
  }

  /** A real socket that sends its head at once and then a byte each 20 ms, for as long as somebody listens. */
  function drip(port: number, path: string, framing = "Content-Length: 100000", byte = "x") {
    const socket = connect(port, "127.0.0.1");
    socket.write(`POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n${framing}\r\n\r\n`);
    const dripping = setInterval(() => socket.write(byte), 20);
    let answer = "";
    socket.on("data", (part) => (answer += part));
    // Writing to a connection that was closed is an error on the sender's side.
    socket.on("error", () => undefined);
    const closed = new Promise<string>((resolve) =>
      socket.once("close", () => {
        clearInterval(dripping);
        resolve(answer);
      }),
    );
    closers.push(() => socket.destroy());
    return closed;
  }

  test.each([
    ["/api/auth/sign-in/email", "Content-Length: 100000", "x"],
    ["/api/conversations", "Transfer-Encoding: chunked", "1\r\nx\r\n"],
  ])(
    "to %s (%s) is ended with an answer, and its connection closed",
    async (path, framing, byte) => {
      openFrontDoor({ ...settings, BODY_TIME_LIMIT_SECONDS: 0.3 });
      const { port, lost } = await serveBodies();
      const began = performance.now();
      const answer = await drip(port, path, framing, byte);
      expect(performance.now() - began).toBeGreaterThan(290);
      expect(answer).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/);
      expect(answer).toMatch(/\r\nConnection: close\r\n/);
      expect(answer).toContain("did not come in time");
      await lost;
    },
    5_000,
  );

  test("is waited for where files are uploaded", async () => {
    openFrontDoor({ ...settings, BODY_TIME_LIMIT_SECONDS: 0.3 });
    const { port } = await serveBodies();
    expect(await drip(port, uploads, "Content-Length: 40")).toMatch(/^HTTP\/1\.1 200 .*read 40/s);
  }, 5_000);

  test("is not waited for where an upload was refused", async () => {
    openFrontDoor({ ...settings, BODY_TIME_LIMIT_SECONDS: 0.3 });
    expect(await drip(await serve(), uploads)).toMatch(/^HTTP\/1\.1 200 /);
  }, 5_000);

  test("leaves others alone: what is sent at once is answered however long that takes", async () => {
    openFrontDoor({ ...settings, BODY_TIME_LIMIT_SECONDS: 0.3 });
    const slow = Promise.withResolvers<void>();
    const server = createServer(async (_request, response) => {
      await slow.promise;
      response.end("in the end");
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    closers.push(() => server.closeAllConnections() ?? server.close());
    const { port } = server.address() as AddressInfo;
    const body = JSON.stringify({ a: 1 });
    const socket = connect(port, "127.0.0.1");
    closers.push(() => socket.destroy());
    socket.write(`POST /api/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
    await drip((await serveBodies()).port, "/api/x");
    slow.resolve();
    const [answered] = await once(socket, "data");
    expect(String(answered)).toMatch(/^HTTP\/1\.1 200/);
  }, 5_000);
});

test("names are compared whole", () => {
  const own = { PUBLIC_URL: "https://probatum.example:8443", ALLOWED_HOSTS: ["third.example:8443"], HOST: "0.0.0.0" };
  expect(isAllowedHost("probatum.example:8443", own)).toBe(true);
  expect(isAllowedHost("PROBATUM.example:8443", own)).toBe(true);
  expect(isAllowedHost("third.example:8443", own)).toBe(true);
  for (const host of [
    undefined,
    "",
    "probatum.example",
    "third.example",
    "xprobatum.example:8443",
    "localhost/",
    "[::2]",
  ])
    expect(isAllowedHost(host, own), host).toBe(false);
});
