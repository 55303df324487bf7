import { json } from "#app/api/handle.ts";
import { removePasskey, renamePasskey } from "#lib/auth/index.ts";
import { handleAccount } from "../../handle.ts";

export const PATCH = handleAccount(async ({ deps, session, id, body }) => {
  await renamePasskey(deps, session.viewer, id, body.name);
  return json({});
});

export const DELETE = handleAccount(async ({ deps, session, id }) => {
  await removePasskey(deps, session.viewer, id);
  return json({});
});
