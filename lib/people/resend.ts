import { renewInvitation } from "#db/index.ts";
import { permit } from "../audit/index.ts";
import type { Viewer } from "../auth/index.ts";
import { NotFoundError } from "../errors.ts";
import { checkId } from "./input.ts";
import { managerOf, refuse } from "./outcome.ts";
import { invitationDays, newSecret } from "./secret.ts";
import { type InvitationDeps, sendInvitation } from "./send-invitation.ts";
import type { InvitationLink } from "./views.ts";

/** Sends an invitation anew, with a new link and new days; the earlier link opens nothing any more. */
export async function resendInvitation(deps: InvitationDeps, viewer: Viewer, id: string): Promise<InvitationLink> {
  await permit(deps, viewer, "people.manage", "member.invite.resend");
  const { secret, tokenHash } = newSecret();
  const renewal = { tokenHash, days: invitationDays };
  const renewed = await renewInvitation(deps.database, managerOf(viewer), checkId(id, "The invitation"), renewal);
  if (renewed === "absent") throw new NotFoundError("The invitation");
  if (typeof renewed === "string") return refuse(deps, viewer, renewed, "member.invite.resend");
  return sendInvitation(deps, viewer, { id, ...renewed, secret });
}
