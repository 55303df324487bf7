import type { TextSegment } from "#lib/domain.ts";

/** A text with what was searched for marked in it. */
export function Highlighted({ segments }: { segments: TextSegment[] }) {
  let offset = 0;
  return segments.map(({ text, marked }) => {
    const key = offset;
    offset += text.length;
    return marked ? <mark key={key}>{text}</mark> : <span key={key}>{text}</span>;
  });
}
