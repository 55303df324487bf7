"use client";

import { useRouter } from "next/navigation";
import { useEffect, useId, useState } from "react";
import { send } from "#app/components/send.ts";
import { button, field } from "#app/components/styles.ts";
import type { SourceType } from "#lib/domain.ts";
import { cronPresets } from "./cron-presets.ts";
import { Problem } from "./parts.tsx";
import { SourceFields } from "./source-fields.tsx";
import { useAction } from "./use-action.ts";
import { useSource } from "./use-source.ts";

const own = "own";

export function NewSchedule({ slug, sourceType }: { slug: string; sourceType: SourceType }) {
  const [isOpen, setOpen] = useState(false);
  if (!isOpen) {
    return (
      <button type="button" className={`${button.secondary} mt-2`} onClick={() => setOpen(true)}>
        New schedule
      </button>
    );
  }
  return <ScheduleForm slug={slug} sourceType={sourceType} onClose={() => setOpen(false)} />;
}

function ScheduleForm({ slug, sourceType, onClose }: { slug: string; sourceType: SourceType; onClose: () => void }) {
  const router = useRouter();
  const source = useSource(sourceType);
  const [preset, setPreset] = useState<string>(cronPresets[0]?.[0] ?? own);
  const [cron, setCron] = useState("");
  const [timeZone, setTimeZone] = useState("UTC");
  const { busy, problem, act } = useAction();
  const id = useId();
  useEffect(() => setTimeZone(Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC"), []);

  async function create() {
    const isDone = await act(() =>
      send("POST", `/api/admin/collections/${encodeURIComponent(slug)}/schedules`, {
        request: source.request(),
        cron: preset === own ? cron : preset,
        timeZone,
      }),
    );
    if (!isDone) return;
    router.refresh();
    onClose();
  }

  return (
    <form
      aria-label="New schedule"
      className="mt-3 grid max-w-2xl gap-4 rounded-lg border border-line bg-panel p-4"
      onSubmit={(event) => {
        event.preventDefault();
        void create();
      }}
    >
      <SourceFields {...source.fields} />
      <div className="grid gap-4 sm:grid-cols-2">
        <div className="grid content-start gap-1.5">
          <label htmlFor={`${id}-when`} className="font-medium text-sm">
            When
          </label>
          <select
            id={`${id}-when`}
            className={field}
            value={preset}
            onChange={(event) => setPreset(event.target.value)}
          >
            {cronPresets.map(([value, label]) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
            <option value={own}>At other times …</option>
          </select>
        </div>
        <div className="grid content-start gap-1.5">
          <label htmlFor={`${id}-zone`} className="font-medium text-sm">
            Time zone
          </label>
          <input
            id={`${id}-zone`}
            className={field}
            value={timeZone}
            onChange={(event) => setTimeZone(event.target.value)}
          />
        </div>
        {preset === own && (
          <div className="grid gap-1.5 sm:col-span-2">
            <label htmlFor={`${id}-cron`} className="font-medium text-sm">
              Minute, hour, day of month, month, day of week
            </label>
            <input
              id={`${id}-cron`}
              className={`${field} tabular`}
              value={cron}
              placeholder="30 2 * * 1"
              aria-describedby={`${id}-cron-hint`}
              onChange={(event) => setCron(event.target.value)}
            />
            <p id={`${id}-cron-hint`} className="text-ink-faint text-xs">
              Five fields as cron takes them; 30 2 * * 1 is every Monday at 02:30.
            </p>
          </div>
        )}
      </div>
      <Problem>{problem}</Problem>
      <div className="flex flex-wrap gap-2">
        <button type="submit" className={button.primary} disabled={busy}>
          Create the schedule
        </button>
        <button type="button" className={button.secondary} onClick={onClose}>
          Cancel
        </button>
      </div>
    </form>
  );
}
