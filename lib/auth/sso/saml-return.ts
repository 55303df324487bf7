import { createHash, timingSafeEqual } from "node:crypto";
import { inflateRawSync } from "node:zlib";
import { type Database, findSamlProvider, insertAudit } from "#db/index.ts";
import type { Env } from "../../env.ts";
import { NotFoundError } from "../../errors.ts";
import type { Auth } from "../open-auth.ts";
import { readSecret } from "../secret.ts";
import { readSamlConfiguration, samlAddresses } from "./saml-configuration.ts";
import { checkSamlResponse, SamlRefusal } from "./saml-response.ts";
import { openSeal } from "./seal.ts";

interface ReturnDeps {
  auth: Auth;
  database: Database;
  env: Env;
}

/** Bytes of a posted form, and of the response's XML. */
const longestForm = 256 * 1024;
const longestResponse = 128 * 1024;
/** Seconds that somebody may take at their provider. */
export const requestSeconds = 600;

/**
 * The cookie that ties a request to the browser that began it: without it, a stranger could have a victim's browser post
 * the stranger's own response, and the victim would write into the stranger's account. It has to come along with the
 * provider's post, which is another site's; so it is `SameSite=None`, says nothing, and opens nothing by itself.
 */
export function requestCookie(env: Env, address: string): string | null {
  const request = URL.canParse(address) ? new URL(address).searchParams.get("SAMLRequest") : null;
  if (!request) return null;
  const xml = inflateRawSync(Buffer.from(request, "base64"), { maxOutputLength: 64 * 1024 }).toString();
  const id = /^<[^>]*\sID="([^"]+)"/.exec(xml)?.[1];
  if (!id) throw new Error("the request to the identity provider has no identifier");
  return cookie(env, digest(id), requestSeconds);
}

/**
 * What an identity provider has a browser post: checked here, then by better-auth, which verifies the signature and uses
 * request and assertion up. Whatever is refused is on record and leads to the sign-in page.
 * @throws NotFoundError when there is no such provider
 */
export async function receiveSamlResponse(
  deps: ReturnDeps,
  request: Request,
  providerId: string,
  address: string | null,
): Promise<Response> {
  const provider = await findSamlProvider(deps.database.root, providerId);
  if (!provider) throw new NotFoundError("This address");
  let refused: string;
  try {
    const form = await readForm(request);
    const opened = openSeal(await readSecret(deps.env)).open(provider.configuration);
    const { issuer, audience } = readSamlConfiguration(opened);
    const { acs } = samlAddresses(deps.env, providerId);
    const { inResponseTo } = checkSamlResponse(form.xml, { issuer, audience, recipient: acs, now: Date.now() });
    if (!isBegunHere(deps.env, request, inResponseTo)) throw new SamlRefusal("browser");
    const response = await deps.auth.handler(forward(request, acs, form));
    const location = response.headers.get("location");
    const why = location ? new URL(location, acs).searchParams.get("error") : `answer ${response.status}`;
    if (location && why === null) return leadTo(deps.env, location, response);
    refused = why ?? "nowhere to go";
  } catch (error) {
    if (!(error instanceof SamlRefusal)) throw error;
    refused = error.reason;
  }
  await insertAudit(deps.database.root.pool, {
    tenantId: provider.tenantId,
    actorId: "anonymous",
    action: "sign-in.refused",
    subjectType: "identity-provider",
    subjectId: providerId,
    details: { method: "single sign-on", reason: refused.slice(0, 100), address },
  });
  return leadTo(deps.env, `/sign-in?error=${encodeURIComponent(refused.replaceAll(" ", "_").slice(0, 100))}`);
}

/** @throws SamlRefusal for what is no form of one response and one state */
async function readForm(request: Request): Promise<{ xml: string; state: string }> {
  if (!/^application\/x-www-form-urlencoded\b/i.test(request.headers.get("content-type") ?? ""))
    throw new SamlRefusal("form");
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of request.body ?? []) {
    size += part.byteLength;
    if (size > longestForm) throw new SamlRefusal("size");
    parts.push(part);
  }
  const fields = new URLSearchParams(Buffer.concat(parts).toString());
  const [response, anotherResponse] = fields.getAll("SAMLResponse");
  const [state, anotherState] = fields.getAll("RelayState");
  if (!response || anotherResponse !== undefined || !state || anotherState !== undefined || state.length > 200)
    throw new SamlRefusal("form");
  return { xml: decode(response.replace(/[\r\n]/g, "")), state };
}

function decode(text: string): string {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text) || text.length % 4 !== 0) throw new SamlRefusal("encoding");
  const bytes = Buffer.from(text, "base64");
  if (bytes.byteLength > longestResponse) throw new SamlRefusal("size");
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new SamlRefusal("encoding");
  }
}

/** Nothing but what was checked goes on, and nobody's cookies. */
function forward(request: Request, acs: string, { xml, state }: { xml: string; state: string }): Request {
  const headers = new Headers({ "content-type": "application/x-www-form-urlencoded" });
  for (const name of ["x-forwarded-for", "user-agent"]) {
    const value = request.headers.get(name);
    if (value) headers.set(name, value);
  }
  const body = new URLSearchParams({ SAMLResponse: Buffer.from(xml).toString("base64"), RelayState: state });
  return new Request(acs, { method: "POST", headers, body });
}

/** By a path of our own alone, with a request that reads. */
function leadTo(env: Env, location: string, from?: Response): Response {
  const path = /^\/(?![/\\])[^\s\\]*$/.test(location) ? location : "/";
  const headers = new Headers({ Location: path, "Cache-Control": "private, no-store" });
  for (const one of from?.headers.getSetCookie() ?? []) headers.append("Set-Cookie", one);
  headers.append("Set-Cookie", cookie(env, "", 0));
  return new Response(null, { status: 303, headers });
}

function isBegunHere(env: Env, request: Request, id: string): boolean {
  const expected = Buffer.from(digest(id));
  return (request.headers.get("cookie") ?? "").split(/;\s*/).some((pair) => {
    const [name, value = ""] = pair.split("=");
    const given = Buffer.from(value);
    return name === cookieName(env) && given.length === expected.length && timingSafeEqual(given, expected);
  });
}

function digest(id: string): string {
  return createHash("sha256").update(id).digest("base64url");
}

function cookieName(env: Env): string {
  return `${env.PUBLIC_URL?.startsWith("https:") ? "__Host-" : ""}probatum.saml_request`;
}

/** Browsers take it over https, and from a server on their own machine. */
function cookie(env: Env, value: string, seconds: number): string {
  return `${cookieName(env)}=${value}; Path=/; Max-Age=${seconds}; HttpOnly; Secure; SameSite=None`;
}
