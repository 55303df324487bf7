"use client";

import { useEffect } from "react";
import type { RunView, UploadedFileView } from "#lib/ingest-runs/index.ts";
import { formatBytes } from "./figures.ts";
import { fileResultLabels, isOpen } from "./labels.ts";
import { Problem, Section } from "./parts.tsx";
import { usePolled } from "./use-polled.ts";

/** What has come of each uploaded file; followed while the run goes on. */
export function RunFiles({ run, initial }: { run: RunView; initial: UploadedFileView[] }) {
  const open = isOpen(run);
  const { value: files, problem, refresh } = usePolled(`/api/admin/runs/${run.id}/files`, initial, () => open);
  // The last look may lie before the end.
  useEffect(() => {
    if (!open) void refresh();
  }, [open, refresh]);
  return (
    <Section id="files" title="Files">
      <Problem>{problem}</Problem>
      <ul aria-label="Uploaded files" className="divide-y divide-line">
        {files.map((file) => (
          <li key={file.key} className="grid gap-x-6 gap-y-0.5 py-2.5 text-sm sm:grid-cols-[1fr_1fr]">
            <span className="min-w-0 break-words font-medium">
              {file.name} <span className="tabular font-normal text-ink-faint">{formatBytes(file.size)}</span>
            </span>
            <span className={file.result === "failed" ? "text-danger" : "text-ink-soft"}>
              {fileResultLabels[file.result]}
              {file.reason && `: ${file.reason}`}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
