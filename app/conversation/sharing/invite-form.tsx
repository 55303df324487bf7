"use client";

import { type FormEvent, useEffect, useId, useRef, useState } from "react";
import { send } from "#app/components/send.ts";
import { button, field } from "#app/components/styles.ts";
import type { Colleague, GivenRole } from "#lib/domain.ts";
import { RoleChoice } from "./role-choice.tsx";

export interface InviteFormProps {
  conversationId: string;
  /** Resolves to true when they take part. */
  onInvite: (email: string, role: GivenRole) => Promise<boolean>;
}

/** Invites a colleague by address, helped by suggestions from the reader's own organisation. */
export function InviteForm({ conversationId, onInvite }: InviteFormProps) {
  const id = useId();
  const [typed, setTyped] = useState("");
  const [role, setRole] = useState<GivenRole>("writer");
  const [busy, setBusy] = useState(false);
  const [invited, setInvited] = useState("");
  const box = useRef<HTMLInputElement>(null);
  const colleagues = useColleagues(conversationId, typed);
  const text = typed.trim();
  // A name alone is enough where it is one colleague's.
  const named = colleagues.filter(({ name }) => name.toLowerCase() === text.toLowerCase());
  const email = named.length === 1 ? (named[0]?.email ?? text) : text;

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (text === "") return;
    setBusy(true);
    setInvited("");
    if (await onInvite(email, role)) {
      setTyped("");
      setInvited(`${email} takes part now.`);
    }
    setBusy(false);
    box.current?.focus();
  }

  return (
    <form onSubmit={submit} aria-label="Invite a colleague" className="grid gap-1.5">
      <label htmlFor={id} className="font-medium text-sm">
        Invite a colleague
      </label>
      <div className="flex flex-wrap gap-2">
        <input
          ref={box}
          id={id}
          className={`${field} min-w-48 flex-1`}
          list={`${id}-colleagues`}
          value={typed}
          maxLength={320}
          autoComplete="off"
          placeholder="Name or e-mail"
          aria-describedby={`${id}-hint`}
          onChange={(event) => setTyped(event.target.value)}
        />
        <datalist id={`${id}-colleagues`}>
          {colleagues.map((colleague) => (
            <option key={colleague.id} value={colleague.email}>
              {colleague.name}
            </option>
          ))}
        </datalist>
        <RoleChoice label="What they may do" role={role} onChange={setRole} />
        <button type="submit" className={button.primary} disabled={busy || text === ""}>
          Invite
        </button>
      </div>
      <p id={`${id}-hint`} className="text-ink-faint text-xs">
        Members of your organisation only. They see everything in the conversation.
      </p>
      <p role="status" className="text-accent-strong text-sm empty:hidden">
        {invited}
      </p>
    </form>
  );
}

function useColleagues(conversation: string, typed: string): Colleague[] {
  const [colleagues, setColleagues] = useState<Colleague[]>([]);
  useEffect(() => {
    let isLate = false;
    const timer = window.setTimeout(async () => {
      try {
        const query = new URLSearchParams({ text: typed.trim(), conversation });
        const found = await send<{ colleagues: Colleague[] }>("GET", `/api/colleagues?${query}`);
        if (!isLate) setColleagues(found.colleagues);
      } catch {
        // Suggestions only: an address can be written without them, and inviting says what is wrong.
      }
    }, 150);
    return () => {
      isLate = true;
      window.clearTimeout(timer);
    };
  }, [conversation, typed]);
  return colleagues;
}
