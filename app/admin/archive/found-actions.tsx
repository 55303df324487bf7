"use client";

import { useId, useState } from "react";
import { send } from "#app/components/send.ts";
import { button, field } from "#app/components/styles.ts";
import { type ExportForm, exportForms, type JobView } from "#lib/archive/views.ts";
import { JobList } from "../job-list.tsx";
import { Problem, Section } from "../parts.tsx";
import { useAction } from "../use-action.ts";
import { usePolled } from "../use-polled.ts";
import type { ArchiveQuery } from "./address.ts";
import { ChangeForm } from "./change-form.tsx";
import { noReason, ReasonFields } from "./reason-fields.tsx";

const isOpen = ({ jobs }: { jobs: JobView[] }) =>
  jobs.some(({ status }) => status === "queued" || status === "running");

/** What can be done with all that is found: a worker does it, and the page tells how far it is. */
export function FoundActions({ query, initial }: { query: ArchiveQuery; initial: JobView[] }) {
  const { value, refresh, problem } = usePolled("/api/admin/archive/jobs", { jobs: initial }, isOpen);
  return (
    <Section id="found" title="All that is found">
      <div className="grid gap-6 lg:grid-cols-2">
        <details>
          <summary className="w-fit font-medium">Export</summary>
          <div className="mt-3">
            <ExportFound query={query} onAsked={refresh} />
          </div>
        </details>
        <details>
          <summary className="w-fit font-medium">Change</summary>
          <div className="mt-3">
            <ChangeForm
              label="Change all that is found"
              onChange={async (change) => {
                await send("POST", "/api/admin/archive/changes", { ...change, filter: query });
                await refresh();
              }}
            />
          </div>
        </details>
      </div>
      <Problem>{problem}</Problem>
      <JobList jobs={value.jobs} path="/api/admin/archive/jobs" onChange={refresh} />
    </Section>
  );
}

function ExportFound({ query, onAsked }: { query: ArchiveQuery; onAsked: () => Promise<void> }) {
  const id = useId();
  const [form, setForm] = useState<ExportForm>("csv");
  const [reason, setReason] = useState(noReason);
  const { busy, problem, act } = useAction();
  return (
    <form
      aria-label="Export all that is found"
      className="grid max-w-xl gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        void act(async () => {
          await send("POST", "/api/admin/archive/exports", { filter: query, form, reason });
          setReason(noReason);
          await onAsked();
        });
      }}
    >
      <label htmlFor={`${id}-form`} className="grid gap-1">
        <span className="label-caps">Form</span>
        <select
          id={`${id}-form`}
          className={field}
          value={form}
          onChange={(event) => setForm(event.target.value as ExportForm)}
        >
          {exportForms.map((one) => (
            <option key={one} value={one}>
              {one === "csv" ? "CSV, for spreadsheets" : "JSON lines"}
            </option>
          ))}
        </select>
      </label>
      <ReasonFields reason={reason} onChange={setReason} />
      <Problem>{problem}</Problem>
      <button type="submit" className={`${button.secondary} w-fit`} disabled={busy}>
        Ask for the export
      </button>
    </form>
  );
}
