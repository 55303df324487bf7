import { addDomain, verifyDomain } from "#lib/auth/sso/index.ts";
import { handle } from "../../../../handle.ts";
import { readJson } from "../../../../read-json.ts";

/** Claims a domain: `{ domain }`. */
export const POST = handle(async ({ request, deps, viewer }) => {
  await addDomain(deps, viewer, await readJson(request));
  return new Response(null, { status: 204 });
});

/** Looks whether its name servers confirm it: `{ domain }`. */
export const PUT = handle(async ({ request, deps, viewer }) => {
  await verifyDomain(deps, viewer, await readJson(request));
  return new Response(null, { status: 204 });
});
