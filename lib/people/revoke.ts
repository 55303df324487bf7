import { revokeInvitation as revoke } from "#db/index.ts";
import { permit } from "../audit/index.ts";
import type { Viewer } from "../auth/index.ts";
import type { Deps } from "../deps.ts";
import { NotFoundError } from "../errors.ts";
import { checkId } from "./input.ts";
import { managerOf, refuse } from "./outcome.ts";

/** Ends an invitation: its link opens nothing any more. */
export async function revokeInvitation(deps: Pick<Deps, "database">, viewer: Viewer, id: string): Promise<void> {
  await permit(deps, viewer, "people.manage", "member.invite.revoke");
  const outcome = await revoke(deps.database, managerOf(viewer), checkId(id, "The invitation"));
  if (outcome === "absent") throw new NotFoundError("The invitation");
  if (outcome !== "done") await refuse(deps, viewer, outcome, "member.invite.revoke");
}
