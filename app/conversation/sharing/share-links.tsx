"use client";

import { Check, Copy } from "lucide-react";
import { useEffect, useId, useState } from "react";
import { messageOf, send } from "#app/components/send.ts";
import { button, field, narrowField } from "#app/components/styles.ts";
import { type GivenRole, type LinkView, linkDays, type NewLinkView } from "#lib/domain.ts";
import { formatDate } from "../labels.ts";
import { RoleChoice } from "./role-choice.tsx";
import { roleLabels } from "./words.ts";

/**
 * Links by which members of the organisation join. The address of one is shown only when it is made.
 * @param membership who takes part in which role: with a change of it links may have ended, so they are read again
 */
export function ShareLinks({ path, membership }: { path: string; membership: string }) {
  const id = useId();
  const [links, setLinks] = useState<LinkView[]>([]);
  const [made, setMade] = useState<NewLinkView | null>(null);
  const [role, setRole] = useState<GivenRole>("reader");
  const [days, setDays] = useState<number>(linkDays.usual);
  const [problem, setProblem] = useState<string | null>(null);

  async function attempt(work: () => Promise<unknown>) {
    setProblem(null);
    try {
      await work();
      setLinks((await send<{ links: LinkView[] }>("GET", `${path}/links`)).links);
    } catch (error) {
      setProblem(messageOf(error));
    }
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: read again when who takes part has changed
  useEffect(() => {
    send<{ links: LinkView[] }>("GET", `${path}/links`).then(
      (read) => setLinks(read.links),
      (error: unknown) => setProblem(messageOf(error)),
    );
  }, [path, membership]);

  return (
    <section aria-labelledby={`${id}-heading`} className="grid gap-2">
      <h3 id={`${id}-heading`} className="label-caps">
        Share link
      </h3>
      <p className="text-ink-soft text-sm">
        Members of your organisation who open it can join. It is of no use to anybody else.
      </p>
      <p role="alert" className="text-danger text-sm empty:hidden">
        {problem}
      </p>
      <div className="flex flex-wrap items-center gap-2 text-sm">
        <RoleChoice label="What those who join may do" role={role} onChange={setRole} />
        <label className="flex items-center gap-2">
          for
          <input
            type="number"
            className={`${narrowField} w-20`}
            min={1}
            max={linkDays.longest}
            value={days}
            onChange={(event) => setDays(event.target.valueAsNumber)}
          />
          days
        </label>
        <button
          type="button"
          className={button.secondary}
          disabled={!(days >= 1 && days <= linkDays.longest)}
          onClick={() => attempt(async () => setMade(await send<NewLinkView>("POST", `${path}/links`, { role, days })))}
        >
          Create a link
        </button>
      </div>
      {made && links.some((link) => link.id === made.id) && <NewLink link={made} />}
      <ul aria-label="Links that hold" className="grid gap-1 empty:hidden">
        {links.map((link) => (
          <li key={link.id} className="flex flex-wrap items-center gap-x-3 rounded-md bg-panel px-3 py-1.5 text-sm">
            <span className="min-w-0 flex-1">
              {roleLabels[link.role]} · until {formatDate(link.expiresAt.slice(0, 10))}
              {link.createdByName && <span className="text-ink-faint"> · by {link.createdByName}</span>}
            </span>
            {link.mayRevoke && (
              <button
                type="button"
                className={button.quiet}
                onClick={() => attempt(() => send("DELETE", `${path}/links/${encodeURIComponent(link.id)}`))}
              >
                End this link
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function NewLink({ link }: { link: NewLinkView }) {
  const [copied, setCopied] = useState(false);
  const address = `${window.location.origin}${link.path}`;
  return (
    <div className="grid gap-1.5 rounded-md border border-line bg-accent-wash p-3">
      <p className="text-sm">Copy it now: it cannot be shown again.</p>
      <div className="flex gap-2">
        <input
          readOnly
          aria-label="Share link"
          className={field}
          value={address}
          onFocus={(event) => event.target.select()}
        />
        <button
          type="button"
          className={button.secondary}
          onClick={() =>
            // Where the browser keeps the clipboard closed, the address stands there to be selected.
            void navigator.clipboard?.writeText(address).then(
              () => setCopied(true),
              () => setCopied(false),
            )
          }
        >
          {copied ? <Check className="size-4" aria-hidden="true" /> : <Copy className="size-4" aria-hidden="true" />}
          {copied ? "Copied" : "Copy"}
        </button>
      </div>
    </div>
  );
}
