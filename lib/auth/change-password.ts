import { type Database, setPassword } from "#db/index.ts";
import { InvalidInputError } from "../errors.ts";
import { confirmPassword } from "./confirm-password.ts";
import type { Lockout } from "./lockout.ts";
import type { Auth } from "./open-auth.ts";
import { checkPassword } from "./password-policy.ts";
import type { SignedInSession } from "./viewer.ts";

/** Takes the old password for the new one and ends all other sessions of the person. */
export async function changePassword(
  deps: { auth: Auth; database: Database; lockout: Lockout },
  { id, viewer }: SignedInSession,
  input: { current?: unknown; password?: unknown },
): Promise<void> {
  const { current, password } = input;
  checkPassword(password, viewer);
  await confirmPassword(deps, viewer, current);
  if (password === current) throw new InvalidInputError("This is the password that you have.");
  const context = await deps.auth.$context;
  const hash = await context.password.hash(password);
  await setPassword(
    deps.database,
    { userId: viewer.userId, hash, generated: false, keepSessionId: id },
    {
      tenantId: viewer.tenantId,
      actorId: viewer.userId,
      action: "password.change",
      subjectType: "user",
      subjectId: viewer.userId,
    },
  );
}
