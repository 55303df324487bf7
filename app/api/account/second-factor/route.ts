import { json } from "#app/api/handle.ts";
import { confirmSecondFactor, startSecondFactor, stopSecondFactor } from "#lib/auth/index.ts";
import { handleAccount, withCookies } from "../handle.ts";

export const POST = handleAccount(async ({ deps, session, request, body }) =>
  json(await startSecondFactor(deps, session, request.headers, body.password)),
);

export const PUT = handleAccount(async ({ deps, session, request, body }) => {
  const { cookies } = await confirmSecondFactor(deps, session, request.headers, body.code);
  return withCookies(cookies);
});

export const DELETE = handleAccount(async ({ deps, session, request, body }) => {
  const { cookies } = await stopSecondFactor(deps, session, request.headers, body.password);
  return withCookies(cookies);
});
