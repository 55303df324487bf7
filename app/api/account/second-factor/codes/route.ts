import { json } from "#app/api/handle.ts";
import { renewBackupCodes } from "#lib/auth/index.ts";
import { handleAccount } from "../../handle.ts";

export const POST = handleAccount(async ({ deps, session, request, body }) =>
  json(await renewBackupCodes(deps, session, request.headers, body.password)),
);
