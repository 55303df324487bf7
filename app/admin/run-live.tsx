"use client";

import type { FailurePage, RunDetail, UploadedFileView } from "#lib/ingest-runs/index.ts";
import { Failures } from "./failures.tsx";
import { isOpen } from "./labels.ts";
import { Problem, Section } from "./parts.tsx";
import { RateFigure } from "./rate-figure.tsx";
import { RunActions } from "./run-actions.tsx";
import { RunFigures } from "./run-figures.tsx";
import { RunFiles } from "./run-files.tsx";
import { RunStatusBadge } from "./run-status.tsx";
import { usePolled } from "./use-polled.ts";

export interface RunLiveProps {
  initial: RunDetail;
  failures: FailurePage;
  files: UploadedFileView[];
}

/** A run as it goes: read again every two seconds until it has ended. */
export function RunLive({ initial, failures, files }: RunLiveProps) {
  const path = `/api/admin/runs/${initial.id}`;
  // Paused and failed runs change when somebody acts here; another's hand shows at the next visit.
  const { value: run, problem, refresh } = usePolled<RunDetail>(path, initial, isOpen);
  const { position } = run;
  return (
    <>
      <div className="mt-3 flex flex-wrap items-center justify-between gap-3">
        <div role="status" aria-label="Status of the run">
          <RunStatusBadge run={run} />
        </div>
        <RunActions run={run} onDone={refresh} />
      </div>
      <div className="mt-3 grid gap-2">
        {problem && <Problem>{`What follows may be out of date. ${problem}`}</Problem>}
        {run.error && <Problem>{run.error}</Problem>}
        {isOpen(run) && (position.input || position.note) && (
          <p className="break-words rounded-md bg-panel px-3 py-2 text-ink-soft text-sm">
            {position.input && <span className="break-all font-medium text-ink">{position.input}</span>}
            {position.input && position.note && " – "}
            {position.note}
          </p>
        )}
      </div>
      <RunFigures run={run} />
      {(run.trigger === "upload" || files.length > 0) && <RunFiles run={run} initial={files} />}
      <Section id="rates" title="Rates">
        <RateFigure progress={run.progress} rates={run.rates} />
      </Section>
      <Section id="failures" title="Failed records">
        <Failures run={run} initial={failures} />
      </Section>
    </>
  );
}
