"use client";

import { useState } from "react";
import { Problem, Section } from "#app/admin/parts.tsx";
import { useAction } from "#app/admin/use-action.ts";
import { send } from "#app/components/send.ts";
import type { InvitationLink, PeopleView } from "#lib/people/index.ts";
import { InvitationList } from "./invitation-list.tsx";
import { InviteForm } from "./invite-form.tsx";
import { MemberList } from "./member-list.tsx";
import { NewLink } from "./new-link.tsx";

export interface PeopleProps {
  initial: PeopleView;
  viewer: { id: string; role: string };
}

/** The people of a tenant; every deed is the server's, and the list is read again after it. */
export function People({ initial, viewer }: PeopleProps) {
  const [people, setPeople] = useState(initial);
  const [link, setLink] = useState<InvitationLink | null>(null);
  const { busy, problem, act } = useAction();

  const refresh = async () => setPeople(await send<PeopleView>("GET", "/api/admin/people"));
  const deed = (method: string, path: string, body?: unknown) =>
    act(async () => {
      await send(method, `/api/admin/people/${path}`, body);
      await refresh();
    });

  async function invite(email: string, role: string): Promise<boolean> {
    return act(async () => {
      setLink(await send<InvitationLink>("POST", "/api/admin/people", { email, role }));
      await refresh();
    });
  }
  const resend = (id: string) =>
    act(async () => {
      setLink(await send<InvitationLink>("POST", `/api/admin/people/invitations/${id}`));
      await refresh();
    });

  return (
    <>
      <InviteForm viewer={viewer} busy={busy} onInvite={invite} />
      <div className="mt-3 grid gap-3">
        <Problem>{problem}</Problem>
        {link && <NewLink link={link} onClose={() => setLink(null)} />}
      </div>
      {people.invitations.length > 0 && (
        <Section id="invited" title="Invited">
          <InvitationList
            invitations={people.invitations}
            viewer={viewer}
            busy={busy}
            onResend={(id) => void resend(id)}
            onRevoke={(id) => void deed("DELETE", `invitations/${id}`)}
          />
        </Section>
      )}
      <Section id="members" title="Members">
        <MemberList
          members={people.members}
          viewer={viewer}
          busy={busy}
          onRole={(id, role) => void deed("PATCH", id, { role })}
          onDisabled={(id, disabled) => deed("PATCH", id, { disabled })}
          onRemove={(id) => deed("DELETE", id)}
        />
      </Section>
    </>
  );
}
