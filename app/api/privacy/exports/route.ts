import { listOwnDataJobs } from "#lib/archive/index.ts";
import { requestOwnData } from "#lib/privacy/index.ts";
import { handle, json } from "../../handle.ts";

export const GET = handle(async ({ deps, viewer }) => json({ jobs: await listOwnDataJobs(deps, viewer) }));

export const POST = handle(async ({ deps, viewer }) => json(await requestOwnData(deps, viewer), 202));
