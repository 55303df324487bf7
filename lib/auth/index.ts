import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { betterAuth } from "better-auth";
import { drizzleAdapter } from "better-auth/adapters/drizzle";
import { addUser, type Database, findMembership, schema } from "#db/index.ts";
import type { Env } from "../env.ts";
import { UnauthenticatedError } from "../errors.ts";

/** Who asks: a signed-in person in their tenant. Every verb takes one; there is no way to act without. */
export interface Viewer {
  userId: string;
  tenantId: string;
  name: string;
  email: string;
  role: string;
}

export type Auth = Awaited<ReturnType<typeof openAuth>>;

/** Opens sign-in over the application's own tables: e-mail and password, no self-registration. */
export async function openAuth(database: Database, env: Env) {
  const local = [`http://localhost:${env.PORT}`, `http://127.0.0.1:${env.PORT}`];
  return betterAuth({
    appName: "Probatum",
    secret: await readSecret(env),
    baseURL: env.PUBLIC_URL ?? local[0],
    trustedOrigins: env.PUBLIC_URL ? [new URL(env.PUBLIC_URL).origin] : local,
    database: drizzleAdapter(database.orm, {
      provider: "pg",
      schema: {
        user: schema.users,
        session: schema.sessions,
        account: schema.accounts,
        verification: schema.verifications,
      },
    }),
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 12, maxPasswordLength: 128 },
    session: { expiresIn: 60 * 60 * 24, updateAge: 60 * 60 },
    advanced: { database: { generateId: "uuid" }, cookiePrefix: "probatum" },
    telemetry: { enabled: false },
  });
}

/** The signed-in person behind a request's cookies; null when there is none, or they are disabled. */
export async function findViewer(deps: { auth: Auth; database: Database }, headers: Headers): Promise<Viewer | null> {
  if (!headers.get("cookie")) return null;
  const session = await deps.auth.api.getSession({ headers });
  if (!session) return null;
  const membership = await findMembership(deps.database, session.user.id);
  return membership && { userId: session.user.id, ...membership };
}

/** @throws UnauthenticatedError when nobody is signed in */
export async function requireViewer(deps: { auth: Auth; database: Database }, headers: Headers): Promise<Viewer> {
  const viewer = await findViewer(deps, headers);
  if (!viewer) throw new UnauthenticatedError();
  return viewer;
}

/** Serves `/api/auth/*`. */
export function authHandler(deps: { auth: Auth }): (request: Request) => Promise<Response> {
  return (request) => deps.auth.handler(request);
}

/**
 * Adds a person with a generated password (144 bits) and returns it: the only time it can be read.
 * @returns null when the address is taken, or `onlyFirst` and there is a user already
 */
export async function addUserWithPassword(
  deps: { auth: Auth; database: Database },
  user: { email: string; name: string; role: string; onlyFirst?: boolean },
): Promise<string | null> {
  const password = randomBytes(18).toString("base64url");
  const context = await deps.auth.$context;
  const passwordHash = await context.password.hash(password);
  const added = await addUser(deps.database, { ...user, passwordHash }, user.onlyFirst);
  return added ? password : null;
}

// Signs the session cookies. Several processes on one database need the same: AUTH_SECRET. One alone makes its own.
async function readSecret(env: Env): Promise<string> {
  if (env.AUTH_SECRET) return env.AUTH_SECRET;
  const file = join(env.dataDirectory, "auth-secret");
  if (!existsSync(file)) {
    await mkdir(env.dataDirectory, { recursive: true });
    await writeFile(file, randomBytes(48).toString("base64url"), { mode: 0o600, flag: "wx" }).catch((error) => {
      if (error.code !== "EEXIST") throw error;
    });
  }
  return readFileSync(file, "utf8").trim();
}
