import { getDeps } from "#lib/deps.ts";
import { toResponse } from "#lib/errors.ts";
import { joinAsNewPerson } from "#lib/people/index.ts";
import { json } from "../handle.ts";
import { readJson } from "../read-json.ts";
import { requireSameOrigin } from "../same-origin.ts";

/** For whoever has no account yet: `{ secret, name, password }`. Answers with the address to sign in with. */
export async function POST(request: Request): Promise<Response> {
  try {
    const deps = await getDeps();
    requireSameOrigin(request, deps.env);
    return json(await joinAsNewPerson(deps, await readJson(request)), 201);
  } catch (error) {
    return toResponse(error);
  }
}
