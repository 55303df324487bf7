import { listCollections } from "#lib/collections/index.ts";
import { handle, json } from "../handle.ts";

export const GET = handle(async ({ deps, viewer }) => json(await listCollections(deps, viewer)));
