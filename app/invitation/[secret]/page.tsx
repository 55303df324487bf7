import type { Metadata } from "next";
import { headers } from "next/headers";
import { roleLabels } from "#app/admin/people/role-select.tsx";
import { MessagePage } from "#app/components/message-page.tsx";
import { found } from "#app/found.ts";
import { readSession } from "#lib/auth/index.ts";
import type { Role } from "#lib/auth/permissions.ts";
import { getDeps } from "#lib/deps.ts";
import { openInvitation } from "#lib/people/index.ts";
import { AcceptForm } from "./accept-form.tsx";
import { JoinKnown } from "./join-known.tsx";

export const metadata: Metadata = { title: "Join an organisation", referrer: "no-referrer", robots: { index: false } };

/** What an invitation's link opens. Looking changes nothing: one joins by the form. */
export default async function InvitationPage({ params }: { params: Promise<{ secret: string }> }) {
  const { secret } = await params;
  const deps = await getDeps();
  const invitation = await found(openInvitation(deps, secret));
  const session = await readSession(deps, await headers());
  const { tenantName, email, role, invitedByName, known } = invitation;
  return (
    <MessagePage>
      <div className="mx-auto w-full max-w-md px-5 pt-[8vh] pb-16">
        <p className="text-ink-soft text-sm">
          {invitedByName ? `${invitedByName} invites you to Probatum` : "You are invited to Probatum"}
        </p>
        <h1 className="mt-1 text-balance font-semibold text-2xl tracking-tight">{tenantName}</h1>
        <p className="mt-3 text-ink-soft">
          You join as {roleLabels[role as Role].toLowerCase()} with the address{" "}
          <strong className="wrap-anywhere font-medium text-ink">{email}</strong>.
        </p>
        {known ? (
          <JoinKnown secret={secret} isSignedIn={session !== null} />
        ) : (
          <AcceptForm secret={secret} email={email} />
        )}
      </div>
    </MessagePage>
  );
}
