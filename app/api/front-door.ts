import { randomBytes } from "node:crypto";
import { type IncomingMessage, Server, type ServerResponse } from "node:http";
import { type Env, readEnv } from "#lib/env.ts";
import {
  dataPolicy,
  doorHeader,
  pagePolicy,
  securityHeaders,
  signInPolicy,
  strictTransport,
} from "../security-headers.mjs";
import { isAllowedHost } from "./allowed-hosts.ts";
import { tellRefusal } from "./refusals.ts";
import { limitBody, longestWait } from "./slow-bodies.ts";

export type DoorSettings = Pick<
  Env,
  | "NODE_ENV"
  | "PUBLIC_URL"
  | "HOST"
  | "ALLOWED_HOSTS"
  | "TRUST_PROXY"
  | "BODY_TIME_LIMIT_SECONDS"
  | "UPLOAD_TIME_LIMIT_SECONDS"
>;

/** The network address a request came from, for limits; set by the door, whatever the sender wrote there. */
export const addressHeader = "x-probatum-address";

const shared = globalThis as typeof globalThis & { probatumDoor?: DoorSettings; probatumTimed?: WeakSet<Server> };

/**
 * Every request passes here before Next.js or a handler sees it: what no client may say is taken away, what is none of
 * ours is refused, and every answer gets its security headers, pages with a nonce of their own. Nothing is authorised
 * here: each handler does that itself.
 */
export function openFrontDoor(settings: DoorSettings = readEnv()): void {
  const isOpen = shared.probatumDoor !== undefined;
  shared.probatumDoor = settings;
  if (isOpen) return;
  const emit = Server.prototype.emit;
  Server.prototype.emit = function (this: Server, name: string | symbol, ...values: unknown[]): boolean {
    if (name === "request" && shared.probatumDoor) {
      limitTimes(this, shared.probatumDoor);
      if (!admit(values[0] as IncomingMessage, values[1] as ServerResponse, shared.probatumDoor)) return true;
    }
    return Reflect.apply(emit, this, [name, ...values]);
  };
}

/** A sender that never finishes its headers or its body must not hold a connection. */
function limitTimes(server: Server, settings: DoorSettings): void {
  shared.probatumTimed ??= new WeakSet();
  if (shared.probatumTimed.has(server)) return;
  shared.probatumTimed.add(server);
  server.headersTimeout = 20_000;
  server.requestTimeout = 1000 * longestWait(settings);
}

/** Readies request and response. False: the request was refused, and the refusal is sent. */
export function admit(incoming: IncomingMessage, outgoing: ServerResponse, settings: DoorSettings): boolean {
  const { headers } = incoming;
  const path = (incoming.url ?? "").split("?")[0] ?? "";
  const isSecure = settings.PUBLIC_URL?.startsWith("https:") === true;
  const nonce = randomBytes(18).toString("base64");
  const policy = policyOf(path, nonce, isSecure);
  dress(outgoing, policy, isSecure);

  const address = addressOf(incoming, settings);
  const hasOneHost = (incoming.headersDistinct.host?.length ?? 0) === 1;
  takeAway(headers, settings);
  headers[addressHeader] = address;
  headers["x-forwarded-for"] = address;
  headers[doorHeader] = "seen";
  // Next.js takes a page's nonce from here.
  headers["content-security-policy"] = policy;
  // Originals lie under signed addresses: who is signed in makes no difference there, and must not.
  if (path.startsWith("/files/")) delete headers.cookie;

  const told = (status: number) =>
    tellRefusal({ status, method: incoming.method ?? "", route: null, address, user: null });
  const refuse = (status: number, words: string) => {
    told(status);
    return turnAway(outgoing, status, words);
  };
  if (!path.startsWith("/") || /^\/[/\\]|\\/.test(path)) return refuse(400, "This is no address of ours.");
  const isAsked = hasOneHost && isAllowedHost(headers.host, settings) && isForwardedWell(headers, settings);
  if (!isAsked && path !== "/api/health") {
    const words = "This server does not go by the name it was asked under (PUBLIC_URL, ALLOWED_HOSTS).";
    return refuse(421, words);
  }
  if (!isAcceptable(incoming.method ?? "", path, settings)) return refuse(405, "This cannot be done here.");
  limitBody(incoming, outgoing, path, settings, () => told(408));
  return true;
}

function policyOf(path: string, nonce: string, isSecure: boolean): string {
  if (path.startsWith("/api/auth/")) return signInPolicy;
  if (path.startsWith("/api/") || path.startsWith("/files/")) return dataPolicy;
  return pagePolicy(nonce, isSecure);
}

/** Sets what the answer does not say itself when its head is written, whoever writes it. */
function dress(outgoing: ServerResponse, policy: string, isSecure: boolean): void {
  const write = outgoing.writeHead;
  const headers = [
    ...securityHeaders,
    { key: "Content-Security-Policy", value: policy },
    ...(isSecure ? [strictTransport] : []),
  ];
  outgoing.writeHead = function (this: ServerResponse, ...head: unknown[]): ServerResponse {
    if (!outgoing.headersSent)
      for (const { key, value } of headers) if (!outgoing.hasHeader(key)) outgoing.setHeader(key, value);
    return Reflect.apply(write, outgoing, head);
  } as ServerResponse["writeHead"];
}

/** By these, frameworks and proxies talk among themselves: from a client they could only be meant to deceive. */
const internal =
  /^(?:x-middleware-|x-invoke-|x-next-|x-nextjs-|x-matched-path$|x-now-|x-vercel-|x-probatum-|x-(?:http-)?method|x-original-|x-rewrite-|x-override-|x-prerender-|content-security-policy)/;
const forwarding = /^(?:forwarded$|x-forwarded-|x-real-ip$|x-client-ip$|true-client-ip$|cf-connecting-ip$)/;

function takeAway(headers: IncomingMessage["headers"], { TRUST_PROXY, NODE_ENV }: DoorSettings): void {
  for (const name of Object.keys(headers)) {
    const isTheirs = internal.test(name) && !(NODE_ENV === "development" && name.startsWith("x-nextjs-"));
    if (isTheirs || (TRUST_PROXY === "off" && forwarding.test(name))) delete headers[name];
  }
}

/** The last entry is the one that our own proxy wrote; those before it came from outside. */
function addressOf({ headers, socket }: IncomingMessage, { TRUST_PROXY }: DoorSettings): string {
  const forwarded = TRUST_PROXY === "on" ? [headers["x-forwarded-for"] ?? []].flat().join(",") : "";
  return forwarded.split(",").at(-1)?.trim() || socket.remoteAddress || "unknown";
}

function isForwardedWell(headers: IncomingMessage["headers"], settings: DoorSettings): boolean {
  const host = headers["x-forwarded-host"];
  return host === undefined || (typeof host === "string" && isAllowedHost(host, settings));
}

const methods = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/** Pages are only read: there are no server actions, so whoever posts to a page forges one. */
function isAcceptable(method: string, path: string, { NODE_ENV }: DoorSettings): boolean {
  if (method === "GET" || method === "HEAD") return true;
  return methods.has(method) && (path.startsWith("/api/") || NODE_ENV === "development");
}

function turnAway(outgoing: ServerResponse, status: number, words: string): false {
  // What is still to come of the request is not read.
  outgoing.writeHead(status, { "Content-Type": "text/plain; charset=utf-8", Connection: "close" });
  outgoing.end(`${words}\n`);
  return false;
}
