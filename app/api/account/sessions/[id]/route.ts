import { json } from "#app/api/handle.ts";
import { revokeSession } from "#lib/auth/index.ts";
import { handleAccount } from "../../handle.ts";

export const DELETE = handleAccount(async ({ deps, session, id }) => {
  await revokeSession(deps, session, id);
  return json({});
});
