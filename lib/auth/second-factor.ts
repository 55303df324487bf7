import { renderSVG } from "uqr";
import { type Database, findAccountHolder } from "#db/index.ts";
import { record } from "../audit/index.ts";
import { ConflictError, InvalidInputError } from "../errors.ts";
import { confirmPassword } from "./confirm-password.ts";
import type { Lockout } from "./lockout.ts";
import type { Auth } from "./open-auth.ts";
import type { SignedInSession } from "./viewer.ts";

type FactorDeps = { auth: Auth; database: Database; lockout: Lockout };

/** What an authenticator application needs, shown once. */
export interface SecondFactorStart {
  /** A QR code of the address, as SVG. */
  picture: string;
  /** To be typed where no camera is; base32. */
  secret: string;
  /** Ten codes, each good for one sign-in without the application. */
  backupCodes: string[];
}

/** A verb that makes one's session anew says which cookies the browser has to be given. */
export interface WithCookies {
  cookies: string[];
}

/** Begins: nothing is asked at sign-in until the first code was right. @throws ConflictError when it is on already */
export async function startSecondFactor(
  deps: FactorDeps,
  { viewer }: SignedInSession,
  headers: Headers,
  password: unknown,
): Promise<SecondFactorStart> {
  await confirmPassword(deps, viewer, password);
  const person = await findAccountHolder(deps.database, { id: viewer.userId });
  if (person?.secondFactor) throw new ConflictError("The second factor is on already.");
  const started = await deps.auth.api.enableTwoFactor({ body: { password: String(password) }, headers });
  if (started.method !== "totp") throw new ConflictError("The second factor could not be begun.");
  const { totpURI, backupCodes } = started;
  const secret = new URL(totpURI).searchParams.get("secret") ?? "";
  return { picture: renderSVG(totpURI, { border: 2, ecc: "M" }), secret, backupCodes };
}

/** Turns it on by the first right code. */
export async function confirmSecondFactor(
  deps: FactorDeps,
  { viewer }: SignedInSession,
  headers: Headers,
  code: unknown,
): Promise<WithCookies> {
  if (typeof code !== "string" || !/^\d{6}$/.test(code.replace(/\s/g, "")))
    throw new InvalidInputError("The code has six figures.");
  const attempt = await deps.lockout.begin({ account: `second-factor:${viewer.userId}`, address: null });
  const body = { code: code.replace(/\s/g, "") };
  const response = await deps.auth.api.verifyTOTP({ body, headers, asResponse: true });
  if (!response.ok) throw new InvalidInputError("This code is not right. Is the clock of your device?");
  await attempt.succeeded();
  await recordFactor(deps, viewer, "second-factor.on");
  return { cookies: response.headers.getSetCookie() };
}

export async function stopSecondFactor(
  deps: FactorDeps,
  { viewer }: SignedInSession,
  headers: Headers,
  password: unknown,
): Promise<WithCookies> {
  await confirmPassword(deps, viewer, password);
  const body = { password: String(password) };
  const response = await deps.auth.api.disableTwoFactor({ body, headers, asResponse: true });
  if (!response.ok) throw new ConflictError("The second factor could not be turned off.");
  await recordFactor(deps, viewer, "second-factor.off");
  return { cookies: response.headers.getSetCookie() };
}

/** New backup codes; the old ones are void. */
export async function renewBackupCodes(
  deps: FactorDeps,
  { viewer }: SignedInSession,
  headers: Headers,
  password: unknown,
): Promise<{ backupCodes: string[] }> {
  await confirmPassword(deps, viewer, password);
  const person = await findAccountHolder(deps.database, { id: viewer.userId });
  if (!person?.secondFactor) throw new ConflictError("The second factor is not on.");
  const { backupCodes } = await deps.auth.api.generateBackupCodes({ body: { password: String(password) }, headers });
  await recordFactor(deps, viewer, "second-factor.codes");
  return { backupCodes };
}

function recordFactor(deps: FactorDeps, viewer: SignedInSession["viewer"], action: string): Promise<void> {
  const { tenantId, userId } = viewer;
  return record(deps, { tenantId, actorId: userId, action, subjectType: "user", subjectId: userId });
}
