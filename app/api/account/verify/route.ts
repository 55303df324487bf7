import { verifyEmail } from "#lib/auth/index.ts";
import { handleAnonymous } from "../handle.ts";

export const POST = handleAnonymous((deps, { token }) => verifyEmail(deps, token));
