"use client";

import { useMemo } from "react";
import type { FoundConversation, FoundMessage, SearchResult } from "#lib/domain.ts";
import { useConversationList } from "../conversation-list.tsx";
import { addressOf } from "./found.ts";

/** One line that can be chosen; `conversation` where the line begins what was found in it. */
export interface SearchOption {
  /** Distinct among those shown. */
  key: string;
  address: string;
  group: FoundConversation | null;
  message: FoundMessage | null;
  /** Of the line that leads to all results. */
  all: string | null;
}

export function optionId({ key }: SearchOption): string {
  return `search-option-${key}`;
}

/** What can be chosen: what was found or, with nothing asked for, the conversations used last. */
export function useOptions(found: { query: string; result: SearchResult | null } | null): SearchOption[] {
  const { recent } = useConversationList();
  const isRecent = found === null;
  const result = found?.result ?? null;
  const query = found?.query ?? "";
  return useMemo(() => {
    if (isRecent) {
      return recent.slice(0, 8).map(({ id, title, updatedAt, archived, shared }) => {
        const group = {
          id,
          title: [{ text: title, marked: false }],
          updatedAt,
          archived,
          shared,
          people: [],
          messages: [],
        };
        return { key: id, address: addressOf({ id }), group, message: null, all: null };
      });
    }
    if (!result) return [];
    const options = result.conversations.flatMap((conversation): SearchOption[] =>
      conversation.messages.length === 0
        ? [{ key: conversation.id, address: addressOf(conversation), group: conversation, message: null, all: null }]
        : conversation.messages.map((message) => ({
            key: message.id,
            address: addressOf(conversation, message),
            group: conversation,
            message,
            all: null,
          })),
    );
    if (result.next === null) return options;
    const address = `/search?q=${encodeURIComponent(query)}`;
    return [...options, { key: "all", address, group: null, message: null, all: "See all results" }];
  }, [isRecent, recent, result, query]);
}
