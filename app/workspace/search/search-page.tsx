"use client";

import Link from "next/link";
import { useEffect, useState } from "react";
import { button, field } from "#app/components/styles.ts";
import { addressOf, dayInWords, textOf, writtenBy } from "./found.ts";
import { Highlighted } from "./highlighted.tsx";
import { SearchStatus } from "./search-status.tsx";
import { useSearch } from "./use-search.ts";

/** The search as a page of its own, whose address can be kept and which shows all there is. */
export function SearchPage({ initial }: { initial: string }) {
  const [typed, setTyped] = useState(initial);
  const { result, problem, isBusy, more } = useSearch(typed, 30);
  const asked = typed.trim();

  useEffect(() => {
    const address = asked === "" ? "/search" : `/search?q=${encodeURIComponent(asked)}`;
    window.history.replaceState(null, "", address);
  }, [asked]);

  return (
    <div className="mx-auto w-full max-w-[50rem] px-4 pt-8 pb-16 sm:px-8">
      <h1 className="font-semibold text-2xl tracking-tight">Search</h1>
      <input
        type="search"
        aria-label="Search your conversations"
        placeholder="Words, a person or a time: warfarin last week"
        maxLength={500}
        autoComplete="off"
        className={`${field} mt-4`}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      <div className="mt-2 min-h-5">{asked !== "" && <SearchStatus result={result} problem={problem} />}</div>
      <ul aria-label="Results" aria-busy={isBusy} className="mt-4 divide-y divide-line">
        {result?.conversations.map((conversation) => (
          <li key={conversation.id} className="grid gap-2 py-4">
            <h2 className="font-medium">
              <Link href={addressOf(conversation)} className="hover:underline">
                <Highlighted segments={conversation.title} />
              </Link>
            </h2>
            <p className="tabular -mt-2 text-ink-faint text-xs">
              {[
                dayInWords(conversation.updatedAt),
                conversation.people.length > 0 ? `with ${conversation.people.join(", ")}` : null,
                conversation.archived ? "archived" : null,
              ]
                .filter((part) => part !== null)
                .join(" · ")}
            </p>
            {conversation.messages.map((message) => (
              <Link
                key={message.id}
                href={addressOf(conversation, message)}
                className="rounded-md px-2.5 py-1.5 text-sm hover:bg-panel"
              >
                <span className="line-clamp-4 text-ink-soft">
                  <Highlighted segments={textOf(message)} />
                </span>
                <span className="tabular text-ink-faint text-xs">
                  {writtenBy(message)} · {dayInWords(message.createdAt)}
                </span>
              </Link>
            ))}
          </li>
        ))}
      </ul>
      {result && result.next !== null && (
        <button type="button" className={`${button.secondary} mt-4`} disabled={isBusy} onClick={() => void more()}>
          More results
        </button>
      )}
    </div>
  );
}
