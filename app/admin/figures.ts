import type { SpaceView } from "#lib/ingest-runs/index.ts";

const units = ["B", "kB", "MB", "GB", "TB"];

/** Bytes by powers of 1000: `0 B`, `12 kB`, `3.4 GB`. */
export function formatBytes(bytes: number): string {
  let value = Math.max(0, bytes);
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit > 0 && value < 9.95 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

/** A span in its two largest units: `8 s`, `3 min 20 s`, `2 h 5 min`, `4 d 1 h`. */
export function formatSpan(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return both(minutes, "min", seconds % 60, "s");
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return both(hours, "h", minutes % 60, "min");
  return both(Math.floor(hours / 24), "d", hours % 24, "h");
}

function both(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}

/** How far a time lies from now, in one unit: `just now`, `5 min ago`, `in 3 h`. */
export function formatAway(at: Date, now: Date): string {
  const span = Math.abs(now.getTime() - at.getTime());
  const [value, unit] =
    span < 3_600_000
      ? [Math.floor(span / 60_000), "min"]
      : span < 86_400_000
        ? [Math.floor(span / 3_600_000), "h"]
        : [Math.floor(span / 86_400_000), Math.floor(span / 86_400_000) === 1 ? "day" : "days"];
  if (value === 0) return at > now ? "in a moment" : "just now";
  return at > now ? `in ${value} ${unit}` : `${value} ${unit} ago`;
}

/** From a run's start to its end, or to now while it has none; null before it began. */
export function durationOf(run: { startedAt: string | null; finishedAt: string | null }, now: Date): number | null {
  if (run.startedAt === null) return null;
  return (run.finishedAt ? new Date(run.finishedAt) : now).getTime() - new Date(run.startedAt).getTime();
}

/** Things a second, as precisely as is of use: `0.4`, `3.2`, `128`, `1,204`; a dash for none measured. */
export function formatRate(rate: number | null): string {
  if (rate === null) return "–";
  if (rate >= 9.95) return Math.round(rate).toLocaleString("en-GB");
  return rate === 0 ? "0" : rate.toFixed(1);
}

/** How much of a collection a space has vectors for; 100 only when none is missing. */
export function percentFilled({ vectors, missing }: Pick<SpaceView, "vectors" | "missing">): number {
  if (missing === 0) return 100;
  return Math.min(99, Math.floor((100 * vectors) / (vectors + missing)));
}

/** A share of 1 to a tenth of a percent, rounded down: what falls short of all is never shown as all. */
export function formatShare(share: number): string {
  return `${(Math.floor(share * 1000 + 1e-9) / 10).toFixed(1)} %`;
}

const moment = { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" } as const;

/** `22 Nov 2026, 05:39 UTC`, or in the reader's own zone when `timeZone` is undefined. */
export function formatMoment(at: Date, timeZone?: "UTC"): string {
  const text = new Intl.DateTimeFormat("en-GB", { ...moment, ...(timeZone && { timeZone }) }).format(at);
  return timeZone ? `${text} ${timeZone}` : text;
}
