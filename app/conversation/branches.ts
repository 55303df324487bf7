import { type Line, lineOf } from "#lib/conversations/line.ts";
import type { MessageView } from "#lib/domain.ts";

/**
 * A conversation's messages as a tree: an answer hangs under its question, a question under the answer it follows.
 * What hangs under one message are versions of each other. One whose parent is not loaded hangs under the top. Messages
 * come in the order of their sequence ids, in which a parent stands before its children.
 */

export type { Line };
export { lineOf };

/** A message on the shown line with all versions of it, itself among them, the earliest first. */
export interface Shown {
  message: MessageView;
  versions: string[];
}

/** A question with one of its answers; either may be missing where it is not loaded. */
export interface Turn {
  /** The same for all versions of the turn, so that what shows it stays where it is. */
  key: string;
  question: Shown | null;
  answer: Shown | null;
}

/** The line as turns, each message with its versions. */
export function turnsOf(messages: MessageView[], line: Line): Turn[] {
  const ids = new Set(messages.map(({ id }) => id));
  const parentOf = ({ parentId }: MessageView) => (parentId !== null && ids.has(parentId) ? parentId : "top");
  const versions = Map.groupBy(messages, parentOf);
  const shown = (message: MessageView): Shown => ({
    message,
    versions: (versions.get(parentOf(message)) ?? [message]).map(({ id }) => id),
  });
  const turns: Turn[] = [];
  for (const message of line) {
    if (message.role === "system") continue;
    const last = turns.at(-1);
    if (message.role === "user") turns.push({ key: parentOf(message), question: shown(message), answer: null });
    else if (last && !last.answer && last.question?.message.id === message.parentId) last.answer = shown(message);
    else turns.push({ key: parentOf(message), question: null, answer: shown(message) });
  }
  return turns;
}

/** The answer that a further question on this line follows; undefined where there is none yet. */
export function lastAnswerOf(line: Line): MessageView | undefined {
  return line.findLast((message) => message.role === "assistant");
}

/** Earlier pages and what is shown as one list, each message once; what is shown is the truer of two. */
export function joined(earlier: MessageView[], shown: MessageView[]): MessageView[] {
  const byId = new Map([...earlier, ...shown].map((message) => [message.id, message]));
  return [...byId.values()].sort(bySequence);
}

export function bySequence(a: MessageView, b: MessageView): number {
  return a.sequenceId - b.sequenceId;
}
