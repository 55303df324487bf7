/** The people of a tenant: who belongs to it in which role, who is asked to, who no longer may. */
export { type InvitationToAccept, joinAsKnownPerson, joinAsNewPerson, openInvitation } from "./accept.ts";
export { changeMemberRole } from "./change-role.ts";
export { disableMember } from "./disable.ts";
export { enableMember } from "./enable.ts";
export { inviteMember } from "./invite.ts";
export { listTenantPeople } from "./list.ts";
export { removeMember } from "./remove.ts";
export { resendInvitation } from "./resend.ts";
export { revokeInvitation } from "./revoke.ts";
export type { InvitationLink, InvitationView, MemberView, PeopleView } from "./views.ts";
