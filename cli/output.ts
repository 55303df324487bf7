import type { RunView } from "#lib/ingest-runs/index.ts";

export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

/** Columns as wide as their widest cell; the last is not padded. */
export function printTable(head: string[], rows: string[][]): void {
  const widths = head.map((title, at) => Math.max(title.length, ...rows.map((row) => row[at]?.length ?? 0)));
  for (const row of [head, ...rows]) {
    const cells = row.map((cell, at) => (at === row.length - 1 ? cell : cell.padEnd(widths[at] as number)));
    process.stdout.write(`${cells.join("  ")}\n`);
  }
}

/** A name and a value a line; what is null or empty is left out. */
export function printFields(fields: Record<string, string | number | null | undefined>): void {
  const shown = Object.entries(fields).filter(([, value]) => value !== null && value !== undefined && value !== "");
  const width = Math.max(...shown.map(([name]) => name.length));
  for (const [name, value] of shown) process.stdout.write(`${name.padEnd(width)}  ${value}\n`);
}

export function runRow(run: RunView): string[] {
  const { id, collection, status, wanted, read, failed, createdAt, requestText, dryRun } = run;
  const state = wanted ? `${status} (${wanted} asked)` : status;
  const text = dryRun ? `${requestText} (dry run)` : requestText;
  return [id, collection, state, String(read), String(failed), minute(createdAt), text];
}

export const runHead = ["RUN", "COLLECTION", "STATUS", "READ", "FAILED", "ASKED", "SOURCE"];

/** A time as a person reads it, in UTC. */
export function minute(iso: string | null): string {
  return iso ? `${iso.slice(0, 16).replace("T", " ")}Z` : "";
}

export function bytes(count: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const step = count < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(count) / 3));
  return `${(count / 1000 ** step).toFixed(step === 0 ? 0 : 1)} ${units[step]}`;
}
