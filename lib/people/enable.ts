import { changeMember } from "#db/index.ts";
import { permit } from "../audit/index.ts";
import type { Viewer } from "../auth/index.ts";
import type { Deps } from "../deps.ts";
import { checkId } from "./input.ts";
import { managerOf, requireDone } from "./outcome.ts";

/** Gives a disabled person their access back; they sign in anew. */
export async function enableMember(deps: Pick<Deps, "database">, viewer: Viewer, personId: string): Promise<void> {
  await permit(deps, viewer, "people.manage", "member.enable");
  const outcome = await changeMember(deps.database, managerOf(viewer), checkId(personId, "The person"), {
    to: "enabled",
  });
  await requireDone(deps, viewer, outcome, "member.enable");
}
