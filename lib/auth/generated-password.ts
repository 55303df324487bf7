import { randomBytes } from "node:crypto";
import { addUser, type Database, findAccountHolder, removeSecondFactor, setPassword } from "#db/index.ts";
import { NotFoundError } from "../errors.ts";
import type { Auth } from "./open-auth.ts";
import { checkPassword } from "./password-policy.ts";

type OperatorDeps = { auth: Auth; database: Database };

/**
 * Adds a person with a generated password (144 bits) and returns it: the only time it can be read. A given password is
 * checked as any other is.
 * @returns null when the address is taken, or `onlyFirst` and there is a user already
 */
export async function addUserWithPassword(
  deps: OperatorDeps,
  user: { email: string; name: string; role: string; onlyFirst?: boolean; password?: string | undefined },
): Promise<string | null> {
  if (user.password !== undefined) checkPassword(user.password, user);
  const password = user.password ?? generatePassword();
  const context = await deps.auth.$context;
  const passwordHash = await context.password.hash(password);
  const passwordGenerated = user.password === undefined;
  const added = await addUser(deps.database, { ...user, passwordHash, passwordGenerated }, user.onlyFirst);
  return added ? password : null;
}

/** Gives a person another password, generated if none is given, and ends their sessions. @returns the password */
export async function replacePassword(deps: OperatorDeps, email: string, given?: string): Promise<string> {
  const person = await findAccountHolder(deps.database, { email });
  if (!person) throw new NotFoundError(`A user ${email}`);
  if (given !== undefined) checkPassword(given, person);
  const password = given ?? generatePassword();
  const context = await deps.auth.$context;
  await setPassword(
    deps.database,
    {
      userId: person.id,
      hash: await context.password.hash(password),
      generated: given === undefined,
      confirmsEmail: true,
    },
    {
      tenantId: null,
      actorId: "operator",
      action: "password.reset",
      subjectType: "user",
      subjectId: person.id,
    },
  );
  return password;
}

/** For whoever lost both their device and their codes. @returns false when there was none */
export async function dropSecondFactor(deps: Pick<OperatorDeps, "database">, email: string): Promise<boolean> {
  const person = await findAccountHolder(deps.database, { email });
  if (!person) throw new NotFoundError(`A user ${email}`);
  return removeSecondFactor(deps.database, person.id, {
    tenantId: null,
    actorId: "operator",
    action: "second-factor.off",
    subjectType: "user",
    subjectId: person.id,
  });
}

function generatePassword(): string {
  return randomBytes(18).toString("base64url");
}
