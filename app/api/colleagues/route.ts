import { findColleagues } from "#lib/conversations/index.ts";
import { handle, json } from "../handle.ts";

/** Colleagues by `?text=`, a part of a name or an address, without those who take part in `?conversation=`. */
export const GET = handle(async ({ request, deps, viewer }) => {
  const { searchParams } = new URL(request.url);
  const search = { text: searchParams.get("text") ?? "", conversation: searchParams.get("conversation") };
  return json({ colleagues: await findColleagues(deps, viewer, search) });
});
