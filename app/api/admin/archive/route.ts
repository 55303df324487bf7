import { findConversations } from "#lib/archive/index.ts";
import { handle, json } from "../../handle.ts";
import { readFilter } from "./read-filter.ts";

/** Filters as `readFilter` says; `?before=` an earlier page's `next`. */
export const GET = handle(async ({ request, deps, viewer }) => {
  const url = new URL(request.url);
  const before = url.searchParams.get("before") ?? undefined;
  return json(await findConversations(deps, viewer, readFilter(url), { before }));
});
