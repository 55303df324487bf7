import { readSession } from "#lib/auth/index.ts";
import { getDeps } from "#lib/deps.ts";
import { toResponse, UnauthenticatedError } from "#lib/errors.ts";
import { joinAsKnownPerson } from "#lib/people/index.ts";
import { json } from "../../handle.ts";
import { readObject } from "../../read-json.ts";
import { requireSameOrigin } from "../../same-origin.ts";

/** For whoever is signed in, to a tenant or to none yet: `{ secret }`. */
export async function POST(request: Request): Promise<Response> {
  try {
    const deps = await getDeps();
    requireSameOrigin(request, deps.env);
    const session = await readSession(deps, request.headers);
    if (!session) throw new UnauthenticatedError();
    const { secret } = await readObject(request);
    await joinAsKnownPerson(deps, session, String(secret));
    return json({});
  } catch (error) {
    return toResponse(error);
  }
}
