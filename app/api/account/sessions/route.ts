import { json } from "#app/api/handle.ts";
import { revokeOtherSessions } from "#lib/auth/index.ts";
import { handleAccount } from "../handle.ts";

export const DELETE = handleAccount(async ({ deps, session }) =>
  json({ ended: await revokeOtherSessions(deps, session) }),
);
