import { request } from "../archive/jobs/request.ts";
import type { JobView } from "../archive/views.ts";
import type { Viewer } from "../auth/index.ts";
import type { Deps } from "../deps.ts";

/** Asks for all that is kept of the viewer to be written to a file of JSON lines; a worker does so. */
export function requestOwnData(deps: Pick<Deps, "database">, viewer: Viewer): Promise<JobView> {
  return request(deps, viewer, "own-data", {}, "privacy.export", {});
}
