import { ForbiddenError, InvalidInputError } from "../errors.ts";
import type { Lockout } from "./lockout.ts";
import type { Auth } from "./open-auth.ts";
import type { Viewer } from "./viewer.ts";

/**
 * Has a signed-in person show once more that they know their password. Counted with their failed sign-ins.
 * @throws ForbiddenError when it is wrong or they have none, TooManyTriesError
 */
export async function confirmPassword(
  deps: { auth: Auth; lockout: Lockout },
  viewer: Viewer,
  password: unknown,
): Promise<void> {
  if (typeof password !== "string" || password === "") throw new InvalidInputError("Your password is needed for this.");
  const context = await deps.auth.$context;
  const attempt = await deps.lockout.begin({ account: viewer.email, address: null });
  const account = await context.internalAdapter.findCredentialAccount(viewer.userId);
  const isRight =
    !!account?.password &&
    password.length <= 128 &&
    (await context.password.verify({ hash: account.password, password }));
  if (!isRight) {
    await attempt.failed();
    throw new ForbiddenError("Your password is not right.");
  }
  await attempt.succeeded();
}
