import { usageFigures } from "#lib/archive/index.ts";
import { handle, json } from "../../handle.ts";

/** `?from=` and `?until=` days, `?collection=`, `?model=`. */
export const GET = handle(async ({ request, deps, viewer }) => {
  const { searchParams } = new URL(request.url);
  return json(
    await usageFigures(deps, viewer, Object.fromEntries([...searchParams].filter(([, value]) => value !== ""))),
  );
});
