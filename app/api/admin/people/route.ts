import { inviteMember, listTenantPeople } from "#lib/people/index.ts";
import { handle, json } from "../../handle.ts";
import { readJson } from "../../read-json.ts";

/** Everybody of the tenant, and who was invited. */
export const GET = handle(async ({ deps, viewer }) => json(await listTenantPeople(deps, viewer)));

/** Invites: `{ email, role }`. The link is in the answer this once. */
export const POST = handle(async ({ request, deps, viewer }) =>
  json(await inviteMember(deps, viewer, await readJson(request)), 201),
);
