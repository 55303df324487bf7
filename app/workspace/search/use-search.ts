"use client";

import { useCallback, useEffect, useState } from "react";
import { messageOf, send } from "#app/components/send.ts";
import type { SearchResult } from "#lib/domain.ts";

/** After the last letter, in milliseconds. */
const pause = 150;

interface Found {
  /** What it was found for. */
  query: string;
  result: SearchResult | null;
  problem: string | null;
}

/** What was found for a query, while it is being typed: the last answer stays until the next is there. */
export function useSearch(typed: string, limit: number) {
  const query = typed.trim();
  const [found, setFound] = useState<Found>({ query: "", result: null, problem: null });
  const [isLoadingMore, setLoadingMore] = useState(false);

  useEffect(() => {
    if (query === "") {
      setFound({ query: "", result: null, problem: null });
      return;
    }
    const abort = new AbortController();
    const timer = window.setTimeout(async () => {
      try {
        const result = await read(query, limit, null, abort.signal);
        if (!abort.signal.aborted) setFound({ query, result, problem: null });
      } catch (error) {
        if (!abort.signal.aborted) setFound({ query, result: null, problem: messageOf(error) });
      }
    }, pause);
    return () => {
      window.clearTimeout(timer);
      abort.abort();
    };
  }, [query, limit]);

  const next = found.result?.next ?? null;
  const more = useCallback(async () => {
    if (next === null) return;
    setLoadingMore(true);
    try {
      const page = await read(query, limit, next);
      setFound((known) =>
        known.query === query && known.result ? withPage({ ...known, result: known.result }, page) : known,
      );
    } catch (error) {
      setFound((known) => ({ ...known, problem: messageOf(error) }));
    } finally {
      setLoadingMore(false);
    }
  }, [query, limit, next]);

  return { ...found, isBusy: found.query !== query || isLoadingMore, more };
}

function read(query: string, limit: number, before: string | null, signal?: AbortSignal): Promise<SearchResult> {
  const asked = new URLSearchParams({ q: query, limit: String(limit) });
  asked.set("tz", Intl.DateTimeFormat().resolvedOptions().timeZone ?? "UTC");
  if (before !== null) asked.set("before", before);
  return send<SearchResult>("GET", `/api/search?${asked}`, undefined, signal);
}

/** A further page: what it found in a conversation that is shown already joins it there. */
function withPage(known: Found & { result: SearchResult }, page: SearchResult): Found {
  const conversations = known.result.conversations.map((conversation) => {
    const again = page.conversations.find(({ id }) => id === conversation.id);
    const fresh = again?.messages.filter(({ id }) => !conversation.messages.some((message) => message.id === id)) ?? [];
    return { ...conversation, messages: [...conversation.messages, ...fresh] };
  });
  const others = page.conversations.filter(({ id }) => !conversations.some((conversation) => conversation.id === id));
  return { ...known, problem: null, result: { ...page, conversations: [...conversations, ...others] } };
}
