"use client";

import Link from "next/link";
import { useState } from "react";
import { messageOf, send } from "#app/components/send.ts";
import { button } from "#app/components/styles.ts";
import { counted } from "#app/conversation/labels.ts";
import type { ConversationSummary } from "#lib/domain.ts";
import { type ConversationPage, useConversationList } from "./conversation-list.tsx";
import { dayInWords } from "./search/found.ts";

export interface PutAwayProps {
  initial: ConversationPage;
  kind: "archived" | "deleted";
}

const kinds = {
  archived: {
    label: "Archived conversations",
    none: "Nothing is archived.",
    act: "Put back",
    restore: (path: string) => send("PATCH", path, { archived: false }),
  },
  deleted: {
    label: "Deleted conversations",
    none: "The trash is empty.",
    act: "Restore",
    restore: (path: string) => send("POST", `${path}/restore`),
  },
};

/** Conversations that have left the list, each with the way back. */
export function PutAway({ initial, kind }: PutAwayProps) {
  const { refresh } = useConversationList();
  const [page, setPage] = useState(initial);
  const [said, setSaid] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const { label, none, act, restore } = kinds[kind];

  async function attempt(work: () => Promise<void>) {
    setProblem(null);
    try {
      await work();
    } catch (error) {
      setProblem(messageOf(error));
    }
  }

  const bringBack = ({ id, title }: ConversationSummary) =>
    attempt(async () => {
      await restore(`/api/conversations/${encodeURIComponent(id)}`);
      setPage((known) => ({ ...known, conversations: known.conversations.filter((other) => other.id !== id) }));
      setSaid(`“${title}” is back in your conversations.`);
      await refresh();
    });

  const more = () =>
    attempt(async () => {
      const asked = new URLSearchParams({ [kind]: "true", before: page.next ?? "" });
      const older = await send<ConversationPage>("GET", `/api/conversations?${asked}`);
      setPage((known) => ({ ...older, conversations: [...known.conversations, ...older.conversations] }));
    });

  return (
    <>
      <p role="status" className="mt-3 text-ink-soft text-sm empty:hidden">
        {said}
      </p>
      <p role="alert" className="mt-3 text-danger text-sm empty:hidden">
        {problem}
      </p>
      {page.conversations.length === 0 && <p className="mt-6 text-ink-faint">{none}</p>}
      <ul aria-label={label} className="mt-4 divide-y divide-line border-line border-y empty:hidden">
        {page.conversations.map((conversation) => {
          const { id, title, updatedAt, deletedAt, messageCount } = conversation;
          return (
            <li key={id} className="flex items-center gap-4 py-3">
              <div className="min-w-0 flex-1">
                {kind === "deleted" ? (
                  <p className="truncate font-medium">{title}</p>
                ) : (
                  <Link href={`/c/${encodeURIComponent(id)}`} className="block truncate font-medium hover:underline">
                    {title}
                  </Link>
                )}
                <p className="tabular text-ink-faint text-xs" suppressHydrationWarning>
                  {counted(messageCount, "message")} · {deletedAt ? "deleted" : "last used"}{" "}
                  {dayInWords(deletedAt ?? updatedAt)}
                </p>
              </div>
              <button
                type="button"
                aria-label={`${act}: ${title}`}
                className={button.secondary}
                onClick={() => void bringBack(conversation)}
              >
                {act}
              </button>
            </li>
          );
        })}
      </ul>
      {page.next !== null && (
        <button type="button" className={`${button.quiet} mt-3`} onClick={() => void more()}>
          Older conversations
        </button>
      )}
    </>
  );
}
