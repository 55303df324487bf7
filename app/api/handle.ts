import type { Viewer } from "#lib/auth/index.ts";
import { requireViewer } from "#lib/auth/index.ts";
import { type Deps, getDeps } from "#lib/deps.ts";
import { toResponse } from "#lib/errors.ts";
import { requireSameOrigin } from "./same-origin.ts";

export interface Call<Parameters> {
  request: Request;
  deps: Deps;
  viewer: Viewer;
  params: Parameters;
}

/** A route for signed-in callers: refuses foreign writes, opens the backends, maps every error to its response. */
export function handle<Parameters = Record<string, never>>(answer: (call: Call<Parameters>) => Promise<Response>) {
  return async (request: Request, context: { params: Promise<Parameters> }): Promise<Response> => {
    try {
      if (request.method !== "GET" && request.method !== "HEAD") requireSameOrigin(request);
      const deps = await getDeps();
      const viewer = await requireViewer(deps, request.headers);
      return await answer({ request, deps, viewer, params: await context.params });
    } catch (error) {
      return toResponse(error);
    }
  };
}

/** JSON that belongs to one reader and is kept by no cache. */
export function json(value: unknown, status = 200): Response {
  return Response.json(value, { status, headers: { "Cache-Control": "private, no-store" } });
}
