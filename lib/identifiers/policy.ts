import { z } from "zod";
import { selectIdentifierPolicy, updateIdentifierPolicy } from "#db/index.ts";
import { permit } from "../audit/index.ts";
import type { Viewer } from "../auth/index.ts";
import type { Deps } from "../deps.ts";
import { InvalidInputError } from "../errors.ts";
import { type IdentifierPolicy, identifierPolicies } from "../phi/index.ts";

const policy = z.enum(identifierPolicies, `expected ${identifierPolicies.join(", ")}`);

/** What the tenant does with identifiers; `redact` unless it chose otherwise. */
export async function getIdentifierPolicy(
  { database }: Pick<Deps, "database">,
  tenantId: string,
): Promise<IdentifierPolicy> {
  return policy.catch("redact").parse(await selectIdentifierPolicy(database, tenantId));
}

/**
 * Changes it, for everybody from their next question on; what is stored stays as it is.
 * @param input `{ policy }`
 * @throws ForbiddenError, InvalidInputError
 */
export async function changeIdentifierPolicy(
  deps: Pick<Deps, "database">,
  viewer: Viewer,
  input: unknown,
): Promise<{ policy: IdentifierPolicy }> {
  await permit(deps, viewer, "tenant.settings", "identifier-policy.change");
  const parsed = z.object({ policy }).safeParse(input);
  if (!parsed.success) throw new InvalidInputError(`“policy”: expected ${identifierPolicies.join(", ")}.`);
  const to = parsed.data.policy;
  await updateIdentifierPolicy(deps.database, viewer, to);
  return { policy: to };
}
