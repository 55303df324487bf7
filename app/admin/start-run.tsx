"use client";

import { useRouter } from "next/navigation";
import { send } from "#app/components/send.ts";
import { button } from "#app/components/styles.ts";
import type { SourceType } from "#lib/domain.ts";
import type { RunView } from "#lib/ingest-runs/index.ts";
import { Problem } from "./parts.tsx";
import { SourceFields } from "./source-fields.tsx";
import { useAction } from "./use-action.ts";
import { useSource } from "./use-source.ts";

/** Asks for a run and goes on to its page. */
export function StartRun({ slug, sourceType }: { slug: string; sourceType: SourceType }) {
  const router = useRouter();
  const source = useSource(sourceType);
  const { busy, problem, act } = useAction();

  function start(dryRun: boolean) {
    void act(async () => {
      const run = await send<RunView>("POST", `/api/admin/collections/${encodeURIComponent(slug)}/runs`, {
        request: source.request(),
        dryRun,
      });
      router.push(`/admin/runs/${run.id}`);
    });
  }

  return (
    <form
      className="grid max-w-2xl gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        start(false);
      }}
    >
      <SourceFields {...source.fields} />
      <Problem>{problem}</Problem>
      <div className="flex flex-wrap items-center gap-2">
        <button type="submit" className={button.primary} disabled={busy}>
          Start the run
        </button>
        <button type="button" className={button.secondary} disabled={busy} onClick={() => start(true)}>
          Dry run
        </button>
        <p className="text-ink-faint text-xs">A dry run says what would change and writes nothing.</p>
      </div>
    </form>
  );
}
