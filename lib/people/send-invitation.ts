import type { Viewer } from "../auth/index.ts";
import { siteAddress } from "../auth/site-address.ts";
import type { Deps } from "../deps.ts";
import { invitationDays } from "./secret.ts";
import type { InvitationLink } from "./views.ts";

export type InvitationDeps = Pick<Deps, "database" | "env" | "log" | "mailer">;

/** Mails an invitation when mail is set up. One that cannot be sent is there all the same, with its link to copy. */
export async function sendInvitation(
  deps: InvitationDeps,
  viewer: Viewer,
  { id, email, expiresAt, secret }: { id: string; email: string; expiresAt: Date; secret: string },
): Promise<InvitationLink> {
  const path = `/invitation/${secret}`;
  const mailed = await mail(deps, viewer, email, path);
  return { id, email, path, expiresAt: expiresAt.toISOString(), mailed };
}

async function mail({ env, log, mailer }: InvitationDeps, viewer: Viewer, to: string, path: string): Promise<boolean> {
  if (mailer.kind === "none") return false;
  try {
    await mailer.send({
      to,
      subject: "You are invited to Probatum",
      text: [
        "Good day,",
        `${viewer.name} (${viewer.email}) invites you to Probatum, which answers clinical questions from the literature. The link holds for ${invitationDays} days and can be used once:`,
        `${siteAddress(env)}${path}`,
        "If you expect no invitation, you need do nothing.",
      ].join("\n\n"),
    });
    return true;
  } catch (error) {
    log.error({ err: error }, "An invitation could not be mailed");
    return false;
  }
}
