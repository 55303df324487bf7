import Link from "next/link";
import { textLink } from "#app/components/styles.ts";
import type { ScheduleView } from "#lib/ingest-runs/index.ts";
import { runStatusLabels } from "./labels.ts";
import { When } from "./when.tsx";

export function ScheduleLastRun({ run }: { run: NonNullable<ScheduleView["lastRun"]> }) {
  return (
    <>
      {" · last "}
      <Link href={`/admin/runs/${run.id}`} className={textLink}>
        <When at={run.createdAt} />
      </Link>
      {`, ${runStatusLabels[run.status].toLowerCase()}`}
    </>
  );
}
