import { z } from "zod";
import { insertInvitation } from "#db/index.ts";
import { permit } from "../audit/index.ts";
import type { Viewer } from "../auth/index.ts";
import { ConflictError } from "../errors.ts";
import { emailAddress, parseInput, role } from "./input.ts";
import { managerOf, refuse } from "./outcome.ts";
import { invitationDays, newSecret } from "./secret.ts";
import { type InvitationDeps, sendInvitation } from "./send-invitation.ts";
import type { InvitationLink } from "./views.ts";

const invitationInput = z.object({ email: emailAddress, role });

/**
 * Asks an address to join the viewer's tenant. The link is in the answer this once, and in the mail.
 * @throws ForbiddenError, InvalidInputError, ConflictError for a member or an open invitation
 */
export async function inviteMember(deps: InvitationDeps, viewer: Viewer, input: unknown): Promise<InvitationLink> {
  await permit(deps, viewer, "people.manage", "member.invite");
  const invited = parseInput(invitationInput, input);
  const { secret, tokenHash } = newSecret();
  const made = await insertInvitation(deps.database, managerOf(viewer), {
    ...invited,
    tokenHash,
    days: invitationDays,
  });
  switch (made) {
    case "lost":
    case "refused":
      return refuse(deps, viewer, made, "member.invite");
    case "member":
      throw new ConflictError(`${invited.email} belongs to your organisation already.`);
    case "invited":
      throw new ConflictError(`${invited.email} was invited already. Send that invitation again, or revoke it first.`);
  }
  return sendInvitation(deps, viewer, { ...invited, ...made, secret });
}
