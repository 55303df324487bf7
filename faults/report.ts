/** What one run broke, and what came of it. */
export interface FaultReport {
  name: string;
  /** On what it ran: the database, and what carries the events. */
  on: string;
  /** Seconds of the whole run. */
  seconds: number;
  counts: Record<string, number>;
  /** Each promise by its words; false: broken. */
  promises: Record<string, boolean>;
  /** What chance was made from; the same seed breaks at the same moments, as far as the machine allows. */
  seed?: number;
}

export function isKept({ promises }: FaultReport): boolean {
  return Object.values(promises).every(Boolean);
}

/** The report for a person: counts a line each, then the promises. */
export function describeReport({ name, on, seconds, counts, promises, seed }: FaultReport): string {
  const width = Math.max(...Object.keys(counts).map((key) => key.length));
  return [
    `${name} (${on}, ${seconds} s${seed === undefined ? "" : `, seed ${seed}`})`,
    ...Object.entries(counts).map(([key, value]) => `  ${key.padEnd(width)}  ${value.toLocaleString("en")}`),
    ...Object.entries(promises).map(([promise, isHeld]) => `  ${isHeld ? "kept  " : "BROKEN"}  ${promise}`),
  ].join("\n");
}

/** Seconds since a `performance.now()`, to a tenth. */
export function secondsSince(started: number): number {
  return Math.round((performance.now() - started) / 100) / 10;
}
