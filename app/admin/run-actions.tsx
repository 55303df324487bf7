"use client";

import { useRouter } from "next/navigation";
import { send } from "#app/components/send.ts";
import { button } from "#app/components/styles.ts";
import { counted } from "#app/conversation/labels.ts";
import type { RunDetail, RunView } from "#lib/ingest-runs/index.ts";
import { ConfirmButton } from "./confirm-button.tsx";
import { Problem } from "./parts.tsx";
import { useAction } from "./use-action.ts";

/** What may be done with a run now; the run itself says what that is. */
export function RunActions({ run, onDone }: { run: RunDetail; onDone: () => Promise<void> }) {
  const router = useRouter();
  const { busy, problem, act } = useAction();
  const path = `/api/admin/runs/${run.id}`;
  const may = (action: RunView["actions"][number]) => run.actions.includes(action);
  const ask = (action: "pause" | "resume") =>
    act(async () => {
      await send("POST", `${path}/${action}`, {});
      await onDone();
    });
  return (
    <div className="grid justify-items-end gap-2">
      <div className="flex flex-wrap gap-2">
        {may("retry") && (
          <button
            type="button"
            className={button.primary}
            disabled={busy}
            onClick={() =>
              void act(async () => {
                const { id } = await send<RunView>("POST", `${path}/retry`, {});
                router.push(`/admin/runs/${id}`);
              })
            }
          >
            Retry {counted(run.unresolved, "failed record")}
          </button>
        )}
        {may("resume") && (
          <button type="button" className={button.primary} disabled={busy} onClick={() => void ask("resume")}>
            Resume
          </button>
        )}
        {may("pause") && (
          <button type="button" className={button.secondary} disabled={busy} onClick={() => void ask("pause")}>
            Pause
          </button>
        )}
        {may("cancel") && (
          <ConfirmButton
            title="Cancel this run?"
            description="It ends for good and cannot be resumed. What it has taken in stays."
            confirm="Cancel the run"
            grave
            onConfirm={async () => {
              await send("POST", `${path}/cancel`, {});
              await onDone();
            }}
          >
            Cancel
          </ConfirmButton>
        )}
      </div>
      <Problem>{problem}</Problem>
    </div>
  );
}
