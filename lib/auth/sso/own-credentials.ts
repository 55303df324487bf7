import { type Database, isSsoSession } from "#db/index.ts";
import { ForbiddenError } from "../../errors.ts";

/**
 * Whoever came by an identity provider makes no password or passkey of their own: it would outlast the provider's word,
 * and open tenants that the provider does not vouch for.
 * @throws ForbiddenError
 */
export async function requireOwnCredentials(deps: { database: Database }, session: { id: string }): Promise<void> {
  if (await isSsoSession(deps.database.root, session.id)) {
    throw new ForbiddenError("You signed in through your organisation: how you sign in is changed there.");
  }
}
