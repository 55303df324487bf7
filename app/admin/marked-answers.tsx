"use client";

import Link from "next/link";
import { useState } from "react";
import { StatusBadges } from "#app/components/badges.tsx";
import { send } from "#app/components/send.ts";
import { button, textLink } from "#app/components/styles.ts";
import type { MarkedAnswer } from "#lib/conversations/index.ts";
import { Empty, Problem } from "./parts.tsx";
import { useAction } from "./use-action.ts";
import { Moment, When } from "./when.tsx";

export interface MarkedAnswersPage {
  answers: MarkedAnswer[];
  next: string | null;
}

/** Stored answers that cite what has lost its standing since, the latest change first. */
export function MarkedAnswers({ initial }: { initial: MarkedAnswersPage }) {
  const [{ answers, next }, setPage] = useState(initial);
  const { busy, problem, act } = useAction();
  if (answers.length === 0) {
    return (
      <Empty>
        No stored answer rests on a source that has since been retracted, withdrawn, superseded or met with concern.
      </Empty>
    );
  }
  const more = () =>
    act(async () => {
      const older = await send<MarkedAnswersPage>(
        "GET",
        `/api/admin/marked-answers?before=${encodeURIComponent(next ?? "")}`,
      );
      setPage({ answers: [...answers, ...older.answers], next: older.next });
    });
  return (
    <>
      <ul aria-label="Answers to look at" className="divide-y divide-line border-line border-y">
        {answers.map((answer) => (
          <MarkedItem key={`${answer.messageId}-${answer.document.id}`} answer={answer} />
        ))}
      </ul>
      <div className="mt-3 grid justify-items-start gap-2">
        <Problem>{problem}</Problem>
        {next !== null && (
          <button type="button" className={button.secondary} disabled={busy} onClick={() => void more()}>
            Earlier ones
          </button>
        )}
      </div>
    </>
  );
}

function MarkedItem({ answer }: { answer: MarkedAnswer }) {
  const { conversationTitle, conversationId, mayOpen, answeredAt, document, status, note, since } = answer;
  return (
    <li className="grid gap-x-8 gap-y-2 py-4 md:grid-cols-2">
      <div className="min-w-0">
        <h2 className="break-words font-medium">
          {mayOpen ? (
            <Link href={`/c/${encodeURIComponent(conversationId)}`} className={textLink}>
              {conversationTitle}
            </Link>
          ) : (
            conversationTitle
          )}
        </h2>
        <p className="mt-0.5 text-ink-faint text-sm">
          Answered <When at={answeredAt} />
          {!mayOpen && " · only those who take part in the conversation can open it"}
        </p>
      </div>
      <div className="min-w-0 text-sm">
        <p className="flex flex-wrap items-center gap-2">
          <StatusBadges document={{ status, isSample: false }} />
          <span className="text-ink-faint">
            since <Moment at={since} />
          </span>
        </p>
        <p className="mt-1 break-words">
          <Link href={`/sources/${encodeURIComponent(document.id)}`} className={textLink}>
            {document.title}
          </Link>
        </p>
        <p className="text-ink-soft">
          {document.collection} · {document.sourceId}
        </p>
        {note && <p className="mt-1 text-ink-soft">{note}</p>}
      </div>
    </li>
  );
}
