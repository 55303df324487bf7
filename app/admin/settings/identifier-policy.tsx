"use client";

import { useState } from "react";
import { Problem, Section } from "#app/admin/parts.tsx";
import { useAction } from "#app/admin/use-action.ts";
import { send } from "#app/components/send.ts";
import { useHydrated } from "#app/components/use-hydrated.ts";
import { type IdentifierPolicy, identifierPolicies } from "#lib/phi/index.ts";

const words: Record<IdentifierPolicy, { name: string; text: string }> = {
  redact: { name: "Replace", text: "What is found is replaced by placeholders before anything else happens." },
  warn: {
    name: "Replace, and let people correct",
    text: "What is found is replaced, but whoever asks may say that something is no identifier.",
  },
  refuse: { name: "Refuse", text: "A question with an identifier is not taken, and nothing of it is stored." },
};

/** What is done with patient identifiers in questions. */
export function IdentifierPolicySection({ initial }: { initial: IdentifierPolicy }) {
  const hydrated = useHydrated();
  const [policy, setPolicy] = useState(initial);
  const [saved, setSaved] = useState(false);
  const { busy, problem, act } = useAction();

  function choose(chosen: IdentifierPolicy) {
    const before = policy;
    setPolicy(chosen);
    setSaved(false);
    void act(() => send("PUT", "/api/admin/identifier-policy", { policy: chosen })).then((done) => {
      setSaved(done);
      if (!done) setPolicy(before);
    });
  }

  return (
    <Section id="identifiers" title="Patient identifiers">
      <fieldset className="grid gap-2" disabled={!hydrated || busy}>
        <legend className="mb-2 max-w-[65ch] text-ink-soft text-sm">
          Names, dates, numbers and addresses of patients are found in questions by rules. They reach no model, cache or
          log; those who take part in a conversation go on seeing their own words.
        </legend>
        {identifierPolicies.map((one) => (
          <label key={one} className="flex items-start gap-2.5 text-sm">
            <input
              type="radio"
              name="identifier-policy"
              className="mt-0.5 size-4 shrink-0 accent-accent"
              checked={policy === one}
              onChange={() => choose(one)}
            />
            <span>
              <span className="font-medium">{words[one].name}</span>
              <span className="block text-ink-soft">{words[one].text}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <p role="status" className="mt-2 text-ink-soft text-sm">
        {saved ? "Saved." : ""}
      </p>
      <Problem>{problem}</Problem>
    </Section>
  );
}
