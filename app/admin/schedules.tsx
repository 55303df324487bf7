"use client";

import { useRouter } from "next/navigation";
import { send } from "#app/components/send.ts";
import { button } from "#app/components/styles.ts";
import type { ScheduleView } from "#lib/ingest-runs/index.ts";
import { ConfirmButton } from "./confirm-button.tsx";
import { cronInWords } from "./cron-presets.ts";
import { Empty, Problem } from "./parts.tsx";
import { ScheduleLastRun } from "./schedule-last-run.tsx";
import { useAction } from "./use-action.ts";
import { Moment } from "./when.tsx";

/** A collection's schedules: when each is due next, on and off, and away. */
export function Schedules({ schedules }: { schedules: ScheduleView[] }) {
  if (schedules.length === 0) return <Empty>Nothing is read into this collection by itself yet.</Empty>;
  return (
    <ul className="divide-y divide-line">
      {schedules.map((schedule) => (
        <ScheduleItem key={schedule.id} schedule={schedule} />
      ))}
    </ul>
  );
}

function ScheduleItem({ schedule }: { schedule: ScheduleView }) {
  const { id, requestText, cron, timeZone, enabled, nextAt, lastRun } = schedule;
  const router = useRouter();
  const { busy, problem, act } = useAction();
  const path = `/api/admin/schedules/${id}`;
  return (
    <li className="flex flex-wrap items-start justify-between gap-x-6 gap-y-2 py-3">
      <div className="min-w-0">
        <p className="break-words font-medium">{requestText}</p>
        <p className="mt-0.5 text-ink-soft text-sm">
          {cronInWords(cron) ?? <code>{cron}</code>}, {timeZone}
        </p>
        <p className="mt-0.5 text-ink-faint text-sm">
          {nextAt ? (
            <>
              Next due <Moment at={nextAt} />
            </>
          ) : (
            "Disabled: it is never due"
          )}
          {lastRun && <ScheduleLastRun run={lastRun} />}
        </p>
        <Problem>{problem}</Problem>
      </div>
      <div className="flex gap-2">
        <button
          type="button"
          className={button.secondary}
          disabled={busy}
          aria-label={`${enabled ? "Disable" : "Enable"} the schedule ${requestText}`}
          onClick={() =>
            void act(async () => {
              await send("PATCH", path, { enabled: !enabled });
              router.refresh();
            })
          }
        >
          {enabled ? "Disable" : "Enable"}
        </button>
        <ConfirmButton
          label={`Delete the schedule ${requestText}`}
          title="Delete this schedule?"
          description={`“${requestText}” will not be read by itself any more. Runs it has started go on.`}
          confirm="Delete"
          grave
          onConfirm={async () => {
            await send("DELETE", path);
            router.refresh();
          }}
        >
          Delete
        </ConfirmButton>
      </div>
    </li>
  );
}
