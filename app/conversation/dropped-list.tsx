import type { DroppedSentence } from "#lib/domain.ts";
import { counted, dropReasonInWords } from "./labels.ts";

/** How many sentences the check refused, and which. They are no part of the answer and look the part. */
export function DroppedList({ dropped }: { dropped: DroppedSentence[] }) {
  if (dropped.length === 0) return null;
  return (
    <details className="group text-sm">
      <summary className="w-fit rounded text-caution underline decoration-caution-line underline-offset-2">
        {counted(dropped.length, "sentence")} left out: not proven by a source
      </summary>
      <ul className="mt-2 grid gap-2 border-caution-line border-l-2 pl-3">
        {dropped.map((sentence, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the list only grows and its lines may be alike.
          <li key={index} className="max-w-[70ch]">
            <s className="text-ink-soft decoration-ink-faint/60">{sentence.text}</s>
            <span className="block text-ink-faint text-xs">{dropReasonInWords(sentence.reason)}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}
