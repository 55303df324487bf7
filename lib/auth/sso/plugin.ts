import { sso } from "@better-auth/sso";
import type { BetterAuthPlugin } from "better-auth";
import { APIError } from "better-auth/api";
import {
  admitProvisioned,
  type Database,
  insertAudit,
  isSsoDomain,
  joinBySso,
  standingAtSignIn,
  standingToProvider,
} from "#db/index.ts";
import { clockSkew } from "./saml-response.ts";
import { requestSeconds } from "./saml-return.ts";

const paths = new Set(["/sso/callback/:providerId", "/sso/saml2/sp/acs/:providerId"]);

interface Opening {
  path?: string;
  params?: { providerId?: string };
  context?: { session?: unknown };
}

/** A provider's word counts when somebody comes by it; what could be asked of it later in their name is not kept. */
const withoutTokens = { accessToken: null, refreshToken: null, idToken: null };

/** The identity provider that somebody comes by at this moment; null when they come otherwise. */
function providerOf(opening: Opening | null): string | null {
  return opening?.path && paths.has(opening.path) ? (opening.params?.providerId ?? null) : null;
}

/**
 * Single sign-on by the providers of tenants. Registering and changing providers is ours (`providers.ts`), not
 * better-auth's: its own endpoints are left out. What a provider may vouch for is decided here:
 * an address of a verified domain of its own tenant, and an existing account only of who belongs to that tenant alone.
 */
export function singleSignOn(database: Database): BetterAuthPlugin[] {
  const plugin = sso({
    domainVerification: { enabled: true },
    saml: {
      requireTimestamps: true,
      allowIdpInitiated: false,
      clockSkew,
      requestTTL: requestSeconds * 1000,
      algorithms: { onDeprecated: "reject" },
    },
  });
  const { signInSSO, callbackSSO, acsEndpoint, spMetadata } = plugin.endpoints;
  return [
    { ...plugin, endpoints: { signInSSO, callbackSSO, acsEndpoint, spMetadata } } as unknown as BetterAuthPlugin,
    rules(database),
  ];
}

function rules(database: Database): BetterAuthPlugin {
  return {
    id: "probatum-single-sign-on",
    schema: {
      session: { fields: { ssoProviderId: { type: "string", required: false, input: false, returned: false } } },
    },
    init: () => ({
      options: {
        databaseHooks: {
          user: {
            create: {
              before: async (user: { email: string }, opening: Opening | null) => {
                const provider = providerOf(opening);
                if (provider && !(await isSsoDomain(database, provider, user.email))) throw refusal("domain");
              },
            },
          },
          account: {
            create: {
              before: async (account: { userId: string }, opening: Opening | null) => {
                const provider = providerOf(opening);
                if (!provider) return;
                const standing = await standingToProvider(database, provider, account.userId);
                if (standing === "foreign") throw refusal("account");
                if (standing === "new") await joinBySso(database, provider, account.userId);
                return { data: withoutTokens };
              },
            },
            update: { before: async () => ({ data: withoutTokens }) },
          },
          session: {
            create: {
              before: async (session: { userId: string; ipAddress?: string | null }, opening: Opening | null) => {
                if (opening?.context?.session) return;
                const provider = providerOf(opening);
                if (provider) {
                  const tenantId = await admitProvisioned(database, provider, session.userId);
                  if (!tenantId) throw refusal("member");
                  await insertAudit(database.pool, {
                    tenantId,
                    actorId: session.userId,
                    action: "sign-in",
                    subjectType: "user",
                    subjectId: session.userId,
                    details: { method: "single sign-on", provider, address: session.ipAddress || null },
                  });
                  return { data: { ...session, ssoProviderId: provider } };
                }
                await otherwise(database, session.userId);
              },
            },
          },
        },
      },
    }),
  } as BetterAuthPlugin;
}

/** By password or passkey: not where single sign-on alone is wanted, but for owners, on record. */
async function otherwise(database: Database, userId: string): Promise<void> {
  const { onlySso, breakGlassTenants } = await standingAtSignIn(database, userId);
  if (onlySso) throw refusal("single-sign-on-only");
  for (const tenantId of breakGlassTenants) {
    await insertAudit(database.pool, {
      tenantId,
      actorId: userId,
      action: "break-glass",
      subjectType: "user",
      subjectId: userId,
    });
  }
}

const words = {
  domain: "This identity provider does not vouch for this address.",
  account: "There is an account of this address that this identity provider does not vouch for. Ask an administrator.",
  member: "You do not belong to this organisation any more. Ask an administrator to invite you.",
  "single-sign-on-only": "Your organisation signs in by single sign-on only.",
};

function refusal(why: keyof typeof words): APIError {
  return new APIError("FORBIDDEN", { code: `sso_${why.replaceAll("-", "_")}`, message: words[why] });
}
