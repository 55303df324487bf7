import { setTimeout as wait } from "node:timers/promises";
import pThrottle from "p-throttle";

/** How patiently and how often a source is asked. */
export interface Manners {
  requestsPerSecond: number;
  /** How often one thing is asked for before it is given up. */
  attempts: number;
  firstWaitMs: number;
  longestWaitMs: number;
  /** A Retry-After beyond this is cut to it. */
  longestRetryAfterMs: number;
  /** Milliseconds without a byte after which an answer is taken for dead. */
  idleMs: number;
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
  /** 0 to 1, for jitter. */
  random(): number;
  now(): Date;
}

export const defaultManners: Manners = {
  requestsPerSecond: 3,
  attempts: 7,
  firstWaitMs: 1000,
  longestWaitMs: 60_000,
  longestRetryAfterMs: 15 * 60_000,
  idleMs: 90_000,
  sleep: async (milliseconds, signal) => {
    await wait(milliseconds, undefined, { signal });
  },
  random: Math.random,
  now: () => new Date(),
};

/** Exponential with half of it jitter, so that workers that failed together do not come back together. */
export function backoff(manners: Manners, failures: number): number {
  const full = Math.min(manners.longestWaitMs, manners.firstWaitMs * 2 ** (failures - 1));
  return Math.round(full / 2 + (manners.random() * full) / 2);
}

/** Milliseconds of a Retry-After header (RFC 9110 10.2.3: seconds or a date); null when there is none to follow. */
export function retryAfter(header: string | undefined, now: Date): number | null {
  if (header === undefined) return null;
  if (/^\s*\d+\s*$/.test(header)) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : Math.max(0, date - now.getTime());
}

const turns = new Map<string, () => Promise<void>>();

/** Resolves when the host may be asked again; one queue a host and rate for the whole process, evenly spaced. */
export function turnAt(host: string, requestsPerSecond: number): Promise<void> {
  const key = `${host} ${requestsPerSecond}`;
  const turn = turns.get(key) ?? pThrottle({ limit: 1, interval: 1000 / requestsPerSecond })(async () => undefined);
  turns.set(key, turn);
  return turn();
}
