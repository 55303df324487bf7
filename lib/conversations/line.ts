import type { MessageView } from "../domain.ts";

/** Messages from the top to the end of one branch. */
export type Line = MessageView[];

/** The branch a message is on, continued to its newest end; of the newest message, where the one named is not known. */
export function lineOf(messages: MessageView[], shownId: string | null): Line {
  const known = new Map(messages.map((message) => [message.id, message]));
  const shown = (shownId && known.get(shownId)) || messages.at(-1);
  if (!shown) return [];
  const line: Line = [];
  for (let next = newestBelow(messages, shown); ; ) {
    line.push(next);
    const parent = next.parentId === null ? undefined : known.get(next.parentId);
    if (!parent || parent.sequenceId >= next.sequenceId) return line.reverse();
    next = parent;
  }
}

/** The newest message on any branch that goes through one; itself, where none goes on. */
function newestBelow(messages: MessageView[], message: MessageView): MessageView {
  const below = new Set([message.id]);
  let newest = message;
  for (const later of messages) {
    if (later.parentId === null || !below.has(later.parentId)) continue;
    below.add(later.id);
    newest = later;
  }
  return newest;
}
