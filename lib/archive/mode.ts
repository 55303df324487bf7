import { selectArchiveMode, updateArchiveMode } from "#db/index.ts";
import type { Viewer } from "../auth/index.ts";
import type { Permission } from "../auth/permissions.ts";
import { requirePermission } from "../auth/require-permission.ts";
import { parseInput } from "../conversations/input.ts";
import type { Deps } from "../deps.ts";
import { ForbiddenError } from "../errors.ts";
import { modeInput } from "./input.ts";
import { type ArchiveMode, archiveModes } from "./views.ts";

export type OpenMode = Exclude<ArchiveMode, "off">;

/** @throws ForbiddenError for whoever may neither read the archive nor set it up */
export async function getArchiveMode(deps: Pick<Deps, "database">, viewer: Viewer): Promise<ArchiveMode> {
  requirePermission(viewer, "archive.read");
  return selectArchiveMode(deps.database, viewer.tenantId);
}

/**
 * Sets how far administrators see. An administrator may have less be seen, an owner anything: to or from `off`, and back
 * to more, is the owner's alone. Each change is recorded with it.
 * @throws ForbiddenError
 */
export async function setArchiveMode(
  deps: Pick<Deps, "database">,
  viewer: Viewer,
  input: unknown,
): Promise<{ mode: ArchiveMode }> {
  requirePermission(viewer, "tenant.settings");
  const { mode } = parseInput(modeInput, input);
  await updateArchiveMode(deps.database, viewer, mode, (from) => {
    if (viewer.role === "owner" || from === mode) return;
    if (mode === "off" || archiveModes.indexOf(mode) < archiveModes.indexOf(from)) {
      throw new ForbiddenError("Only an owner switches the archive off, or lets more of it be seen.");
    }
  });
  return { mode };
}

/**
 * What every verb of the archive asks first.
 * @throws ForbiddenError when the viewer's role does not allow it, or the tenant has switched the archive off
 */
export async function requireArchive(
  deps: Pick<Deps, "database">,
  viewer: Pick<Viewer, "role" | "tenantId">,
  permission: Extract<Permission, "archive.read" | "archive.manage">,
): Promise<OpenMode> {
  requirePermission(viewer, permission);
  const mode = await selectArchiveMode(deps.database, viewer.tenantId);
  if (mode === "off") throw new ArchiveOffError();
  return mode;
}

export class ArchiveOffError extends ForbiddenError {
  constructor() {
    super("Your organisation has switched the archive off: nobody lists or reads other people's conversations.");
  }
}
