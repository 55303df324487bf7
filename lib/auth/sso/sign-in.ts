import { type Database, findProviderOf } from "#db/index.ts";
import { InvalidInputError, NotFoundError } from "../../errors.ts";

/** What `authHandler` needs to begin: nothing but the provider that vouches for the address. */
export async function beginSingleSignOn(
  deps: { database: Database },
  body: { email?: unknown; next?: unknown },
): Promise<{ providerId: string; loginHint: string; callbackURL: string; errorCallbackURL: string }> {
  const { email, next } = body;
  if (typeof email !== "string" || email.length > 320 || !/^[^@\s]+@[^@\s]+$/.test(email.trim())) {
    throw new InvalidInputError("Write your e-mail address: by its domain your organisation is found.");
  }
  const providerId = await findProviderOf(deps.database, email.trim());
  if (!providerId) throw new NotFoundError("An organisation with single sign-on for this address");
  const path = typeof next === "string" && /^\/(?![/\\])[^\s\\]*$/.test(next) ? next : "/";
  return { providerId, loginHint: email.trim(), callbackURL: path, errorCallbackURL: "/sign-in" };
}

/** The addresses below `/api/auth` to which identity providers send people back. */
export function isProviderReturn(method: string, path: string): boolean {
  return method === "GET" && /^\/sso\/callback\/[0-9a-f-]{36}$/.test(path);
}
