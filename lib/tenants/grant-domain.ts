import { findTenantBySlug } from "#db/index.ts";
import { grantDomain } from "../auth/sso/index.ts";
import type { Deps } from "../deps.ts";
import { NotFoundError } from "../errors.ts";

/** Says for whoever holds the machine that a domain is a tenant's. @throws NotFoundError, ConflictError */
export async function grantTenantDomain(
  deps: Pick<Deps, "database" | "env">,
  slug: string,
  domain: string,
): Promise<void> {
  const tenantId = await findTenantBySlug(deps.database, slug);
  if (!tenantId) throw new NotFoundError(`The tenant “${slug}”`);
  await grantDomain(deps, tenantId, domain);
}
