"use client";

import { ConfirmButton } from "#app/admin/confirm-button.tsx";
import { When } from "#app/admin/when.tsx";
import { Badge } from "#app/components/badges.tsx";
import { button } from "#app/components/styles.ts";
import type { MemberView } from "#lib/people/index.ts";
import { RoleSelect, roleLabels } from "./role-select.tsx";

export interface MemberListProps {
  members: MemberView[];
  viewer: { id: string; role: string };
  busy: boolean;
  onRole: (id: string, role: string) => void;
  onDisabled: (id: string, disabled: boolean) => Promise<unknown>;
  onRemove: (id: string) => Promise<unknown>;
}

export function MemberList({ members, ...props }: MemberListProps) {
  return (
    <ul aria-label="Members" className="divide-y divide-line">
      {members.map((member) => (
        <Member key={member.id} member={member} {...props} />
      ))}
    </ul>
  );
}

function Member({
  member,
  viewer,
  busy,
  onRole,
  onDisabled,
  onRemove,
}: Omit<MemberListProps, "members"> & { member: MemberView }) {
  const { id, name, email, role, state, lastSignInAt, secondFactor } = member;
  const isSelf = id === viewer.id;
  const isOutOfReach = role === "owner" && viewer.role !== "owner";
  return (
    <li aria-label={name} className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3">
      <div className="min-w-0 flex-1 basis-60">
        <p className="break-words font-medium">
          {name} {isSelf && <span className="font-normal text-ink-faint">(you)</span>}
        </p>
        <p className="break-words text-ink-soft text-sm">{email}</p>
        <p className="text-ink-faint text-xs">
          {lastSignInAt ? (
            <>
              Signed in <When at={lastSignInAt} />
            </>
          ) : (
            "Has not signed in yet"
          )}
          {secondFactor ? ", second factor on" : ", no second factor"}
        </p>
      </div>
      {state === "disabled" ? <Badge tone="danger">Disabled</Badge> : <Badge>Active</Badge>}
      {isOutOfReach ? (
        <span className="text-sm">{roleLabels[role]}</span>
      ) : (
        <RoleSelect
          label={`Role of ${name}`}
          viewerRole={viewer.role}
          value={role}
          disabled={busy}
          onChange={(chosen) => onRole(id, chosen)}
        />
      )}
      {!isOutOfReach && !isSelf && (
        <div className="flex gap-2">
          {state === "disabled" ? (
            <button
              type="button"
              className={button.secondary}
              disabled={busy}
              aria-label={`Enable ${name}`}
              onClick={() => void onDisabled(id, false)}
            >
              Enable
            </button>
          ) : (
            <ConfirmButton
              label={`Disable ${name}`}
              title={`Disable ${name}?`}
              description="They are signed out everywhere, at once. What they wrote stays, and they can be enabled again."
              confirm="Disable"
              grave
              onConfirm={async () => void (await onDisabled(id, true))}
            >
              Disable
            </ConfirmButton>
          )}
          <ConfirmButton
            label={`Remove ${name}`}
            title={`Remove ${name} from the organisation?`}
            description="They are signed out everywhere, at once. What they wrote stays; to come back they are invited again."
            confirm="Remove"
            grave
            onConfirm={async () => void (await onRemove(id))}
          >
            Remove
          </ConfirmButton>
        </div>
      )}
    </li>
  );
}
