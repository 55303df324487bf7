import { addressHeader } from "#app/api/front-door.ts";
import { tellRefusal } from "#app/api/refusals.ts";
import { requireSameOrigin } from "#app/api/same-origin.ts";
import { authHandler, isForeignByDesign } from "#lib/auth/index.ts";
import { getDeps } from "#lib/deps.ts";
import { toResponse } from "#lib/errors.ts";

async function handleAuth(request: Request): Promise<Response> {
  try {
    const deps = await getDeps();
    if (request.method !== "GET") {
      if (!isForeignByDesign(request)) requireSameOrigin(request, deps.env);
      await deps.limits.take("signIn", request.headers.get(addressHeader) ?? "unknown");
    }
    return await authHandler(deps)(request);
  } catch (error) {
    const response = toResponse(error);
    const { status } = response;
    const address = request.headers.get(addressHeader);
    tellRefusal({ status, method: request.method, route: "/api/auth", address, user: null });
    return response;
  }
}

export { handleAuth as GET, handleAuth as POST };
