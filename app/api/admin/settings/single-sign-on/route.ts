import { addProvider, listSingleSignOn } from "#lib/auth/sso/index.ts";
import { handle, json } from "../../../handle.ts";
import { readJson } from "../../../read-json.ts";

/** The tenant's domains and identity providers, without their secrets. */
export const GET = handle(async ({ deps, viewer }) => json(await listSingleSignOn(deps, viewer)));

/**
 * Adds a provider: `{ kind: "oidc", issuer, clientId, clientSecret, defaultRole }`, or `{ kind: "saml", metadata,
 * emailAttribute, defaultRole }`, where `entityId, signInAddress, certificate` may stand for the metadata.
 */
export const POST = handle(async ({ request, deps, viewer }) =>
  json(await addProvider(deps, viewer, await readJson(request)), 201),
);
