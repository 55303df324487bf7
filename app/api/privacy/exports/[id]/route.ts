import { cancelJob } from "#lib/archive/index.ts";
import { handle, json } from "../../../handle.ts";

export const DELETE = handle<{ id: string }>(async ({ deps, viewer, params }) =>
  json(await cancelJob(deps, viewer, params.id)),
);
