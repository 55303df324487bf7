import { z } from "zod";
import { type Erased, erasePerson, findPersonByEmail } from "#db/index.ts";
import type { Viewer } from "../auth/index.ts";
import { parseInput } from "../conversations/input.ts";
import type { Deps } from "../deps.ts";
import { ConflictError, InvalidInputError, NotFoundError } from "../errors.ts";

const eraseInput = z.object({ email: z.string("write your e-mail address to confirm") });

/**
 * Erases the viewer's own account for good: they are signed out everywhere at once. Conversations that are shared, and a
 * tenant that only they own, are to be handed over first.
 * @param input `{ email }`, the viewer's own, typed to confirm
 * @throws ConflictError naming what is to be handed over; InvalidInputError
 */
export async function eraseMe(deps: Pick<Deps, "database">, viewer: Viewer, input: unknown): Promise<Erased> {
  const { email } = parseInput(eraseInput, input);
  if (email.trim().toLowerCase() !== viewer.email.toLowerCase()) {
    throw new InvalidInputError("“email”: this is not the address you sign in with.");
  }
  return erase(deps, viewer.userId, viewer.userId);
}

/** The same for whoever holds the machine. @throws NotFoundError, ConflictError */
export async function eraseByOperator(deps: Pick<Deps, "database">, email: string): Promise<Erased> {
  const id = await findPersonByEmail(deps.database.root, email);
  if (!id) throw new NotFoundError(`A user ${email}`);
  return erase(deps, id, "operator");
}

async function erase({ database }: Pick<Deps, "database">, userId: string, actorId: string): Promise<Erased> {
  // A person may be of several tenants, and their credentials are of none.
  const outcome = await erasePerson(database.root, userId, actorId);
  if (!("kind" in outcome)) return outcome;
  switch (outcome.kind) {
    case "absent":
      throw new NotFoundError("The person");
    case "last-owner":
      throw new ConflictError(`Nobody else owns ${outcome.tenant}. Make somebody else an owner first.`);
    case "shared": {
      const { conversations, total } = outcome;
      const named = conversations.slice(0, 5).map(({ title }) => `“${title}”`);
      const others = total > named.length ? ` and ${total - named.length} more` : "";
      throw new ConflictError(
        `Others take part in these conversations: ${named.join(", ")}${others}. Hand them over, or delete them, first.`,
      );
    }
  }
}
