import { selectInvitations, selectMembers } from "#db/index.ts";
import { permit } from "../audit/index.ts";
import type { Viewer } from "../auth/index.ts";
import type { Deps } from "../deps.ts";
import { invitationViewOf, memberViewOf, type PeopleView } from "./views.ts";

/** Everybody of the viewer's tenant and who was asked to join it. @throws ForbiddenError */
export async function listTenantPeople(deps: Pick<Deps, "database">, viewer: Viewer): Promise<PeopleView> {
  await permit(deps, viewer, "people.manage", "member.list");
  const now = new Date();
  return {
    members: (await selectMembers(deps.database, viewer.tenantId)).map(memberViewOf),
    invitations: (await selectInvitations(deps.database, viewer.tenantId)).map((row) => invitationViewOf(row, now)),
  };
}
