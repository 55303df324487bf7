import { addressHeader } from "#app/api/front-door.ts";
import { json, routeOf } from "#app/api/handle.ts";
import { readObject } from "#app/api/read-json.ts";
import { tellRefusal } from "#app/api/refusals.ts";
import { requireSameOrigin } from "#app/api/same-origin.ts";
import { requireSession, type SignedInSession } from "#lib/auth/index.ts";
import { requireOwnCredentials } from "#lib/auth/sso/index.ts";
import { type Deps, getDeps } from "#lib/deps.ts";
import { toResponse } from "#lib/errors.ts";

interface AccountCall {
  request: Request;
  deps: Deps;
  /** The caller's own session: every route here is about the caller alone. */
  session: SignedInSession;
  body: Record<string, unknown>;
  id: string;
}

// A route without a part that varies has no parameters at all.
type Context = { params: Promise<{ id?: string } | undefined> };

/** A write on the caller's own account; open also to those who have to choose their own password first. */
export function handleAccount(answer: (call: AccountCall) => Promise<Response>) {
  return async (request: Request, context: Context): Promise<Response> => {
    try {
      const deps = await getDeps();
      requireSameOrigin(request, deps.env);
      const session = await requireSession(deps, request.headers);
      await deps.limits.take("request", session.viewer.userId);
      if (!new URL(request.url).pathname.startsWith("/api/account/sessions"))
        await requireOwnCredentials(deps, session);
      // Some take no body; the server gives an empty one for none, and a browser names the type of every other.
      const body = request.headers.has("content-type") ? await readObject(request) : {};
      return await answer({ request, deps, session, body, id: (await context.params)?.id ?? "" });
    } catch (error) {
      return refused(request, context.params, error);
    }
  };
}

/** A write of somebody who is not signed in and shows a token, or asks for one. */
export function handleAnonymous(answer: (deps: Deps, body: Record<string, unknown>) => Promise<void>) {
  return async (request: Request): Promise<Response> => {
    try {
      const deps = await getDeps();
      requireSameOrigin(request, deps.env);
      await deps.limits.take("signIn", request.headers.get(addressHeader) ?? "unknown");
      await answer(deps, await readObject(request));
      return json({});
    } catch (error) {
      return refused(request, undefined, error);
    }
  };
}

async function refused(request: Request, params: unknown, error: unknown): Promise<Response> {
  const response = toResponse(error);
  const { route } = await routeOf(request, params);
  const { status } = response;
  tellRefusal({ status, method: request.method, route, address: request.headers.get(addressHeader), user: null });
  return response;
}

/** JSON with the cookies of a session that was made anew. */
export function withCookies(cookies: string[], value: unknown = {}): Response {
  const response = json(value);
  for (const cookie of cookies) response.headers.append("Set-Cookie", cookie);
  return response;
}
