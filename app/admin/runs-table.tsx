import Link from "next/link";
import { textLink } from "#app/components/styles.ts";
import { formatCount } from "#app/conversation/labels.ts";
import type { RunView } from "#lib/ingest-runs/index.ts";
import { durationOf, formatSpan } from "./figures.ts";
import { triggerLabels } from "./labels.ts";
import { cell, headCell, numberCell, numberHead, WideTable } from "./parts.tsx";
import { RunStatusBadge } from "./run-status.tsx";
import { When } from "./when.tsx";

export interface RunsTableProps {
  runs: RunView[];
  /** Of the collections, by slug. */
  titles: Record<string, string>;
  now: Date;
}

/** A table where there is room for one, and a list of cards where there is not. */
export function RunsTable(props: RunsTableProps) {
  return (
    <>
      <ul aria-label="Runs" className="divide-y divide-line border-line border-y lg:hidden">
        {props.runs.map((run) => (
          <RunCard key={run.id} run={run} title={props.titles[run.collection] ?? run.collection} now={props.now} />
        ))}
      </ul>
      <div className="hidden lg:block">
        <RunRows {...props} />
      </div>
    </>
  );
}

function RunCard({ run, title, now }: { run: RunView; title: string; now: Date }) {
  const took = durationOf(run, now);
  return (
    <li className="py-4 text-sm">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <Link href={`/admin/runs/${run.id}`} className={`${textLink} font-medium`}>
          {title}
        </Link>
        <RunStatusBadge run={run} />
      </div>
      <p className="mt-1 break-all text-ink-soft text-xs">{run.requestText}</p>
      <p className="mt-1 text-ink-faint text-xs">
        {triggerLabels[run.trigger]}
        {run.requestedBy && `, ${run.requestedBy}`}, <When at={run.createdAt} />
        {took !== null && ` · took ${formatSpan(took)}`}
      </p>
      <p className="tabular mt-1">
        {formatCount(run.read)} read · {formatCount(run.added)} new · {formatCount(run.updated + run.deleted)} changed
        {run.failed > 0 && <span className="font-medium text-danger"> · {formatCount(run.failed)} failed</span>}
      </p>
    </li>
  );
}

function RunRows({ runs, titles, now }: RunsTableProps) {
  return (
    <WideTable label="Table of runs">
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
