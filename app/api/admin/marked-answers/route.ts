import { listMarkedAnswers } from "#lib/conversations/index.ts";
import { handle, json } from "../../handle.ts";

/** `?before=` an earlier page's `next`. */
export const GET = handle(async ({ request, deps, viewer }) => {
  const before = new URL(request.url).searchParams.get("before") ?? undefined;
  return json(await listMarkedAnswers(deps, viewer, { before }));
});
