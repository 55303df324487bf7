import { randomBytes, randomUUID } from "node:crypto";
import { resolveTxt } from "node:dns/promises";
import { discoverOIDCConfig } from "@better-auth/sso";
import { z } from "zod";
import {
  type DomainRow,
  deleteProvider,
  findNextProvider,
  findSamlProvider,
  insertProvider,
  type ProviderRow,
  putDomain,
  selectDomains,
  selectProviders,
  takeNextProvider,
} from "#db/index.ts";
import { permit } from "../../audit/index.ts";
import type { Deps } from "../../deps.ts";
import { ConflictError, InvalidInputError, NotFoundError } from "../../errors.ts";
import { checkId, parseInput } from "../../people/input.ts";
import { roles } from "../permissions.ts";
import { readSecret } from "../secret.ts";
import { siteAddress } from "../site-address.ts";
import type { Viewer } from "../viewer.ts";
import { readSamlConfiguration, type SamlAddresses, samlAddresses, samlConfiguration } from "./saml-configuration.ts";
import { checkSamlIdentity, checkValidity, readSamlMetadata } from "./saml-metadata.ts";
import { openSeal, type Seal } from "./seal.ts";

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

// An owner is made by owners, not by a provider.
const defaultRole = z.enum(roles.filter((role) => role !== "owner")).default("reader");
const optionalText = (most: number) => z.string().trim().max(most).default("");

const oidcInput = z.strictObject({
  kind: z.literal("oidc"),
  issuer: z.url("the issuer's address").max(500),
  clientId: z.string().trim().min(1, "the client's id").max(500),
  clientSecret: z.string().trim().min(1, "the client's secret").max(2000),
  defaultRole,
});

/** Its metadata, or what is needed of it. */
const samlInput = z.strictObject({
  kind: z.literal("saml"),
  metadata: optionalText(200_000),
  entityId: optionalText(1024),
  signInAddress: optionalText(2000),
  certificate: optionalText(20_000),
  emailAttribute: optionalText(300),
  defaultRole,
});

const providerInput = z.discriminatedUnion(
  "kind",
  [oidcInput, samlInput],
  "a provider is of the kind “oidc” or “saml”",
);

export interface ProviderView extends Pick<ProviderRow, "id" | "issuer" | "kind" | "defaultRole"> {
  /** What the provider has to send people back to. */
  callback: string;
  /** What the provider knows us by; null where that is the client id it gave us. */
  entityId: string | null;
}

export interface SingleSignOnView {
  domains: { domain: string; verified: boolean; record: string }[];
  providers: ProviderView[];
  /** What to tell the next SAML provider of us, before what it says of itself is known here. */
  nextSaml: SamlAddresses;
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
      ...backTo(deps.env, kind, providerId),
    }),
  );
  const nextSaml = samlAddresses(deps.env, await findNextProvider(deps.database, viewer.tenantId));
  return { domains, providers, nextSaml };
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
 * Adds a provider: of the kind OIDC after reading its own description (OpenID Connect Discovery 1.0), of the kind SAML
 * from its metadata. What is kept of it is sealed.
 * @throws ForbiddenError, InvalidInputError when it cannot be reached, SSO_ORIGINS does not name it, or its metadata is
 * not enough; ConflictError before a domain is verified
 */
export async function addProvider(deps: SsoDeps, viewer: Viewer, input: unknown): Promise<{ id: string }> {
  await permit(deps, viewer, "tenant.settings", "settings.sso.add");
  const wanted = parseInput(providerInput, input);
  const verified = (await selectDomains(deps.database, viewer.tenantId)).filter(({ verifiedAt }) => verifiedAt);
  if (verified.length === 0) throw new ConflictError("Verify a domain of your organisation first.");
  const seal = openSeal(await readSecret(deps.env));
  const provider =
    wanted.kind === "oidc" ? await oidcProvider(deps, seal, wanted) : await samlProvider(deps, viewer, seal, wanted);
  await insertProvider(deps.database, viewer, {
    ...provider,
    domain: verified.map(({ domain }) => domain).join(","),
    defaultRole: wanted.defaultRole,
  });
  return { id: provider.providerId };
}

async function oidcProvider(deps: SsoDeps, seal: Seal, wanted: z.infer<typeof oidcInput>) {
  const { issuer, clientId, clientSecret } = wanted;
  const found = await discover(deps, issuer);
  const configuration = { ...found, clientId, clientSecret, pkce: true, scopes: ["openid", "email", "profile"] };
  return {
    providerId: randomUUID(),
    issuer: found.issuer,
    oidcConfig: seal.seal(JSON.stringify(configuration)),
    samlConfig: null,
  };
}

async function samlProvider(deps: SsoDeps, viewer: Viewer, seal: Seal, wanted: z.infer<typeof samlInput>) {
  const { metadata, entityId, signInAddress, certificate, emailAttribute } = wanted;
  const identity = metadata
    ? readSamlMetadata(metadata)
    : checkSamlIdentity({ entityId, signInAddress, certificates: [certificate] });
  const providerId = await findNextProvider(deps.database, viewer.tenantId);
  // The tenants' own role may not change it.
  if (!(await takeNextProvider(deps.database.root, viewer.tenantId, providerId)))
    throw new ConflictError("Another provider was added at the same moment. Look at the list, and add yours again.");
  const configuration = samlConfiguration(identity, samlAddresses(deps.env, providerId), emailAttribute || null);
  return { providerId, issuer: identity.entityId, oidcConfig: null, samlConfig: seal.seal(configuration) };
}

/**
 * Reads a provider's description again; of a SAML provider, whether a certificate of it is valid today.
 * @throws InvalidInputError saying what is wrong
 */
export async function testProvider(deps: SsoDeps, viewer: Viewer, id: string): Promise<{ issuer: string }> {
  await permit(deps, viewer, "tenant.settings", "settings.sso.test");
  const rows = await selectProviders(deps.database, viewer.tenantId);
  const provider = rows.find((row) => row.id === checkId(id, "The identity provider"));
  if (!provider) throw new NotFoundError("The identity provider");
  if (provider.kind === "oidc") return { issuer: (await discover(deps, provider.issuer)).issuer };
  const kept = await findSamlProvider(deps.database, provider.providerId);
  if (!kept) throw new NotFoundError("The identity provider");
  checkValidity(readSamlConfiguration(openSeal(await readSecret(deps.env)).open(kept.configuration)).certificates);
  return { issuer: provider.issuer };
}

/** Removes a provider; who came by it is out at their next request. @throws ForbiddenError, NotFoundError */
export async function removeProvider(deps: SsoDeps, viewer: Viewer, id: string): Promise<void> {
  await permit(deps, viewer, "tenant.settings", "settings.sso.remove");
  if (!(await deleteProvider(deps.database, viewer, checkId(id, "The identity provider")))) {
    throw new NotFoundError("The identity provider");
  }
}

function backTo(env: SsoDeps["env"], kind: ProviderRow["kind"], providerId: string) {
  if (kind === "oidc") return { callback: `${siteAddress(env)}/api/auth/sso/callback/${providerId}`, entityId: null };
  const { acs, entityId } = samlAddresses(env, providerId);
  return { callback: acs, entityId };
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
