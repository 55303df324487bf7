import { addPasskey } from "#lib/auth/index.ts";
import { handleAccount, withCookies } from "../handle.ts";

export const POST = handleAccount(async ({ deps, session, request, body }) => {
  const { cookies } = await addPasskey(deps, session, request.headers, body);
  return withCookies(cookies);
});
