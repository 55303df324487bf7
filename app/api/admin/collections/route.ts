import { listCollectionsForAdmin } from "#lib/ingest-runs/index.ts";
import { handle, json } from "../../handle.ts";

export const GET = handle(async ({ deps, viewer }) => json(await listCollectionsForAdmin(deps, viewer)));
