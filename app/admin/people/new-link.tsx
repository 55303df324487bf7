"use client";

import { useState } from "react";
import { button, field } from "#app/components/styles.ts";
import type { InvitationLink } from "#lib/people/index.ts";

/** The link of an invitation, the only time it can be read. */
export function NewLink({ link, onClose }: { link: InvitationLink; onClose: () => void }) {
  const [copied, setCopied] = useState(false);
  const address = `${window.location.origin}${link.path}`;
  return (
    <section aria-label="Invitation link" className="rounded-lg border border-accent/40 bg-accent-wash p-4">
      <p className="wrap-anywhere text-sm">
        {link.mailed
          ? `The invitation was sent to ${link.email}. `
          : `No mail was sent to ${link.email}: give them this link. `}
        It is shown this once.
      </p>
      <div className="mt-2 flex flex-wrap gap-2">
        <input
          className={`${field} min-w-0 flex-1 basis-64`}
          aria-label="Link to copy"
          readOnly
          value={address}
          onFocus={(event) => event.currentTarget.select()}
        />
        <button
          type="button"
          className={button.secondary}
          onClick={() => void navigator.clipboard.writeText(address).then(() => setCopied(true))}
        >
          {copied ? "Copied" : "Copy"}
        </button>
        <button type="button" className={button.quiet} onClick={onClose}>
          Done
        </button>
      </div>
    </section>
  );
}
