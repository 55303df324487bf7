import { z } from "zod";
import { type Accepted, acceptInvitation as accept, findInvitation } from "#db/index.ts";
import { type Auth, checkPassword } from "../auth/index.ts";
import type { Deps } from "../deps.ts";
import { ConflictError, ForbiddenError, NotFoundError } from "../errors.ts";
import { parseInput, personName } from "./input.ts";
import { hashOfSecret } from "./secret.ts";

/** What the invited are shown. */
export interface InvitationToAccept {
  tenantName: string;
  email: string;
  role: string;
  invitedByName: string | null;
  /** They have an account and join by signing in; else they choose name and password. */
  known: boolean;
  /** They belong to the tenant already. */
  member: boolean;
}

type AcceptDeps = Pick<Deps, "database"> & { auth: Auth };

const joining = z.object({
  secret: z.string("say which invitation: its secret"),
  name: personName,
  password: z.string("choose a password"),
});

/** What a link opens. @throws NotFoundError for a wrong, expired, revoked or accepted one: always the same */
export async function openInvitation(deps: Pick<Deps, "database">, secret: string): Promise<InvitationToAccept> {
  const invitation = await findInvitation(deps.database.root.pool, hashOfSecret(secret));
  if (!invitation) throw new NotFoundError("The invitation");
  const { tenantName, email, role, invitedByName, known, member } = invitation;
  return { tenantName, email, role, invitedByName, known, member };
}

/**
 * A new person joins with a name and a password of their own.
 * @returns the address to sign in with
 * @throws InvalidInputError for a password that is none, NotFoundError, ConflictError when the address has an account
 */
export async function joinAsNewPerson(deps: AcceptDeps, input: unknown): Promise<{ email: string }> {
  const { secret, name, password } = parseInput(joining, input);
  const tokenHash = hashOfSecret(secret);
  const { email } = await openInvitation(deps, secret);
  checkPassword(password, { name, email });
  const context = await deps.auth.$context;
  const passwordHash = await context.password.hash(password);
  requireAccepted(await accept(deps.database.root, tokenHash, { name, passwordHash }));
  return { email };
}

/** A person who has an account joins with it; it must be of the address that was invited. */
export async function joinAsKnownPerson(
  deps: Pick<Deps, "database">,
  person: { userId: string },
  secret: string,
): Promise<void> {
  requireAccepted(await accept(deps.database.root, hashOfSecret(secret), { userId: person.userId }));
}

function requireAccepted(outcome: Accepted): void {
  if (typeof outcome !== "string") return;
  switch (outcome) {
    case "absent":
      throw new NotFoundError("The invitation");
    case "known":
      throw new ConflictError("There is an account of this address already. Sign in to it, then open the link again.");
    case "other":
      throw new ForbiddenError("This invitation is for another address than the one you are signed in with.");
    case "disabled":
      throw new ForbiddenError("Your account is disabled.");
  }
}
