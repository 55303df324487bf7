import { getIdentifierPolicy } from "#lib/identifiers/index.ts";
import { handle, json } from "../handle.ts";

/** What will be done with patient identifiers in the caller's questions. */
export const GET = handle(async ({ deps, viewer }) =>
  json({ policy: await getIdentifierPolicy(deps, viewer.tenantId) }),
);
