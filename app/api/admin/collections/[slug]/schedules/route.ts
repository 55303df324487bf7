import { createSchedule, listSchedules } from "#lib/ingest-runs/index.ts";
import { handle, json } from "../../../../handle.ts";
import { readJson } from "../../../../read-json.ts";

type NewSchedule = Parameters<typeof createSchedule>[3];

export const GET = handle<{ slug: string }>(async ({ deps, viewer, params }) => {
  return json(await listSchedules(deps, viewer, params.slug));
});

export const POST = handle<{ slug: string }>(async ({ request, deps, viewer, params }) => {
  return json(await createSchedule(deps, viewer, params.slug, (await readJson(request)) as NewSchedule), 201);
});
