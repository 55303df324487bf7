import { randomBytes, randomUUID } from "node:crypto";
import { resolveTxt } from "node:dns/promises";
import { discoverOIDCConfig } from "@better-auth/sso";
import { z } from "zod";
import {
  type DomainRow,
  deleteProvider,
  insertProvider,
  type ProviderRow,
  putDomain,
  selectDomains,
  selectProviders,
} from "#db/index.ts";
import { permit } from "../../audit/index.ts";
import type { Deps } from "../../deps.ts";
import { ConflictError, InvalidInputError, NotFoundError } from "../../errors.ts";
import { checkId, parseInput } from "../../people/input.ts";
import { roles } from "../permissions.ts";
import { readSecret } from "../secret.ts";
import { siteAddress } from "../site-address.ts";
import type { Viewer } from "../viewer.ts";
import { openSeal } from "./seal.ts";

type SsoDeps = Pick<Deps, "database" | "env">;

const domainInput = z.object({
  domain: z
    .string("write a domain")
    .trim()
    .toLowerCase()
    .regex(
      /^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/,
      "a domain, such as clinic.example.org",
    ),
});

const providerInput = z.strictObject({
  kind: z.literal("oidc", "a provider is of the kind “oidc”"),
  issuer: z.url("the issuer's address").max(500),
  clientId: z.string().trim().min(1, "the client's id").max(500),
  clientSecret: z.string().trim().min(1, "the client's secret").max(2000),
  // An owner is made by owners, not by a provider.
  defaultRole: z.enum(roles.filter((role) => role !== "owner")).default("reader"),
});

export interface ProviderView extends Pick<ProviderRow, "id" | "issuer" | "kind" | "defaultRole"> {
  /** What the provider has to send people back to. */
  callback: string;
}

export interface SingleSignOnView {
  domains: { domain: string; verified: boolean; record: string }[];
  providers: ProviderView[];
  only: boolean;
}

/** The tenant's domains and providers; no secret is in it. @throws ForbiddenError */
export async function listSingleSignOn(deps: SsoDeps, viewer: Viewer): Promise<Omit<SingleSignOnView, "only">> {
  await permit(deps, viewer, "tenant.settings", "settings.read");
  const domains = (await selectDomains(deps.database, viewer.tenantId)).map(domainViewOf);
  const providers = (await selectProviders(deps.database, viewer.tenantId)).map(
    ({ id, issuer, kind, defaultRole, providerId }) => ({
      id,
      issuer,
      kind,
      defaultRole,
      callback: `${siteAddress(deps.env)}/api/auth/sso/callback/${providerId}`,
    }),
  );
  return { domains, providers };
}

/** Claims a domain; it counts once it is verified. @throws ForbiddenError, InvalidInputError, ConflictError */
export async function addDomain(deps: SsoDeps, viewer: Viewer, input: unknown): Promise<void> {
  await permit(deps, viewer, "tenant.settings", "settings.domain.add");
  const { domain } = parseInput(domainInput, input);
  await put(deps, { tenantId: viewer.tenantId, actorId: viewer.userId }, domain, false);
}

/**
 * Makes a claimed domain the tenant's when its name servers say so: a TXT record `_probatum.<domain>`.
 * @param lookup for tests
 * @throws ForbiddenError, NotFoundError, ConflictError when the record is not there or the domain is another tenant's
 */
export async function verifyDomain(
  deps: SsoDeps,
  viewer: Viewer,
  input: unknown,
  lookup: (name: string) => Promise<string[][]> = resolveTxt,
): Promise<void> {
  await permit(deps, viewer, "tenant.settings", "settings.domain.verify");
  const { domain } = parseInput(domainInput, input);
  const claimed = (await selectDomains(deps.database, viewer.tenantId)).find((one) => one.domain === domain);
  if (!claimed) throw new NotFoundError(`The domain ${domain}`);
  const records = await lookup(`_probatum.${domain}`).catch(() => []);
  if (!records.some((parts) => parts.join("") === claimed.token)) {
    throw new ConflictError(`There is no TXT record _probatum.${domain} with ${claimed.token} yet.`);
  }
  await put(deps, { tenantId: viewer.tenantId, actorId: viewer.userId }, domain, true);
}

/** For whoever holds the machine, who knows whose a domain is. @throws InvalidInputError, ConflictError */
export async function grantDomain(deps: SsoDeps, tenantId: string, domain: string): Promise<void> {
  await put(deps, { tenantId, actorId: "operator" }, parseInput(domainInput, { domain }).domain, true);
}

/**
 * Adds a provider after reading its own description (OpenID Connect Discovery 1.0). Its secret is kept sealed.
 * @throws ForbiddenError, InvalidInputError when it cannot be reached or SSO_ORIGINS does not name it, ConflictError
 * before a domain is verified
 */
export async function addProvider(deps: SsoDeps, viewer: Viewer, input: unknown): Promise<{ id: string }> {
  await permit(deps, viewer, "tenant.settings", "settings.sso.add");
  const { issuer, clientId, clientSecret, defaultRole } = parseInput(providerInput, input);
  const verified = (await selectDomains(deps.database, viewer.tenantId)).filter(({ verifiedAt }) => verifiedAt);
  if (verified.length === 0) throw new ConflictError("Verify a domain of your organisation first.");
  const found = await discover(deps, issuer);
  const providerId = randomUUID();
  const seal = openSeal(await readSecret(deps.env));
  await insertProvider(deps.database, viewer, {
    providerId,
    issuer: found.issuer,
    domain: verified.map(({ domain }) => domain).join(","),
    defaultRole,
    oidcConfig: seal.seal(
      JSON.stringify({ ...found, clientId, clientSecret, pkce: true, scopes: ["openid", "email", "profile"] }),
    ),
    samlConfig: null,
  });
  return { id: providerId };
}

/** Reads a provider's description again. @throws InvalidInputError saying what is wrong */
export async function testProvider(deps: SsoDeps, viewer: Viewer, id: string): Promise<{ issuer: string }> {
  await permit(deps, viewer, "tenant.settings", "settings.sso.test");
  const rows = await selectProviders(deps.database, viewer.tenantId);
  const provider = rows.find((row) => row.id === checkId(id, "The identity provider"));
  if (!provider) throw new NotFoundError("The identity provider");
  return { issuer: (await discover(deps, provider.issuer)).issuer };
}

/** Removes a provider; who came by it is out at their next request. @throws ForbiddenError, NotFoundError */
export async function removeProvider(deps: SsoDeps, viewer: Viewer, id: string): Promise<void> {
  await permit(deps, viewer, "tenant.settings", "settings.sso.remove");
  if (!(await deleteProvider(deps.database, viewer, checkId(id, "The identity provider")))) {
    throw new NotFoundError("The identity provider");
  }
}

async function discover(deps: SsoDeps, issuer: string) {
  const allowed = new Set(deps.env.SSO_ORIGINS);
  const isAllowed = (address: string) => URL.canParse(address) && allowed.has(new URL(address).origin);
  if (!isAllowed(issuer)) {
    throw new InvalidInputError(
      `“issuer”: whoever runs Probatum has to name ${new URL(issuer).origin} in SSO_ORIGINS first.`,
    );
  }
  try {
    return await discoverOIDCConfig({ issuer, isTrustedOrigin: isAllowed });
  } catch (error) {
    throw new InvalidInputError(`“issuer”: ${error instanceof Error ? error.message : "cannot be reached"}`);
  }
}

async function put(
  deps: SsoDeps,
  by: { tenantId: string; actorId: string },
  domain: string,
  verified: boolean,
): Promise<void> {
  const token = `probatum-${randomBytes(16).toString("hex")}`;
  // Whether it is another's is seen only from outside of the tenant.
  if (!(await putDomain(deps.database.root, by, domain, token, verified))) {
    throw new ConflictError(`The domain ${domain} belongs to another organisation.`);
  }
}

function domainViewOf({ domain, token, verifiedAt }: DomainRow) {
  return { domain, verified: verifiedAt !== null, record: `_probatum.${domain} TXT ${token}` };
}
