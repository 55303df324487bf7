import { z } from "zod";
import type { Env } from "../../env.ts";
import { siteAddress } from "../site-address.ts";
import type { SamlIdentity } from "./saml-metadata.ts";

/** What a provider is told of us. */
export interface SamlAddresses {
  entityId: string;
  /** The assertion consumer service: where it posts its responses. */
  acs: string;
}

export const acsPath = "/sso/saml2/sp/acs/";
export const metadataPath = "/sso/saml2/sp/metadata";

export function samlAddresses(env: Pick<Env, "PUBLIC_URL" | "PORT">, providerId: string): SamlAddresses {
  const base = `${siteAddress(env)}/api/auth`;
  return { entityId: `${base}${metadataPath}?providerId=${providerId}`, acs: `${base}${acsPath}${providerId}` };
}

const kept = z.object({
  issuer: z.string(),
  cert: z.array(z.string()),
  idpMetadata: z.object({ entityID: z.string() }),
});

/** A provider as better-auth's plugin wants it written. */
export function samlConfiguration(identity: SamlIdentity, ours: SamlAddresses, emailAttribute: string | null): string {
  const cert = identity.certificates.map(
    (body) => `-----BEGIN CERTIFICATE-----\n${body.match(/.{1,64}/g)?.join("\n")}\n-----END CERTIFICATE-----`,
  );
  const redirect = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";
  return JSON.stringify({
    // Ours: the plugin calls the service provider's name so.
    issuer: ours.entityId,
    audience: ours.entityId,
    entryPoint: identity.signInAddress,
    cert,
    wantAssertionsSigned: true,
    authnRequestsSigned: false,
    idpMetadata: {
      entityID: identity.entityId,
      cert,
      singleSignOnService: [{ Binding: redirect, Location: identity.signInAddress }],
    },
    spMetadata: { entityID: ours.entityId },
    mapping: { ...(emailAttribute && { email: emailAttribute }) },
  });
}

/** What of a kept configuration a response is checked against. */
export function readSamlConfiguration(opened: string): { issuer: string; audience: string; certificates: string[] } {
  const { issuer: audience, cert, idpMetadata } = kept.parse(JSON.parse(opened));
  return {
    issuer: idpMetadata.entityID,
    audience,
    certificates: cert.map((pem) => pem.replace(/-----[A-Z ]+-----|\s/g, "")),
  };
}
