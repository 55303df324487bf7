"use client";

import { ConfirmButton } from "#app/admin/confirm-button.tsx";
import { When } from "#app/admin/when.tsx";
import { Badge } from "#app/components/badges.tsx";
import { button } from "#app/components/styles.ts";
import type { InvitationView } from "#lib/people/index.ts";
import { roleLabels } from "./role-select.tsx";

export function InvitationList({
  invitations,
  viewer,
  busy,
  onResend,
  onRevoke,
}: {
  invitations: InvitationView[];
  viewer: { role: string };
  busy: boolean;
  onResend: (id: string) => void;
  onRevoke: (id: string) => void;
}) {
  return (
    <ul aria-label="Invitations" className="divide-y divide-line">
      {invitations.map(({ id, email, role, invitedByName, expiresAt, expired }) => (
        <li key={id} aria-label={email} className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3">
          <div className="min-w-0 flex-1 basis-60">
            <p className="break-words font-medium">{email}</p>
            <p className="text-ink-soft text-sm">
              {roleLabels[role]}
              {invitedByName && `, invited by ${invitedByName}`}
            </p>
          </div>
          {expired ? <Badge tone="caution">Expired</Badge> : <Badge>Invited</Badge>}
          <span className="text-ink-soft text-sm">
            {expired ? "Ended " : "Until "}
            <When at={expiresAt} />
          </span>
          {(role !== "owner" || viewer.role === "owner") && (
            <div className="flex gap-2">
              <button
                type="button"
                className={button.secondary}
                disabled={busy}
                aria-label={`Send again: the invitation of ${email}`}
                onClick={() => onResend(id)}
              >
                Send again
              </button>
              <ConfirmButton
                label={`Revoke the invitation of ${email}`}
                title="Revoke this invitation?"
                description={`The link that ${email} was given opens nothing any more.`}
                confirm="Revoke"
                onConfirm={async () => onRevoke(id)}
              >
                Revoke
              </ConfirmButton>
            </div>
          )}
        </li>
      ))}
    </ul>
  );
}
