import { requireSameOrigin } from "#app/api/same-origin.ts";
import { authHandler } from "#lib/auth/index.ts";
import { getDeps } from "#lib/deps.ts";
import { toResponse } from "#lib/errors.ts";

async function handleAuth(request: Request): Promise<Response> {
  try {
    if (request.method !== "GET") requireSameOrigin(request);
    return await authHandler(await getDeps())(request);
  } catch (error) {
    return toResponse(error);
  }
}

export { handleAuth as GET, handleAuth as POST };
