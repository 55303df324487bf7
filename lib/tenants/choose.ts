import { z } from "zod";
import { chooseTenant as choose, type OwnTenant, selectOwnTenants } from "#db/index.ts";
import type { SignedInSession } from "../auth/index.ts";
import type { Deps } from "../deps.ts";
import { NotFoundError } from "../errors.ts";
import { parseInput } from "../people/input.ts";

const choice = z.object({ tenantId: z.uuid("say which organisation: its id") });

/** The tenants that the person behind a session may act in, by name. */
export function listOwnTenants(
  deps: Pick<Deps, "database">,
  session: Pick<SignedInSession, "id">,
): Promise<OwnTenant[]> {
  return selectOwnTenants(deps.database.root, session.id);
}

/** Acts in another of one's tenants from now on, on all of one's devices. @throws NotFoundError for one that is not */
export async function chooseTenant(
  deps: Pick<Deps, "database">,
  session: Pick<SignedInSession, "id">,
  input: unknown,
): Promise<void> {
  const { tenantId } = parseInput(choice, input);
  if (!(await choose(deps.database.root, session.id, tenantId))) throw new NotFoundError("The organisation");
}
