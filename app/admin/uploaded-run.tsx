"use client";

import type { RunDetail, RunView } from "#lib/ingest-runs/index.ts";
import { isOpen } from "./labels.ts";
import { Problem } from "./parts.tsx";
import { RunFiles } from "./run-files.tsx";
import { RunStatusBadge } from "./run-status.tsx";
import { usePolled } from "./use-polled.ts";
import type { UploadFile } from "./use-upload.ts";

/** The run over an upload, followed to its end, with what came of each file; the refused ones are not forgotten. */
export function UploadedRun({ run: initial, refused }: { run: RunView; refused: UploadFile[] }) {
  const { value: run, problem } = usePolled<RunView | RunDetail>(`/api/admin/runs/${initial.id}`, initial, isOpen);
  return (
    <div className="w-full">
      <div role="status" aria-label="Status of the run">
        <RunStatusBadge run={run} />
      </div>
      <Problem>{problem ?? run.error}</Problem>
      <RunFiles run={run} initial={[]} />
      {refused.length > 0 && (
        <ul aria-label="Refused files" className="mt-2 grid gap-1 text-danger text-sm">
          {refused.map(({ name, problem }) => (
            <li key={name}>
              {name} was not sent: {problem}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
