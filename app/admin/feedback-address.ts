import { type FeedbackKind, feedbackKinds } from "#lib/domain.ts";

const feedbackStates = ["open", "resolved", "all"] as const;

export interface FeedbackQuery {
  kind: FeedbackKind | null;
  state: (typeof feedbackStates)[number];
  /** Days, `2026-03-05`; empty when not set. */
  from: string;
  until: string;
}

type Given = string | string[] | undefined;

/** What an address asks for; what makes no sense in it is left out. Open feedback when it does not say. */
export function readFeedbackQuery(given: Record<string, Given>): FeedbackQuery {
  return {
    kind: feedbackKinds.find((kind) => kind === given.kind) ?? null,
    state: feedbackStates.find((state) => state === given.state) ?? "open",
    from: dayOf(given.from),
    until: dayOf(given.until),
  };
}

/** The address of the page. */
export function feedbackHref(query: FeedbackQuery): string {
  const search = parametersOf(query);
  if (query.state !== "open") search.set("state", query.state);
  else search.delete("state");
  return search.size > 0 ? `/admin/feedback?${search}` : "/admin/feedback";
}

/** What the routes take: they know no `all`, and nothing unless it is said. */
export function parametersOf({ kind, state, from, until }: FeedbackQuery): URLSearchParams {
  const search = new URLSearchParams();
  if (kind) search.set("kind", kind);
  if (state !== "all") search.set("state", state);
  if (from) search.set("from", from);
  if (until) search.set("until", until);
  return search;
}

function dayOf(value: Given): string {
  if (typeof value !== "string" || !/^\d{4}-\d\d-\d\d$/.test(value)) return "";
  const day = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(day.valueOf()) && day.toISOString().startsWith(value) ? value : "";
}
