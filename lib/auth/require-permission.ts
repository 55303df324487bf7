import { ForbiddenError } from "../errors.ts";
import { may, type Permission, rolesWith } from "./permissions.ts";

/** @throws ForbiddenError (403) naming the roles that may */
export function requirePermission(viewer: { role: string }, permission: Permission): void {
  if (may(viewer, permission)) return;
  throw new ForbiddenError(`This is for ${list(rolesWith(permission))}; you are ${viewer.role}.`);
}

function list(roles: readonly string[]): string {
  const plural = roles.map((role) => `${role}s`);
  return plural.length < 2 ? plural.join("") : `${plural.slice(0, -1).join(", ")} and ${plural.at(-1)}`;
}
