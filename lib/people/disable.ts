import { changeMember } from "#db/index.ts";
import { permit } from "../audit/index.ts";
import type { Viewer } from "../auth/index.ts";
import type { Deps } from "../deps.ts";
import { checkId } from "./input.ts";
import { managerOf, requireDone } from "./outcome.ts";

/** Takes a person's access away at once: their sessions end with it, and their next request is refused. */
export async function disableMember(deps: Pick<Deps, "database">, viewer: Viewer, personId: string): Promise<void> {
  await permit(deps, viewer, "people.manage", "member.disable");
  const outcome = await changeMember(deps.database, managerOf(viewer), checkId(personId, "The person"), {
    to: "disabled",
  });
  await requireDone(deps, viewer, outcome, "member.disable");
}
