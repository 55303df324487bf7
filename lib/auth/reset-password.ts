import { type Database, findAccountHolder, findMembership, setPassword } from "#db/index.ts";
import type { Env } from "../env.ts";
import { InvalidInputError } from "../errors.ts";
import type { Mailer } from "../mail/index.ts";
import type { StorageLogger } from "../storage/backend.ts";
import type { Lockout } from "./lockout.ts";
import type { Auth } from "./open-auth.ts";
import { checkPassword } from "./password-policy.ts";
import { siteAddress } from "./site-address.ts";
import { makeToken, readToken, spendToken } from "./tokens.ts";

interface ResetDeps {
  auth: Auth;
  database: Database;
  env: Env;
  mailer: Mailer;
  lockout: Lockout;
  log: StorageLogger;
}

const gone = "This link was used already or is older than an hour. Ask for a new one.";

/**
 * Mails a link to whoever has the address; says and takes the same for an address nobody has, since all that differs
 * happens after this has returned. More than five mails to one address wait, as failed sign-ins do.
 * @throws InvalidInputError for what is no address, TooManyTriesError
 */
export async function requestReset(deps: ResetDeps, email: unknown): Promise<void> {
  if (typeof email !== "string" || email.length > 320 || !/^\S+@\S+$/.test(email.trim()))
    throw new InvalidInputError("This is no e-mail address.");
  await deps.lockout.begin({ account: `reset:${email}`, address: null });
  mailLink(deps, email.trim()).catch((error) => deps.log.error({ err: error }, "A mail for a reset was not sent"));
}

async function mailLink(deps: ResetDeps, email: string): Promise<void> {
  const person = await findAccountHolder(deps.database, { email });
  if (!person?.hasPassword || person.isDisabled) return;
  const token = await makeToken(await deps.auth.$context, "reset-password", person.id);
  await deps.mailer.send({
    to: person.email,
    subject: "Choose a new password for Probatum",
    text: [
      `Good day ${person.name},`,
      `somebody, probably you, asked for a new password. The link holds for one hour and can be used once:`,
      `${siteAddress(deps.env)}/account/reset#${token}`,
      `If it was not you, you need do nothing: your password stays as it is.`,
    ].join("\n\n"),
  });
}

/** Sets a new password by a mailed link, and ends every session of the person. */
export async function resetPassword(
  deps: Pick<ResetDeps, "auth" | "database">,
  input: { token?: unknown; password?: unknown },
): Promise<void> {
  const { token, password } = input;
  const context = await deps.auth.$context;
  const userId = typeof token === "string" ? await readToken(context, "reset-password", token) : null;
  const person = userId && (await findAccountHolder(deps.database, { id: userId }));
  if (typeof token !== "string" || !person || person.isDisabled) throw new InvalidInputError(gone);
  checkPassword(password, person);
  const hash = await context.password.hash(password);
  // Only now: a password that was refused leaves the link as it was.
  if ((await spendToken(context, "reset-password", token)) !== person.id) throw new InvalidInputError(gone);
  const membership = await findMembership(deps.database, person.id);
  await setPassword(
    deps.database,
    { userId: person.id, hash, generated: false, confirmsEmail: true },
    {
      tenantId: membership?.tenantId ?? null,
      actorId: person.id,
      action: "password.reset",
      subjectType: "user",
      subjectId: person.id,
    },
  );
}
