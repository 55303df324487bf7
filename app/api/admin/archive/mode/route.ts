import { getArchiveMode, setArchiveMode } from "#lib/archive/index.ts";
import { handle, json } from "../../../handle.ts";
import { readJson } from "../../../read-json.ts";

export const GET = handle(async ({ deps, viewer }) => json({ mode: await getArchiveMode(deps, viewer) }));

export const PUT = handle(async ({ request, deps, viewer }) =>
  json(await setArchiveMode(deps, viewer, await readJson(request))),
);
