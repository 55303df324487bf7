"use client";

import { send } from "#app/components/send.ts";
import { button, textLink } from "#app/components/styles.ts";
import { counted, formatCount } from "#app/conversation/labels.ts";
import type { JobView } from "#lib/archive/views.ts";
import { actionLabels, jobLabels } from "./archive/words.ts";
import { formatBytes } from "./figures.ts";
import { Problem } from "./parts.tsx";
import { useAction } from "./use-action.ts";
import { When } from "./when.tsx";

/** Somebody's own jobs: how far each is, what came of it, its file. */
export function JobList({ jobs, path, onChange }: { jobs: JobView[]; path: string; onChange: () => Promise<void> }) {
  const { busy, problem, act } = useAction();
  if (jobs.length === 0) return null;
  const cancel = (id: string) =>
    act(async () => {
      await send("DELETE", `${path}/${encodeURIComponent(id)}`);
      await onChange();
    });
  return (
    <>
      <ul aria-label="Your jobs" className="mt-5 divide-y divide-line border-line border-y text-sm">
        {jobs.map((job) => (
          <li key={job.id} className="flex flex-wrap items-center gap-x-4 gap-y-1 py-2.5">
            <span className="min-w-0 flex-1 basis-72">
              <span className="font-medium">{nameOf(job)}</span>, {jobLabels[job.status]}: {progressOf(job)} (
              <When at={job.createdAt} />){job.error && <span className="block text-danger">{job.error}</span>}
              {job.outcome.length > 0 && (
                <details className="mt-1">
                  <summary className="w-fit text-ink-soft">What was not changed</summary>
                  <ul className="mt-1 grid gap-0.5 text-ink-soft text-xs">
                    {job.outcome.map(({ id, why }) => (
                      <li key={id}>
                        {id}: {why}
                      </li>
                    ))}
                  </ul>
                </details>
              )}
            </span>
            {job.downloadUntil && (
              <a href={`${path}/${encodeURIComponent(job.id)}/file`} download className={textLink}>
                Download ({formatBytes(job.bytes)})
              </a>
            )}
            {(job.status === "queued" || job.status === "running") && (
              <button
                type="button"
                className={button.quiet}
                disabled={busy || job.cancelRequested}
                aria-label={`Cancel: ${nameOf(job)}`}
                onClick={() => void cancel(job.id)}
              >
                {job.cancelRequested ? "Ending…" : "Cancel"}
              </button>
            )}
          </li>
        ))}
      </ul>
      <Problem>{problem}</Problem>
    </>
  );
}

function nameOf({ kind, what }: JobView): string {
  if (kind === "own-data") return "Your data";
  if (kind === "export") return `Export as ${what === "csv" ? "CSV" : "JSON lines"}`;
  return actionLabels[what as keyof typeof actionLabels] ?? what;
}

function progressOf({ counts, kind }: JobView): string {
  const { conversations, messages, refused, total } = counts;
  const also =
    kind === "change" ? (refused > 0 ? `, ${refused} not changed` : "") : `, ${counted(messages, "message")}`;
  const done = total === null ? "" : `${formatCount(conversations)} of `;
  return `${done}${counted(total ?? conversations, "conversation")}${also}`;
}
