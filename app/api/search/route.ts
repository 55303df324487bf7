import { type SearchInput, searchMessages } from "#lib/conversations/index.ts";
import { handle, json } from "../handle.ts";

/** `?q=` and, as they are wanted, `limit`, `before` (an earlier answer's `next`) and `tz`, the reader's time zone. */
export const GET = handle(
  async ({ request, deps, viewer }) => {
    const asked = new URL(request.url).searchParams;
    const input: SearchInput = { query: asked.get("q") ?? "" };
    const [limit, before, timeZone] = [asked.get("limit"), asked.get("before"), asked.get("tz")];
    if (limit !== null) input.limit = Number(limit);
    if (before !== null) input.before = before;
    if (timeZone !== null) input.timeZone = timeZone;
    return json(await searchMessages(deps, viewer, input));
  },
  { limit: "search" },
);
