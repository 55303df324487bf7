import Link from "next/link";
import { textLink } from "#app/components/styles.ts";
import { formatCount } from "#app/conversation/labels.ts";
import type { RunView } from "#lib/ingest-runs/index.ts";
import { durationOf, formatSpan } from "./figures.ts";
import { triggerLabels } from "./labels.ts";
import { cell, headCell, numberCell, numberHead, WideTable } from "./parts.tsx";
import { RunStatusBadge } from "./run-status.tsx";
import { When } from "./when.tsx";

export function RunsTable({ runs, titles, now }: { runs: RunView[]; titles: Record<string, string>; now: Date }) {
  return (
    <WideTable label="Runs">
      <thead className="border-line border-b">
        <tr>
          <th className={headCell}>Run</th>
          <th className={headCell}>Status</th>
          <th className={headCell}>Started by</th>
          <th className={numberHead}>Took</th>
          <th className={numberHead}>Read</th>
          <th className={numberHead}>New</th>
          <th className={numberHead}>Changed</th>
          <th className={numberHead}>Failed</th>
        </tr>
      </thead>
      <tbody className="divide-y divide-line">
        {runs.map((run) => {
          const took = durationOf(run, now);
          return (
            <tr key={run.id}>
              <td className={`${cell} min-w-56`}>
                <Link href={`/admin/runs/${run.id}`} className={`${textLink} font-medium`}>
                  {titles[run.collection] ?? run.collection}
                </Link>
                <span className="line-clamp-2 break-all text-ink-soft text-xs">{run.requestText}</span>
              </td>
              <td className={cell}>
                <RunStatusBadge run={run} />
              </td>
              <td className={`${cell} min-w-36`}>
                {triggerLabels[run.trigger]}
                <span className="block text-ink-faint text-xs">
                  {run.requestedBy && `${run.requestedBy}, `}
                  <When at={run.createdAt} />
                </span>
              </td>
              <td className={numberCell}>{took === null ? "–" : formatSpan(took)}</td>
              <td className={numberCell}>{formatCount(run.read)}</td>
              <td className={numberCell}>{formatCount(run.added)}</td>
              <td className={numberCell}>{formatCount(run.updated + run.deleted)}</td>
              <td className={`${numberCell} ${run.failed > 0 ? "font-medium text-danger" : ""}`}>
                {formatCount(run.failed)}
              </td>
            </tr>
          );
        })}
      </tbody>
    </WideTable>
  );
}
