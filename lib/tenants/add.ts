import { z } from "zod";
import { insertTenant } from "#db/index.ts";
import type { Deps } from "../deps.ts";
import { ConflictError } from "../errors.ts";
import { emailAddress, parseInput, personName } from "../people/input.ts";
import { invitationDays, newSecret } from "../people/secret.ts";

const newTenant = z.object({
  slug: z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?$/, "small letters, digits and hyphens, at most 60"),
  name: personName,
  owner: emailAddress,
});

/**
 * Adds a further tenant, for whoever holds the machine. It searches the shared collections and may not change them.
 * @returns the path of its first owner's invitation; null when they are known and own it now
 * @throws InvalidInputError, ConflictError when the slug is taken
 */
export async function addTenant(
  deps: Pick<Deps, "database">,
  input: { slug: string; name: string; owner: string },
): Promise<{ invitationPath: string | null }> {
  const { slug, name, owner } = parseInput(newTenant, input);
  const { secret, tokenHash } = newSecret();
  const made = await insertTenant(
    deps.database.root,
    { slug, name },
    { email: owner, tokenHash, days: invitationDays },
  );
  if (!made) throw new ConflictError(`There is a tenant “${slug}” already.`);
  return { invitationPath: made.joined ? null : `/invitation/${secret}` };
}
