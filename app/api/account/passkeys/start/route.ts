import { startPasskey } from "#lib/auth/index.ts";
import { handleAccount, withCookies } from "../../handle.ts";

export const POST = handleAccount(async ({ deps, session, request, body }) => {
  const { cookies, options } = await startPasskey(deps, session, request.headers, body.password);
  return withCookies(cookies, options);
});
