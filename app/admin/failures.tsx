"use client";

import Link from "next/link";
import { useEffect, useRef, useState } from "react";
import { messageOf, send } from "#app/components/send.ts";
import { button, textLink } from "#app/components/styles.ts";
import { formatCount } from "#app/conversation/labels.ts";
import type { FailurePage, FailureView, RunView } from "#lib/ingest-runs/index.ts";
import { failureCodeLabels, isOpen } from "./labels.ts";
import { cell, Empty, headCell, numberCell, numberHead, Problem, WideTable } from "./parts.tsx";

/** A run's failed records, a page at a time; read again when the run counts others or has come to another state. */
export function Failures({ run, initial }: { run: RunView; initial: FailurePage }) {
  const [page, setPage] = useState(initial);
  const [onlyUnresolved, setOnlyUnresolved] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const shown = `${run.failed} ${run.unresolved} ${run.status}`;
  const seen = useRef(shown);
  const { total, limit, offset } = page;

  async function read(from: number, unresolvedOnly: boolean) {
    try {
      const query = new URLSearchParams({ limit: String(limit), offset: String(from) });
      if (unresolvedOnly) query.set("unresolved", "true");
      setPage(await send<FailurePage>("GET", `/api/admin/runs/${run.id}/failures?${query}`));
      setProblem(null);
    } catch (error) {
      setProblem(messageOf(error));
    }
  }

  // biome-ignore lint/correctness/useExhaustiveDependencies: read anew only when the run's own figures have changed
  useEffect(() => {
    if (seen.current === shown) return;
    seen.current = shown;
    void read(offset, onlyUnresolved);
  }, [shown]);

  if (total === 0 && !onlyUnresolved) {
    return (
      <>
        <Problem>{problem}</Problem>
        <Empty>{isOpen(run) ? "None so far." : "None."}</Empty>
      </>
    );
  }
  return (
    <>
      <Problem>{problem}</Problem>
      <label className="mb-2 flex w-fit items-center gap-2 text-sm">
        <input
          type="checkbox"
          className="size-4 accent-accent"
          checked={onlyUnresolved}
          onChange={(event) => {
            setOnlyUnresolved(event.target.checked);
            void read(0, event.target.checked);
          }}
        />
        Only what no later run has taken in
      </label>
      {page.failures.length === 0 ? (
        <Empty>None.</Empty>
      ) : (
        <WideTable label="Table of failed records">
          <thead className="border-line border-b">
            <tr>
              <th className={headCell}>File</th>
              <th className={numberHead}>Record</th>
              <th className={headCell}>Id</th>
              <th className={headCell}>What was wrong</th>
              <th className={headCell}>Taken in by</th>
            </tr>
          </thead>
          <tbody className="divide-y divide-line">
            {page.failures.map((failure) => (
              <FailureRow key={failure.id} failure={failure} />
            ))}
          </tbody>
        </WideTable>
      )}
      {total > limit && (
        <nav aria-label="Pages of failures" className="tabular mt-3 flex items-center gap-2 text-ink-soft text-sm">
          {formatCount(offset + 1)}–{formatCount(Math.min(total, offset + limit))} of {formatCount(total)}
          <button
            type="button"
            className={button.quiet}
            disabled={offset === 0}
            onClick={() => void read(Math.max(0, offset - limit), onlyUnresolved)}
          >
            Before
          </button>
          <button
            type="button"
            className={button.quiet}
            disabled={offset + limit >= total}
            onClick={() => void read(offset + limit, onlyUnresolved)}
          >
            After
          </button>
        </nav>
      )}
    </>
  );
}

function FailureRow({ failure }: { failure: FailureView }) {
  const { file, record, sourceId, code, reason, resolvedBy } = failure;
  return (
    <tr>
      <td className={`${cell} min-w-40 break-all`} title={file}>
        {file.split("/").at(-1)}
      </td>
      <td className={numberCell}>{record === null ? "–" : formatCount(record)}</td>
      <td className={`${cell} break-all`}>{sourceId ?? "–"}</td>
      <td className={`${cell} min-w-64`}>
        <span className="font-medium">{failureCodeLabels[code] ?? code}</span>
        <span className="block text-ink-soft">{reason}</span>
      </td>
      <td className={cell}>
        {resolvedBy ? (
          <Link href={`/admin/runs/${resolvedBy}`} className={textLink}>
            A later run
          </Link>
        ) : (
          "–"
        )}
      </td>
    </tr>
  );
}
