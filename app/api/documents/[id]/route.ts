import { getDocument } from "#lib/documents/index.ts";
import { handle, json } from "../../handle.ts";

export const GET = handle<{ id: string }>(async ({ deps, viewer, params }) => {
  return json(await getDocument(deps, viewer, params.id));
});
