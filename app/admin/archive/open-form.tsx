"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { send } from "#app/components/send.ts";
import { button } from "#app/components/styles.ts";
import { Problem } from "../parts.tsx";
import { useAction } from "../use-action.ts";
import { noReason, ReasonFields } from "./reason-fields.tsx";

/** Asks why, before anything is shown. */
export function OpenForm({ conversationId }: { conversationId: string }) {
  const router = useRouter();
  const [reason, setReason] = useState(noReason);
  const { busy, problem, act } = useAction();
  return (
    <form
      aria-label="Why you read this conversation"
      className="mt-5 grid max-w-xl gap-3 rounded-lg border border-line bg-panel p-4"
      onSubmit={(event) => {
        event.preventDefault();
        void act(async () => {
          await send("POST", `/api/admin/archive/${encodeURIComponent(conversationId)}/open`, reason);
          router.refresh();
        });
      }}
    >
      <p className="text-ink-soft text-sm">
        It is somebody else's. Say why you read it: the reason is recorded in the audit log with your name before
        anything is shown, and holds for 30 minutes.
      </p>
      <ReasonFields reason={reason} onChange={setReason} />
      <Problem>{problem}</Problem>
      <button type="submit" className={`${button.primary} w-fit`} disabled={busy}>
        Record and read
      </button>
    </form>
  );
}
