"use client";

import { useId, useState } from "react";
import { JobList } from "#app/admin/job-list.tsx";
import { Problem, Section } from "#app/admin/parts.tsx";
import { useAction } from "#app/admin/use-action.ts";
import { usePolled } from "#app/admin/use-polled.ts";
import { send } from "#app/components/send.ts";
import { button, field } from "#app/components/styles.ts";
import { counted } from "#app/conversation/labels.ts";
import type { JobView } from "#lib/archive/views.ts";

const isOpen = ({ jobs }: { jobs: JobView[] }) =>
  jobs.some(({ status }) => status === "queued" || status === "running");

/** What one may ask for of one's own: a copy, and the end of it. */
export function YourData({ initial, email, graceDays }: { initial: JobView[]; email: string; graceDays: number }) {
  const { value, refresh } = usePolled("/api/privacy/exports", { jobs: initial }, isOpen);
  const { busy, problem, act } = useAction();
  return (
    <>
      <Section id="copy" title="A copy">
        <p className="mb-3 max-w-[65ch] text-ink-soft">
          All that is kept of you, as JSON lines: your profile, sign-ins, conversations, and what you said of answers.
          The file can be downloaded for a day.
        </p>
        <button
          type="button"
          className={button.secondary}
          disabled={busy}
          onClick={() =>
            void act(async () => {
              await send("POST", "/api/privacy/exports");
              await refresh();
            })
          }
        >
          Ask for a copy
        </button>
        <Problem>{problem}</Problem>
        <JobList jobs={value.jobs} path="/api/privacy/exports" onChange={refresh} />
      </Section>
      <EraseForm email={email} graceDays={graceDays} />
    </>
  );
}

function EraseForm({ email, graceDays }: { email: string; graceDays: number }) {
  const id = useId();
  const [typed, setTyped] = useState("");
  const { busy, problem, act } = useAction();
  return (
    <Section id="erase" title="Erase my account">
      <form
        aria-label="Erase my account"
        className="grid max-w-xl gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          void act(async () => {
            await send("POST", "/api/privacy/erase", { email: typed });
            window.location.assign("/sign-in");
          });
        }}
      >
        <p className="max-w-[65ch] text-ink-soft">
          You are signed out everywhere at once, and nobody can bring the account back. Your name and address are
          replaced; your conversations are deleted {counted(graceDays, "day")} later, unless they must be kept for
          longer; what you said of answers loses its words. The audit log keeps an id without a name. Conversations that
          others take part in are to be handed over, or deleted, first.
        </p>
        <label htmlFor={`${id}-email`} className="grid gap-1">
          <span className="label-caps">Your e-mail address, to confirm</span>
          <input
            id={`${id}-email`}
            type="email"
            required
            autoComplete="off"
            className={field}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
        </label>
        <Problem>{problem}</Problem>
        <button
          type="submit"
          className={`${button.danger} w-fit`}
          disabled={busy || typed.trim().toLowerCase() !== email.toLowerCase()}
        >
          Erase my account
        </button>
      </form>
    </Section>
  );
}
