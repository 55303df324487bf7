import { Badge } from "#app/components/badges.tsx";
import type { RunView } from "#lib/ingest-runs/index.ts";
import { runStatusLabels, wantedLabels } from "./labels.ts";

export function RunStatusBadge({ run }: { run: Pick<RunView, "status" | "wanted" | "dryRun"> }) {
  const tone = run.status === "failed" ? "danger" : run.status === "interrupted" ? "caution" : "plain";
  return (
    <span className="inline-flex flex-wrap gap-1">
      <Badge tone={tone}>
        <span
          aria-hidden="true"
          className={`size-1.5 rounded-full ${run.status === "running" ? "bg-accent" : run.status === "complete" ? "bg-accent/55" : tone === "plain" ? "bg-line-strong" : "bg-current"}`}
        />
        {run.wanted ? `${wantedLabels[run.wanted]} …` : runStatusLabels[run.status]}
      </Badge>
      {run.dryRun && <Badge>Dry run</Badge>}
    </span>
  );
}
