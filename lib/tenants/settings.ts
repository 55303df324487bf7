import { z } from "zod";
import { selectTenant, updateTenant } from "#db/index.ts";
import { permit } from "../audit/index.ts";
import type { Viewer } from "../auth/index.ts";
import type { Deps } from "../deps.ts";
import { NotFoundError } from "../errors.ts";
import { parseInput } from "../people/input.ts";
import { cleanText, collapseWhitespace } from "../text/clean.ts";

export interface TenantSettings {
  name: string;
  /** Its curators may change the shared collections; the operator's to give. */
  keepsShared: boolean;
}

const change = z.strictObject({
  name: z
    .string()
    .transform((name) => collapseWhitespace(cleanText(name)))
    .pipe(z.string().min(1, "write a name").max(200, "at most 200 characters")),
});

/** @throws ForbiddenError */
export async function getTenantSettings(deps: Pick<Deps, "database">, viewer: Viewer): Promise<TenantSettings> {
  await permit(deps, viewer, "tenant.settings", "settings.read");
  const tenant = await selectTenant(deps.database, viewer.tenantId);
  if (!tenant) throw new NotFoundError("The organisation");
  return { name: tenant.name, keepsShared: tenant.keepsShared };
}

/** Renames the tenant. @throws ForbiddenError, InvalidInputError */
export async function changeTenantSettings(
  deps: Pick<Deps, "database">,
  viewer: Viewer,
  input: unknown,
): Promise<TenantSettings> {
  await permit(deps, viewer, "tenant.settings", "settings.change");
  await updateTenant(deps.database, viewer, parseInput(change, input));
  return getTenantSettings(deps, viewer);
}
