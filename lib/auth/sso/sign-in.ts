import { type Database, findProviderOf } from "#db/index.ts";
import { InvalidInputError, NotFoundError } from "../../errors.ts";
import { acsPath, metadataPath } from "./saml-configuration.ts";

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

const uuid = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";
const returnPath = new RegExp(`^/sso/callback/${uuid}$`);
const metadataQuery = new RegExp(`^\\?providerId=${uuid}$`);
const acs = new RegExp(`^${acsPath}(${uuid})$`);

/** The addresses below `/api/auth` to which identity providers send people back, or where they read what we are. */
export function isProviderReturn(method: string, path: string, search: string): boolean {
  return method === "GET" && (returnPath.test(path) || (path === metadataPath && metadataQuery.test(search)));
}

/**
 * The provider whose response is posted to a path below `/api/auth`; null when it is no such path. These posts alone come
 * from other sites by design.
 */
export function samlProviderOf(method: string, path: string): string | null {
  return method === "POST" ? (acs.exec(path)?.[1] ?? null) : null;
}
