"use client";

import { UserRoundMinus } from "lucide-react";
import { useState } from "react";
import { button } from "#app/components/styles.ts";
import type { GivenRole, PersonView } from "#lib/domain.ts";
import { Avatar } from "./avatar.tsx";
import { ConfirmRow } from "./confirm-row.tsx";
import { readInWords, roleLabels } from "./words.ts";

export interface SharedPersonProps {
  person: PersonView;
  isReader: boolean;
  isHere: boolean;
  /** The reader gives roles and removes. */
  mayManage: boolean;
  onRole: (role: GivenRole | "owner") => Promise<boolean>;
  onRemove: () => Promise<boolean>;
}

/** One who takes part; grave changes are asked about first. */
export function SharedPerson({ person, isReader, isHere, mayManage, onRole, onRemove }: SharedPersonProps) {
  const [asked, setAsked] = useState<"remove" | "owner" | null>(null);
  const { name, email, role, unread } = person;

  return (
    <li className="grid gap-2 rounded-md py-1.5">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Avatar name={name} isHere={isHere} />
        <div className="min-w-0 flex-1">
          <p className="truncate font-medium text-sm">
            {name}
            {isReader && <span className="font-normal text-ink-faint"> (you)</span>}
          </p>
          <p className="truncate text-ink-faint text-xs">
            {email}
            {isHere ? " · here now" : ""} · {readInWords(unread)}
          </p>
        </div>
        {mayManage ? (
          <>
            <select
              aria-label={`Role of ${name}`}
              className="h-8 rounded-md border border-line-strong bg-raised px-2 text-sm"
              value={role}
              onChange={(event) => {
                const chosen = event.target.value as GivenRole | "owner";
                if (chosen === "owner") setAsked("owner");
                else void onRole(chosen);
              }}
            >
              <option value="reader">{roleLabels.reader}</option>
              <option value="writer">{roleLabels.writer}</option>
              <option value="owner">Owner: hand over</option>
            </select>
            <button
              type="button"
              className={button.smallIcon}
              aria-label={`Remove ${name}`}
              onClick={() => setAsked("remove")}
            >
              <UserRoundMinus className="size-4" aria-hidden="true" />
            </button>
          </>
        ) : (
          <p className="text-ink-soft text-sm">{roleLabels[role]}</p>
        )}
      </div>
      {asked === "remove" && (
        <ConfirmRow
          question={`Remove ${name}? They can no longer open it, and every share link ends, because they may know it.`}
          confirm="Remove"
          grave
          onCancel={() => setAsked(null)}
          onConfirm={async () => {
            if (await onRemove()) setAsked(null);
          }}
        />
      )}
      {asked === "owner" && (
        <ConfirmRow
          question={`Hand the conversation over to ${name}? They will manage it; you may go on asking.`}
          confirm="Hand over"
          onCancel={() => setAsked(null)}
          onConfirm={async () => {
            if (await onRole("owner")) setAsked(null);
          }}
        />
      )}
    </li>
  );
}
