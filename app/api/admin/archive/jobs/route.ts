import { listJobs } from "#lib/archive/index.ts";
import { handle, json } from "../../../handle.ts";

export const GET = handle(async ({ deps, viewer }) => json({ jobs: await listJobs(deps, viewer) }));
