"use client";

import { useState } from "react";
import { Problem, Section } from "#app/admin/parts.tsx";
import { useAction } from "#app/admin/use-action.ts";
import { send } from "#app/components/send.ts";
import { useHydrated } from "#app/components/use-hydrated.ts";

/** Whether a password alone opens nothing of the organisation's. */
export function SecondFactorSection({ initial }: { initial: boolean }) {
  const hydrated = useHydrated();
  const [required, setRequired] = useState(initial);
  const [saved, setSaved] = useState(false);
  const { busy, problem, act } = useAction();

  function choose(wanted: boolean) {
    setSaved(false);
    void act(() => send("PATCH", "/api/admin/settings", { requiresSecondFactor: wanted })).then((done) => {
      setSaved(done);
      if (done) setRequired(wanted);
    });
  }

  return (
    <Section id="second-factor" title="Second factor">
      <p className="max-w-[65ch] text-ink-soft text-sm">
        Members sign in with a code of an authenticator application beside their password, or with a passkey. Whoever
        has neither reaches nothing but the page where they add one, from their next request on. Who comes by your
        identity provider is exempt: whether a second factor is asked for there is your provider’s to decide.
      </p>
      <label className="mt-3 flex items-center gap-2.5 text-sm">
        <input
          type="checkbox"
          className="size-4 accent-accent"
          checked={required}
          disabled={!hydrated || busy}
          onChange={(event) => choose(event.target.checked)}
        />
        Require a second factor of all members
      </label>
      <div className="mt-2">
        <Problem>{problem}</Problem>
        <p role="status" className="text-ink-soft text-sm">
          {saved ? "Saved." : ""}
        </p>
      </div>
    </Section>
  );
}
