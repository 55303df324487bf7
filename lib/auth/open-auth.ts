import { passkey } from "@better-auth/passkey";
import { type AuthContext, betterAuth } from "better-auth";
import { drizzleAdapter } from "better-auth/adapters/drizzle";
import { APIError } from "better-auth/api";
import { twoFactor } from "better-auth/plugins/two-factor";
import { type Database, schema } from "#db/index.ts";
import type { Env } from "../env.ts";
import type { Mailer } from "../mail/index.ts";
import type { StorageLogger } from "../storage/backend.ts";
import type { RedisConnection } from "../storage/redis.ts";
import { backupCodeStorage } from "./backup-codes.ts";
import { beforeSession } from "./before-session.ts";
import { hashPassword, matchesPassword } from "./password-hash.ts";
import { passwordLength } from "./password-policy.ts";
import { readSecret } from "./secret.ts";
import { openSessionStorage } from "./session-storage.ts";
import { siteAddress } from "./site-address.ts";
import { singleSignOn } from "./sso/plugin.ts";
import { sealedProviders } from "./sso/provider-table.ts";
import { sendVerification } from "./verify-email.ts";

export type Auth = Awaited<ReturnType<typeof openAuth>>;

export interface AuthParts {
  database: Database;
  env: Env;
  mailer: Mailer;
  redis: RedisConnection | undefined;
  log: StorageLogger;
}

/**
 * Opens sign-in over the application's own tables: e-mail and password, a second factor, passkeys; no
 * self-registration. What of it can be reached from outside is `authHandler`'s to say.
 */
export async function openAuth({ database, env, mailer, redis, log }: AuthParts) {
  const local = [`http://localhost:${env.PORT}`, `http://127.0.0.1:${env.PORT}`];
  const isSecure = env.PUBLIC_URL?.startsWith("https:") ?? false;
  // The mail's sender needs what is opened only here.
  const opened: { context?: Promise<Pick<AuthContext, "internalAdapter">> } = {};
  const secret = await readSecret(env);
  const auth = betterAuth({
    appName: "Probatum",
    secret,
    baseURL: siteAddress(env),
    // Identity providers too: better-auth talks to no other in a private network. Who writes is `requireSameOrigin`'s.
    trustedOrigins: [...(env.PUBLIC_URL ? [new URL(env.PUBLIC_URL).origin] : local), ...env.SSO_ORIGINS],
    onAPIError: { errorURL: `${siteAddress(env)}/sign-in` },
    database: drizzleAdapter(database.orm, {
      provider: "pg",
      schema: {
        user: schema.users,
        session: schema.sessions,
        account: schema.accounts,
        verification: schema.verifications,
        twoFactor: schema.twoFactors,
        passkey: schema.passkeys,
        ssoProvider: sealedProviders(secret),
      },
    }),
    ...(redis && { secondaryStorage: openSessionStorage(redis, log) }),
    emailAndPassword: {
      password: { hash: hashPassword, verify: matchesPassword },
      enabled: true,
      disableSignUp: true,
      requireEmailVerification: true,
      minPasswordLength: passwordLength.least,
      maxPasswordLength: passwordLength.most,
    },
    emailVerification: {
      sendOnSignIn: true,
      sendVerificationEmail: async ({ user }) => {
        const context = await opened.context;
        if (context)
          await sendVerification({ context, env, mailer }, user).catch((error) => log.error(...unsent(error)));
      },
    },
    // Postgres is the truth; the absolute limit is the row's own end, which nothing moves. The idle one is findViewer's.
    session: {
      expiresIn: env.SESSION_ABSOLUTE_HOURS * 60 * 60,
      disableSessionRefresh: true,
      storeSessionInDatabase: true,
      cookieCache: { enabled: false },
      additionalFields: { secondFactor: { type: "boolean", required: false, input: false, returned: false } },
    },
    verification: { storeIdentifier: "hashed", storeInDatabase: true },
    databaseHooks: { session: { create: { before: beforeSession({ database, env }) } } },
    plugins: [
      ...singleSignOn(database),
      twoFactor({ issuer: "Probatum", backupCodeOptions: { storeBackupCodes: backupCodeStorage(secret) } }),
      passkey({
        rpName: "Probatum",
        origin: env.PUBLIC_URL ? new URL(env.PUBLIC_URL).origin : local,
        advanced: { webAuthnChallengeCookie: "passkey" },
        authenticatorSelection: { residentKey: "required", userVerification: "required" },
        // A passkey stands for password and second factor: whoever holds the device has to show that it is theirs.
        registration: { afterVerification: async ({ verification }) => requireVerified(verification.registrationInfo) },
        authentication: {
          afterVerification: async ({ verification }) => requireVerified(verification.authenticationInfo),
        },
      }),
    ],
    // Failed tries are counted by the account too, and made to wait longer each time: see lockout.ts.
    rateLimit: { enabled: false },
    advanced: {
      database: { generateId: "uuid" },
      // Browsers take a `__Host-` cookie only from https, for this host alone and all of its paths.
      cookiePrefix: isSecure ? "__Host-probatum" : "probatum",
      useSecureCookies: false,
      defaultCookieAttributes: { secure: isSecure, httpOnly: true, sameSite: "lax", path: "/" },
      // The front door writes what it believes there, whatever the sender wrote.
      ipAddress: { ipAddressHeaders: ["x-forwarded-for"] },
    },
    // Its warnings name what was tried; its errors are what an operator has to see.
    logger: {
      level: "error",
      log: (_level, message, ...details) => log.error({ err: details.find((one) => one instanceof Error) }, message),
    },
    telemetry: { enabled: false },
  });
  opened.context = auth.$context;
  return auth;
}

function unsent(error: unknown): [object, string] {
  return [{ err: error }, "A mail for confirming an address was not sent"];
}

function requireVerified(information: { userVerified: boolean } | undefined): undefined {
  if (!information?.userVerified)
    throw new APIError("BAD_REQUEST", { message: "This device did not ask who holds it, by PIN, finger or face." });
}
