import Link from "next/link";
import { textLink } from "#app/components/styles.ts";
import { formatCount } from "#app/conversation/labels.ts";
import type { RunDetail } from "#lib/ingest-runs/index.ts";
import { durationOf, formatSpan } from "./figures.ts";
import { triggerLabels } from "./labels.ts";
import { Fact, Facts } from "./parts.tsx";
import { Moment, useNow } from "./when.tsx";

/** Who asked for a run, how long it has been at it, and what it has counted. */
export function RunFigures({ run }: { run: RunDetail }) {
  const now = useNow(1_000, run.startedAt === null || run.finishedAt !== null);
  const took = durationOf(run, now);
  const isEmbedding = run.kind === "embed";
  return (
    <>
      <Facts>
        <Fact name="Started by">
          {triggerLabels[run.trigger]}
          {run.requestedBy && `, ${run.requestedBy}`}
          {run.retryOf && (
            <>
              {" of "}
              <Link href={`/admin/runs/${run.retryOf}`} className={textLink}>
                an earlier run
              </Link>
            </>
          )}
        </Fact>
        <Fact name="Asked for">
          <Moment at={run.createdAt} />
        </Fact>
        <Fact name={run.finishedAt ? "Took" : "Running for"}>
          <span suppressHydrationWarning>{took === null ? "–" : formatSpan(took)}</span>
        </Fact>
        {run.attempts > 1 && <Fact name="Attempts">{formatCount(run.attempts)}</Fact>}
        {run.worker && (
          <Fact name="Worker">
            <span className="break-all">{run.worker}</span>
          </Fact>
        )}
      </Facts>
      <div className="mt-5 rounded-lg border border-line bg-panel px-4 pt-1 pb-4">
        <Facts>
          <Fact name={isEmbedding ? "Passages" : "Records read"}>{formatCount(run.read)}</Fact>
          {!isEmbedding && <Fact name={run.dryRun ? "Would be new" : "New"}>{formatCount(run.added)}</Fact>}
          {!isEmbedding && <Fact name={run.dryRun ? "Would change" : "Changed"}>{formatCount(run.updated)}</Fact>}
          {!isEmbedding && <Fact name="Unchanged">{formatCount(run.unchanged)}</Fact>}
          {!isEmbedding && <Fact name={run.dryRun ? "Would be deleted" : "Deleted"}>{formatCount(run.deleted)}</Fact>}
          {!isEmbedding && <Fact name="Marked by others">{formatCount(run.marked)}</Fact>}
          <Fact name={isEmbedding ? "Vectors made" : "Passages"}>{formatCount(run.chunks)}</Fact>
          {!isEmbedding && <Fact name="Vectors reused">{formatCount(run.reused)}</Fact>}
          <Fact name="Failed">
            <span className={run.failed > 0 ? "text-danger" : ""}>{formatCount(run.failed)}</span>
            {run.failed > run.unresolved && (
              <span className="text-ink-soft"> ({formatCount(run.failed - run.unresolved)} taken in since)</span>
            )}
          </Fact>
        </Facts>
      </div>
    </>
  );
}
