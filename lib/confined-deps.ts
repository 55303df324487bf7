import type { Database } from "#db/index.ts";
import type { Viewer } from "./auth/index.ts";

/**
 * What a signed-in person's request works with: the database is confined to their tenant by row-level security. A verb
 * that has to go beyond (sign-in's tables, tables that are made, the queue) says so by `deps.database.root`.
 */
export function confinedDeps<Deps extends { database: Database }>(deps: Deps, viewer: Pick<Viewer, "tenantId">): Deps {
  return { ...deps, database: deps.database.confinedTo(viewer.tenantId) };
}
