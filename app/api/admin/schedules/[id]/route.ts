import { deleteSchedule, getSchedule, updateSchedule } from "#lib/ingest-runs/index.ts";
import { handle, json } from "../../../handle.ts";
import { readJson } from "../../../read-json.ts";

type Named = { id: string };
type Change = Parameters<typeof updateSchedule>[3];

export const GET = handle<Named>(async ({ deps, viewer, params }) => {
  return json(await getSchedule(deps, viewer, params.id));
});

export const PATCH = handle<Named>(async ({ request, deps, viewer, params }) => {
  return json(await updateSchedule(deps, viewer, params.id, (await readJson(request)) as Change));
});

export const DELETE = handle<Named>(async ({ deps, viewer, params }) => {
  await deleteSchedule(deps, viewer, params.id);
  return new Response(null, { status: 204 });
});
