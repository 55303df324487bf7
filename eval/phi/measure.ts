import { type FoundIdentifier, findIdentifiers, type IdentifierType } from "#lib/phi/index.ts";

/** A text with the places of its identifiers as somebody else marked them. */
export interface MarkedText {
  text: string;
  spans: { start: number; end: number; type: string }[];
}

/** Counts for one type of a marked set. */
export interface TypeCounts {
  /** Marked. */
  marked: number;
  /** Of these, every letter and digit lies in something found, of whatever type. */
  whole: number;
  /** Of these, at least one does. */
  touched: number;
}

export interface Measured {
  texts: number;
  byType: Map<string, TypeCounts>;
  /** What was found, by our type; `right` touches something marked. */
  found: Map<IdentifierType, { found: number; right: number }>;
  misses: { type: string; value: string; text: string }[];
  wrong: { type: IdentifierType; value: string; text: string }[];
}

/**
 * Compares what is found with what is marked. Recall is strict: a span counts as found when none of its letters and
 * digits is left standing. What was found is right when it touches a marked span.
 * @param ignored types that are marked but are no identifiers of a patient: neither missed nor wrong
 */
export function measure(texts: MarkedText[], ignored: ReadonlySet<string> = new Set()): Measured {
  const measured: Measured = { texts: texts.length, byType: new Map(), found: new Map(), misses: [], wrong: [] };
  for (const { text, spans } of texts) {
    const found = findIdentifiers(text);
    for (const span of spans) {
      const counts = measured.byType.get(span.type) ?? { marked: 0, whole: 0, touched: 0 };
      measured.byType.set(span.type, counts);
      counts.marked += 1;
      const left = leftStanding(text, span, found);
      if (left === 0) counts.whole += 1;
      else if (!ignored.has(span.type))
        measured.misses.push({ type: span.type, value: text.slice(span.start, span.end), text });
      if (found.some((one) => overlaps(one, span))) counts.touched += 1;
    }
    for (const one of found) {
      const counts = measured.found.get(one.type) ?? { found: 0, right: 0 };
      measured.found.set(one.type, counts);
      const marked = spans.filter((span) => overlaps(one, span));
      if (marked.length > 0 && marked.every(({ type }) => ignored.has(type))) continue;
      counts.found += 1;
      if (marked.length > 0) counts.right += 1;
      else measured.wrong.push({ type: one.type, value: text.slice(one.start, one.end), text });
    }
  }
  return measured;
}

function overlaps(one: { start: number; end: number }, other: { start: number; end: number }): boolean {
  return one.start < other.end && other.start < one.end;
}

function leftStanding(text: string, span: { start: number; end: number }, found: FoundIdentifier[]): number {
  let left = 0;
  for (let at = span.start; at < span.end; at += 1) {
    if (/[\p{L}\p{N}]/u.test(text[at] ?? "") && !found.some(({ start, end }) => at >= start && at < end)) left += 1;
  }
  return left;
}
