import { json } from "#app/api/handle.ts";
import { changePassword } from "#lib/auth/index.ts";
import { handleAccount } from "../handle.ts";

export const POST = handleAccount(async ({ deps, session, body }) => {
  await changePassword(deps, session, body);
  return json({});
});
