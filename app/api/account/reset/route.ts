import { resetPassword } from "#lib/auth/index.ts";
import { handleAnonymous } from "../handle.ts";

export const POST = handleAnonymous(resetPassword);
