import { changeMember } from "#db/index.ts";
import { permit } from "../audit/index.ts";
import type { Viewer } from "../auth/index.ts";
import type { Deps } from "../deps.ts";
import { checkId } from "./input.ts";
import { managerOf, requireDone } from "./outcome.ts";

/** Takes a person out of the tenant. What they wrote stays; to come back they are invited again. */
export async function removeMember(deps: Pick<Deps, "database">, viewer: Viewer, personId: string): Promise<void> {
  await permit(deps, viewer, "people.manage", "member.remove");
  const outcome = await changeMember(deps.database, managerOf(viewer), checkId(personId, "The person"), {
    to: "removed",
  });
  await requireDone(deps, viewer, outcome, "member.remove");
}
