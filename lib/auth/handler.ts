import { getIP } from "better-auth/api";
import { type Database, findAccountHolder, findMembership } from "#db/index.ts";
import { record } from "../audit/index.ts";
import type { Env } from "../env.ts";
import {
  InvalidInputError,
  isProbatumError,
  NotFoundError,
  ProbatumError,
  UnauthenticatedError,
  UnavailableError,
} from "../errors.ts";
import type { Mailer } from "../mail/index.ts";
import { presentedBackupCode } from "./backup-codes.ts";
import { readChallenge, withoutSession } from "./challenge.ts";
import type { Lockout, Tried, Try } from "./lockout.ts";
import type { Auth } from "./open-auth.ts";
import { readBody } from "./read-body.ts";
import { receiveSamlResponse, requestCookie } from "./sso/saml-return.ts";
import { beginSingleSignOn, isProviderReturn, samlProviderOf } from "./sso/sign-in.ts";
import { findSession } from "./viewer.ts";

export interface AuthDeps {
  auth: Auth;
  database: Database;
  env: Env;
  lockout: Lockout;
  mailer: Mailer;
}

type Answer = (deps: AuthDeps, request: Request) => Promise<Response>;

const prefix = "/api/auth";

/**
 * All of better-auth that can be reached from outside, by method and exact path. The rest of it (sign-up, changes of
 * the address, deletion, listing and revoking of sessions …) is either not wanted or has a verb of ours.
 */
const answers: Record<string, Answer> = {
  "POST /sign-in/email": signInByPassword,
  "POST /two-factor/verify-totp": (deps, request) => verifySecondFactor(deps, request, "code"),
  "POST /two-factor/verify-backup-code": (deps, request) => verifySecondFactor(deps, request, "backup code"),
  "GET /passkey/generate-authenticate-options": (deps, request) => deps.auth.handler(forward(request)),
  "POST /passkey/verify-authentication": signInByPasskey,
  "POST /sign-in/sso": signInByProvider,
  "POST /sign-out": signOut,
};

const sent = "Confirm your e-mail address first: a link was sent to it.";
const unconfirmed: Record<Mailer["kind"], string> = {
  smtp: sent,
  mailbox: sent,
  none: "Your e-mail address is not confirmed, and no mail is sent here. Ask whoever runs Probatum for a new password.",
};

export const reachable: readonly string[] = Object.keys(answers);

/**
 * Serves `/api/auth/*`. What signing in answers is `{ secondFactor: boolean }` and cookies; never a session's token.
 * @throws ProbatumError to be shown; NotFoundError for every path that is not on the list
 */
export function authHandler(deps: AuthDeps): (request: Request) => Promise<Response> {
  return async (request) => {
    const { pathname, search } = new URL(request.url);
    const path = pathname.startsWith(`${prefix}/`) ? pathname.slice(prefix.length) : "";
    if (isProviderReturn(request.method, path, search)) return deps.auth.handler(request);
    const samlProvider = samlProviderOf(request.method, path);
    if (samlProvider) return receiveSamlResponse(deps, request, samlProvider, addressOf(deps, request));
    const answer = Object.hasOwn(answers, `${request.method} ${path}`)
      ? answers[`${request.method} ${path}`]
      : undefined;
    if (!answer) throw new NotFoundError("This address");
    return answer(deps, request);
  };
}

async function signInByPassword(deps: AuthDeps, request: Request): Promise<Response> {
  const { email, password } = await readBody(request);
  if (typeof email !== "string" || typeof password !== "string")
    throw new InvalidInputError("E-mail and password are needed.");
  const address = addressOf(deps, request);
  const attempt = await begin(deps, { account: email, address }, "password", () => holderOf(deps, email));
  const response = await settled(attempt, deps.auth.handler(forward(request, { email: email.trim(), password })));
  if (response.ok) {
    await attempt.succeeded();
    const { twoFactorRedirect } = (await response.json()) as { twoFactorRedirect?: boolean };
    return signedIn(response, twoFactorRedirect === true);
  }
  const code = await codeOf(response);
  if (code === "EMAIL_NOT_VERIFIED") {
    await attempt.withdraw();
    throw new ProbatumError(403, "email_not_verified", unconfirmed[deps.mailer.kind]);
  }
  if (response.status === 401) {
    await attempt.failed();
    const person = await findAccountHolder(deps.database, { email: email.trim() });
    await recordRefusal(deps, {
      userId: person?.id ?? null,
      method: "password",
      isDisabled: person?.isDisabled,
      address,
    });
    throw wrong("The e-mail or the password is not right.");
  }
  // Neither right nor wrong, such as an address that is none: it says so of all, and is no guess.
  await attempt.withdraw();
  if (response.status >= 500) throw unexpected(response);
  throw wrong("The e-mail or the password is not right.");
}

/** Answers with the address of the provider's own sign-in: `{ url }`. */
async function signInByProvider(deps: AuthDeps, request: Request): Promise<Response> {
  const wanted = await beginSingleSignOn(deps, await readBody(request));
  const response = await deps.auth.handler(forward(request, wanted));
  const { url } = (await response.json().catch(() => ({}))) as { url?: string };
  if (!response.ok || !url) throw new UnavailableError("The identity provider", response.status);
  const headers = cookiesOf(response);
  const cookie = requestCookie(deps.env, url);
  if (cookie) headers.append("Set-Cookie", cookie);
  return Response.json({ url }, { headers });
}

/** Whether a write is one that another site has to make a browser send: an identity provider's response. */
export function isForeignByDesign(request: Request): boolean {
  const { pathname } = new URL(request.url);
  return pathname.startsWith(`${prefix}/`) && samlProviderOf(request.method, pathname.slice(prefix.length)) !== null;
}

async function verifySecondFactor(deps: AuthDeps, request: Request, method: "code" | "backup code"): Promise<Response> {
  const body = await readBody(request);
  const code = typeof body.code === "string" ? body.code.replace(/\s/g, "") : "";
  if (code === "" || code.length > 40) throw new InvalidInputError("A code is needed.");
  const context = await deps.auth.$context;
  const userId = await readChallenge(context, request.headers);
  if (!userId) throw wrong("Signing in took too long. Begin again with your password.", "begin_again");
  const address = addressOf(deps, request);
  const attempt = await begin(deps, { account: `second-factor:${userId}`, address }, method, async () => userId);
  // A code is good once, though it is right for a minute: whoever saw it typed comes too late.
  const isFresh = method === "backup code" || (await reserve(deps, `${userId}:${code}`));
  const headers = withoutSession(context, request.headers);
  const shown = method === "code" ? code : await presentedBackupCode(deps.database, userId, code);
  const forwarded = forward(request, { code: shown }, headers);
  const response = isFresh ? await settled(attempt, deps.auth.handler(forwarded)) : null;
  if (response?.ok) {
    await attempt.succeeded();
    return signedIn(response, false);
  }
  if (response && response.status >= 500) {
    await attempt.withdraw();
    throw unexpected(response);
  }
  await attempt.failed();
  await recordRefusal(deps, { userId, method, address });
  if (response?.status === 400) throw wrong("Too many wrong codes. Begin again with your password.", "begin_again");
  throw wrong("This code is not right, or was used already.");
}

async function signInByPasskey(deps: AuthDeps, request: Request): Promise<Response> {
  const { response: assertion } = await readBody(request);
  if (typeof assertion !== "object" || assertion === null)
    throw new InvalidInputError("The passkey's answer is needed.");
  const address = addressOf(deps, request);
  const attempt = await begin(deps, { account: null, address }, "passkey", async () => null);
  const response = await settled(attempt, deps.auth.handler(forward(request, { response: assertion })));
  if (response.ok) {
    await attempt.succeeded();
    return signedIn(response, false);
  }
  await attempt.failed();
  await recordRefusal(deps, { userId: null, method: "passkey", address });
  throw wrong("This passkey is not known here, or was not confirmed.");
}

async function signOut(deps: AuthDeps, request: Request): Promise<Response> {
  const session = await findSession(deps, request.headers);
  if (session) {
    const { tenantId, userId } = session.viewer;
    await record(deps, {
      tenantId,
      actorId: userId,
      action: "sign-out",
      subjectType: "session",
      subjectId: session.id,
    });
  }
  const response = await deps.auth.handler(forward(request, {}));
  if (response.status >= 500) throw unexpected(response);
  return Response.json({}, { headers: cookiesOf(response) });
}

/** Begins a try; that one was made to wait is on record too. */
async function begin(deps: AuthDeps, tried: Tried, method: string, holder: () => Promise<string | null>): Promise<Try> {
  try {
    return await deps.lockout.begin(tried);
  } catch (error) {
    if (isProbatumError(error) && error.code === "too_many_tries") {
      await recordRefusal(deps, { userId: await holder(), method, isLocked: true, address: tried.address });
    }
    throw error;
  }
}

async function holderOf(deps: AuthDeps, email: string): Promise<string | null> {
  return (await findAccountHolder(deps.database, { email: email.trim() }))?.id ?? null;
}

/** The address a request came from, as far as it can be believed; null when it cannot. */
function addressOf(deps: AuthDeps, request: Request): string | null {
  return getIP(request, deps.auth.options);
}

/** The same request with a body of the fields that are wanted, and no others. */
function forward(request: Request, fields?: object, headers = new Headers(request.headers)): Request {
  headers.delete("content-length");
  if (fields) headers.set("content-type", "application/json");
  const { origin, pathname } = new URL(request.url);
  return new Request(`${origin}${pathname}`, {
    method: request.method,
    headers,
    ...(fields && { body: JSON.stringify(fields) }),
  });
}

async function settled(attempt: { withdraw(): Promise<void> }, work: Promise<Response>): Promise<Response> {
  try {
    return await work;
  } catch (error) {
    await attempt.withdraw();
    throw error;
  }
}

async function reserve(deps: AuthDeps, code: string): Promise<boolean> {
  const { internalAdapter } = await deps.auth.$context;
  const expiresAt = new Date(Date.now() + 3 * 60 * 1000);
  return internalAdapter.reserveVerificationValue({ identifier: `used-code:${code}`, value: "used", expiresAt });
}

function signedIn(response: Response, secondFactor: boolean): Response {
  return Response.json({ secondFactor }, { headers: cookiesOf(response) });
}

function cookiesOf(response: Response): Headers {
  const headers = new Headers({ "Cache-Control": "private, no-store" });
  for (const cookie of response.headers.getSetCookie()) headers.append("Set-Cookie", cookie);
  return headers;
}

async function codeOf(response: Response): Promise<string | undefined> {
  const body = (await response.json().catch(() => null)) as { code?: string } | null;
  return body?.code;
}

interface Refusal {
  userId: string | null;
  method: string;
  isDisabled?: boolean | undefined;
  isLocked?: boolean;
  address: string | null;
}

async function recordRefusal(deps: AuthDeps, refusal: Refusal): Promise<void> {
  const { userId, method, isDisabled = false, isLocked = false, address } = refusal;
  const membership = userId ? await findMembership(deps.database, userId) : null;
  await record(deps, {
    tenantId: membership?.tenantId ?? null,
    actorId: userId ?? "anonymous",
    action: "sign-in.refused",
    subjectType: "user",
    subjectId: userId ?? "unknown",
    details: { method, address, ...(isDisabled && { disabled: true }), ...(isLocked && { locked: true }) },
  });
}

function wrong(message: string, code = "refused"): ProbatumError {
  return new ProbatumError(new UnauthenticatedError().status, code, message);
}

function unexpected(response: Response): Error {
  return new Error(`sign-in answered ${response.status}`);
}
