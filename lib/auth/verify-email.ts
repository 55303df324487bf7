import type { AuthContext } from "better-auth";
import { confirmEmail, type Database, findMembership } from "#db/index.ts";
import type { Env } from "../env.ts";
import { InvalidInputError } from "../errors.ts";
import type { Mailer } from "../mail/index.ts";
import type { Auth } from "./open-auth.ts";
import { siteAddress } from "./site-address.ts";
import { makeToken, spendToken } from "./tokens.ts";

/** Sends the link that shows an address to be its owner's. */
export async function sendVerification(
  deps: { context: Pick<AuthContext, "internalAdapter">; env: Env; mailer: Mailer },
  user: { id: string; name: string; email: string },
): Promise<void> {
  const token = await makeToken(deps.context, "verify-email", user.id);
  await deps.mailer.send({
    to: user.email,
    subject: "Confirm your e-mail address for Probatum",
    text: [
      `Good day ${user.name},`,
      `please confirm that this address is yours. The link holds for one hour and can be used once:`,
      `${siteAddress(deps.env)}/account/verify#${token}`,
      `If you did not try to sign in, you need do nothing.`,
    ].join("\n\n"),
  });
}

/** @throws InvalidInputError for a token that is unknown, used or older than an hour */
export async function verifyEmail(deps: { auth: Auth; database: Database }, token: unknown): Promise<void> {
  const userId = typeof token === "string" ? await spendToken(await deps.auth.$context, "verify-email", token) : null;
  if (!userId)
    throw new InvalidInputError("This link was used already or is older than an hour. Sign in for a new one.");
  const membership = await findMembership(deps.database, userId);
  await confirmEmail(deps.database, userId, {
    tenantId: membership?.tenantId ?? null,
    actorId: userId,
    action: "email.confirm",
    subjectType: "user",
    subjectId: userId,
  });
}
