import { randomBytes } from "node:crypto";
import type { AuthContext } from "better-auth";

type Verifications = Pick<AuthContext, "internalAdapter">;
type Purpose = "reset-password" | "verify-email";

const lifetime = 60 * 60 * 1000;

/** A secret (256 bits) that stands for a person for one hour and one use; the database holds its hash. */
export async function makeToken(context: Verifications, purpose: Purpose, userId: string): Promise<string> {
  const token = randomBytes(32).toString("base64url");
  const expiresAt = new Date(Date.now() + lifetime);
  await context.internalAdapter.createVerificationValue({
    identifier: `${purpose}:${token}`,
    value: userId,
    expiresAt,
  });
  return token;
}

/** Whom a token stands for, without using it up; null for one that is unknown, used or too old. */
export async function readToken(context: Verifications, purpose: Purpose, token: string): Promise<string | null> {
  const found = await context.internalAdapter.findVerificationValue(`${purpose}:${token}`);
  return found && new Date(found.expiresAt) > new Date() ? found.value : null;
}

/** Whom a token stands for; of several who use it at once, one learns it. */
export async function spendToken(context: Verifications, purpose: Purpose, token: string): Promise<string | null> {
  const spent = await context.internalAdapter.consumeVerificationValue(`${purpose}:${token}`);
  return spent?.value ?? null;
}
