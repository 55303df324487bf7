import { requireSession } from "#lib/auth/index.ts";
import { chooseTenant, listOwnTenants } from "#lib/tenants/index.ts";
import { handle, json } from "../handle.ts";
import { readJson } from "../read-json.ts";

/** The organisations that the reader may act in. */
export const GET = handle(async ({ request, deps, viewer }) => {
  const tenants = await listOwnTenants(deps, await requireSession(rootOf(deps), request.headers));
  return json({ tenants, current: viewer.tenantId });
});

/** Acts in another of them from now on: `{ tenantId }`. */
export const POST = handle(async ({ request, deps }) => {
  await chooseTenant(deps, await requireSession(rootOf(deps), request.headers), await readJson(request));
  return new Response(null, { status: 204 });
});

/** Sessions are no tenant's. */
function rootOf<Deps extends { database: { root: Deps["database"] } }>(deps: Deps): Deps {
  return { ...deps, database: deps.database.root };
}
