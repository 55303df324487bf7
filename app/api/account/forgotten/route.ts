import { requestReset } from "#lib/auth/index.ts";
import { handleAnonymous } from "../handle.ts";

export const POST = handleAnonymous((deps, { email }) => requestReset(deps, email));
