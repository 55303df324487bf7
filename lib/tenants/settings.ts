import { z } from "zod";
import { findAccountHolder, selectPasskeys, selectProviders, selectTenant, updateTenant } from "#db/index.ts";
import { permit } from "../audit/index.ts";
import type { Viewer } from "../auth/index.ts";
import type { Deps } from "../deps.ts";
import { ConflictError, NotFoundError } from "../errors.ts";
import { parseInput } from "../people/input.ts";
import { cleanText, collapseWhitespace } from "../text/clean.ts";

export interface TenantSettings {
  name: string;
  /** Its curators may change the shared collections; the operator's to give. */
  keepsShared: boolean;
  /** Its members come by its identity provider alone; owners keep their password, on record. */
  singleSignOnOnly: boolean;
  /** Whoever signs in with a password needs a second factor or a passkey; who comes by its identity provider does not. */
  requiresSecondFactor: boolean;
}

const change = z.strictObject({
  name: z
    .string()
    .transform((name) => collapseWhitespace(cleanText(name)))
    .pipe(z.string().min(1, "write a name").max(200, "at most 200 characters"))
    .optional(),
  singleSignOnOnly: z.boolean().optional(),
  requiresSecondFactor: z.boolean().optional(),
});

/** @throws ForbiddenError */
export async function getTenantSettings(deps: Pick<Deps, "database">, viewer: Viewer): Promise<TenantSettings> {
  await permit(deps, viewer, "tenant.settings", "settings.read");
  const tenant = await selectTenant(deps.database, viewer.tenantId);
  if (!tenant) throw new NotFoundError("The organisation");
  const { name, keepsShared, singleSignOnOnly, requiresSecondFactor } = tenant;
  return { name, keepsShared, singleSignOnOnly, requiresSecondFactor };
}

/**
 * Changes what is given.
 * @throws ForbiddenError, InvalidInputError; ConflictError for single sign-on without a provider, and for a second
 *   factor that whoever requires it has not themself
 */
export async function changeTenantSettings(
  deps: Pick<Deps, "database">,
  viewer: Viewer,
  input: unknown,
): Promise<TenantSettings> {
  await permit(deps, viewer, "tenant.settings", "settings.change");
  const { name, singleSignOnOnly, requiresSecondFactor } = parseInput(change, input);
  if (singleSignOnOnly && (await selectProviders(deps.database, viewer.tenantId)).length === 0) {
    throw new ConflictError("Add an identity provider first: nobody but owners could sign in.");
  }
  if (requiresSecondFactor && (await hasPasswordAlone(deps, viewer))) {
    throw new ConflictError("Turn on a second factor or add a passkey of your own first: you would shut yourself out.");
  }
  await updateTenant(deps.database, viewer, {
    ...(name !== undefined && { name }),
    ...(singleSignOnOnly !== undefined && { singleSignOnOnly }),
    ...(requiresSecondFactor !== undefined && { requiresSecondFactor }),
  });
  return getTenantSettings(deps, viewer);
}

/** Who has no password comes by a passkey or an identity provider. How people sign in is no tenant's to read. */
async function hasPasswordAlone(deps: Pick<Deps, "database">, { userId }: Viewer): Promise<boolean> {
  const holder = await findAccountHolder(deps.database.root, { id: userId });
  if (!holder?.hasPassword || holder.secondFactor) return false;
  return (await selectPasskeys(deps.database.root, userId)).length === 0;
}
