"use client";

import { useState } from "react";
import { messageOf, send } from "#app/components/send.ts";
import { button } from "#app/components/styles.ts";
import { ConfirmRow } from "./confirm-row.tsx";

/** The way out of a conversation; an owner hands it over first. `path` is the reader's own among the participants. */
export function Leave({ path, isOwner }: { path: string; isOwner: boolean }) {
  const [asked, setAsked] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  if (isOwner) {
    return (
      <p className="text-ink-faint text-xs">
        You own this conversation. To leave it, hand it over first: choose “Owner” as somebody else's role.
      </p>
    );
  }
  async function leave() {
    try {
      await send("DELETE", path);
      // A whole new page: nothing of the conversation stays in memory, and the list is without it.
      window.location.assign("/");
    } catch (error) {
      setProblem(messageOf(error));
    }
  }
  return (
    <div className="grid justify-items-start gap-2">
      <p role="alert" className="text-danger text-sm empty:hidden">
        {problem}
      </p>
      {asked ? (
        <ConfirmRow
          question="Leave this conversation? You can come back only when somebody invites you."
          confirm="Leave"
          grave
          onCancel={() => setAsked(false)}
          onConfirm={leave}
        />
      ) : (
        <button type="button" className={button.danger} onClick={() => setAsked(true)}>
          Leave the conversation
        </button>
      )}
    </div>
  );
}
