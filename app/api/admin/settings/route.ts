import { changeTenantSettings, getTenantSettings } from "#lib/tenants/index.ts";
import { handle, json } from "../../handle.ts";
import { readJson } from "../../read-json.ts";

export const GET = handle(async ({ deps, viewer }) => json(await getTenantSettings(deps, viewer)));

/** `{ name }` */
export const PATCH = handle(async ({ request, deps, viewer }) =>
  json(await changeTenantSettings(deps, viewer, await readJson(request))),
);
