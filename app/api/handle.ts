import { recordDeniedRequest } from "#lib/audit/index.ts";
import type { Viewer } from "#lib/auth/index.ts";
import { requireSession, viewerOf } from "#lib/auth/index.ts";
import { confinedDeps } from "#lib/confined-deps.ts";
import { type Deps, getDeps } from "#lib/deps.ts";
import { toResponse } from "#lib/errors.ts";
import { type Counted, rateLimitHeaders, toldLimits } from "#lib/limits/index.ts";
import { addressHeader } from "./front-door.ts";
import { tellRefusal } from "./refusals.ts";
import { requireSameOrigin } from "./same-origin.ts";

export interface Call<Parameters> {
  request: Request;
  deps: Deps;
  viewer: Viewer;
  params: Parameters;
}

export interface RouteSettings {
  /** A limit of its own, beside the one on all requests. */
  limit?: Counted["kind"];
}

/**
 * A route for signed-in callers: refuses foreign writes, counts the request against its sender's limits and says how much
 * is left of them, opens the backends, maps every error to its response.
 */
export function handle<Parameters = Record<string, never>>(
  answer: (call: Call<Parameters>) => Promise<Response>,
  { limit }: RouteSettings = {},
) {
  return async (request: Request, context: { params: Promise<Parameters> }): Promise<Response> => {
    const counted: Counted[] = [];
    let asked: { deps: Deps; viewer: Viewer } | undefined;
    try {
      const deps = await getDeps();
      if (request.method !== "GET" && request.method !== "HEAD") requireSameOrigin(request, deps.env);
      const session = await requireSession(deps, request.headers);
      asked = { deps, viewer: session.viewer };
      const limits = toldLimits(deps.limits, counted);
      await limits.take("request", session.viewer.userId);
      const viewer = viewerOf(deps.env, session);
      if (limit) await limits.take(limit, viewer.userId);
      const response = await answer({
        request,
        deps: confinedDeps({ ...deps, limits }, viewer),
        viewer,
        params: await context.params,
      });
      return withHeaders(response, rateLimitHeaders(counted));
    } catch (error) {
      const response = toResponse(error);
      const { route, params } = await routeOf(request, context.params);
      const address = request.headers.get(addressHeader);
      tellRefusal({
        status: response.status,
        method: request.method,
        route,
        address,
        user: asked?.viewer.userId ?? null,
      });
      if (asked) await tellDenial(asked, `${request.method} ${route}`, params, error);
      return withHeaders(response, rateLimitHeaders(counted));
    }
  };
}

/** A request's path with its parameters by name: what somebody wrote into an address is in no log. */
export async function routeOf(request: Request, given: unknown) {
  const params = ((await given) ?? {}) as Record<string, unknown>;
  const names = new Map(Object.entries(params).map(([name, value]) => [String(value), `[${name}]`]));
  const path = new URL(request.url).pathname.split("/").map((part) => names.get(decoded(part)) ?? part);
  return { route: path.join("/"), params };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** What was denied stays denied, also when it cannot be recorded. */
async function tellDenial(
  { deps, viewer }: { deps: Deps; viewer: Viewer },
  route: string,
  params: Record<string, unknown>,
  error: unknown,
): Promise<void> {
  try {
    await recordDeniedRequest(deps, viewer, { route, params }, error);
  } catch (failure) {
    deps.log.warn({ err: failure }, "a denial could not be recorded");
  }
}

/** Adds what the response does not say itself. */
function withHeaders(response: Response, added: Record<string, string>): Response {
  const { status, statusText } = response;
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(added)) if (!headers.has(name)) headers.set(name, value);
  return new Response(response.body, { status, statusText, headers });
}

/** JSON that belongs to one reader and is kept by no cache. */
export function json(value: unknown, status = 200): Response {
  return Response.json(value, { status, headers: { "Cache-Control": "private, no-store" } });
}
