"use client";

import type { ParticipantView, Presence } from "#lib/domain.ts";
import { Avatar } from "./avatar.tsx";
import { ShareDialog } from "./share-dialog.tsx";

export interface PeopleBarProps {
  conversationId: string;
  readerId: string;
  participants: ParticipantView[];
  present: Presence[];
}

const shownPeople = 5;

/** Who takes part, who of them is here now, and the way to share the conversation. */
export function PeopleBar({ conversationId, readerId, participants, present }: PeopleBarProps) {
  const here = new Set(present.map(({ id }) => id));
  const people = participants
    .filter(({ kind }) => kind === "human")
    .toSorted((left, right) => Number(here.has(right.id)) - Number(here.has(left.id)));
  const others = people.length - shownPeople;
  return (
    <div className="mb-4 flex min-h-9 items-center justify-end gap-3">
      {people.length > 1 && (
        <ul aria-label="People in this conversation" className="-space-x-1.5 flex items-center">
          {people.slice(0, shownPeople).map(({ id, name }) => (
            <li key={id} className="inline-flex">
              <Avatar name={name} isHere={here.has(id)} />
              <span className="sr-only">
                {id === readerId ? `${name} (you)` : name}
                {here.has(id) ? ", here now" : ""}
              </span>
            </li>
          ))}
          {others > 0 && (
            <li className="tabular pl-3 text-ink-soft text-xs">
              +{others}
              <span className="sr-only"> more</span>
            </li>
          )}
        </ul>
      )}
      <ShareDialog conversationId={conversationId} readerId={readerId} participants={participants} here={here} />
    </div>
  );
}
