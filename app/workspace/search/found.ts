import { counted } from "#app/conversation/labels.ts";
import type { FoundConversation, FoundMessage, SearchResult, TextSegment } from "#lib/domain.ts";

/** Where a found message opens: its conversation, brought to it. */
export function addressOf(conversation: Pick<FoundConversation, "id">, message?: Pick<FoundMessage, "id">): string {
  const path = `/c/${encodeURIComponent(conversation.id)}`;
  return message ? `${path}?message=${encodeURIComponent(message.id)}` : path;
}

/** What is shown of it; where its text could not be read, that. */
export function textOf({ readable, snippet }: FoundMessage): TextSegment[] {
  return readable ? snippet : [{ text: "Found, but its text could not be read just now.", marked: false }];
}

/** Who wrote it, as its reader says it. */
export function writtenBy({ role, senderName }: FoundMessage): string {
  return role === "user" ? (senderName ?? "Somebody who has left") : "Probatum";
}

const medium = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });

/** The reader's own day of a moment. */
export function dayInWords(iso: string): string {
  return medium.format(new Date(iso));
}

/** How the query was read where that is not plain from its words: its days and people. Null: words alone. */
export function readingInWords({ understood }: Pick<SearchResult, "understood">): string | null {
  const parts = [
    period(understood.from, understood.until),
    ...understood.withPeople.map((name) => `with ${name}`),
    understood.fromPeople.length > 0 ? `written by ${understood.fromPeople.join(" or ")}` : null,
  ].filter((part) => part !== null);
  return parts.length === 0 ? null : parts.join(" · ");
}

/** What came of a search, for its status line. */
export function outcomeInWords(result: SearchResult): string {
  const { conversations } = result;
  if (conversations.length === 0) return "Nothing found.";
  const more = result.next === null ? "" : " so far";
  return `Found in ${counted(conversations.length, "conversation")}${more}.`;
}

/** Why something may be missing; null when nothing can be. */
export function limitsInWords(result: SearchResult): string | null {
  const parts = [
    result.titlesOnly > 0
      ? `Of ${counted(result.titlesOnly, "long silent conversation")} only the titles were searched.`
      : null,
    !result.byMeaning && /\p{L}{3}/u.test(result.understood.words)
      ? "Meaning could not be compared just now: only words were."
      : null,
  ].filter((part) => part !== null);
  return parts.length === 0 ? null : parts.join(" ");
}

function period(from: string | null, until: string | null): string | null {
  // Days without a time: noon keeps them the same day in every zone that a browser may be in.
  const day = (date: string) => medium.format(new Date(`${date}T12:00:00`));
  if (from !== null && until !== null) return from === until ? day(from) : `${day(from)} to ${day(until)}`;
  if (from !== null) return `since ${day(from)}`;
  return until === null ? null : `until ${day(until)}`;
}
