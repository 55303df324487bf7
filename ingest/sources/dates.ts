const dayMs = 24 * 60 * 60 * 1000;

/** ISO days (`2026-03-01`), in UTC. */
export function isoDay(date: Date): string {
  return date.toISOString().slice(0, 10);
}

export function addDays(day: string, days: number): string {
  return isoDay(new Date(Date.parse(day) + days * dayMs));
}

/** Days from the first to the last, both counted. */
export function daysBetween(from: string, until: string): number {
  return Math.round((Date.parse(until) - Date.parse(from)) / dayMs) + 1;
}

/** The later of two ISO days; either may be absent. */
export function later(first: string | null | undefined, second: string | null | undefined): string | null {
  if (!first || !second) return first || second || null;
  return first > second ? first : second;
}

/** A span of days cut into about as many parts, none empty, in order. */
export function splitDays(from: string, until: string, parts: number): { from: string; until: string }[] {
  const days = daysBetween(from, until);
  const length = Math.max(1, Math.ceil(days / Math.max(2, parts)));
  const spans: { from: string; until: string }[] = [];
  for (let at = 0; at < days; at += length) {
    spans.push({ from: addDays(from, at), until: addDays(from, Math.min(days, at + length) - 1) });
  }
  return spans;
}
