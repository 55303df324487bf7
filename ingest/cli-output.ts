import cliProgress from "cli-progress";
import type { RunRow } from "#db/index.ts";
import type { RecordFailure } from "./types.ts";

export function startBar() {
  const format = " {value} records · {chunks} chunks · {rate} chunks/s · {failed} failed · {duration_formatted} · {at}";
  const bar = new cliProgress.SingleBar({ format, clearOnComplete: true, hideCursor: true, stream: process.stderr });
  bar.start(0, 0, { chunks: 0, rate: 0, failed: 0, at: "" });
  return bar;
}

export function failureLine({ position, sourceId, code, reason }: RecordFailure) {
  const { file, record, offset } = position;
  return { file, position: { record, offset }, sourceId, code, reason };
}

export function failureText({ position, sourceId, code, reason }: RecordFailure): string {
  const place = [
    position.record !== null && `record ${position.record}`,
    position.offset !== null && `byte ${position.offset}`,
    sourceId,
  ].filter(Boolean);
  return `✗ ${position.file}${place.length > 0 ? ` (${place.join(", ")})` : ""}: ${reason} [${code}]`;
}

export function summary(run: RunRow, seconds: number): string {
  const { read, added, updated, unchanged, deleted, failed, marked, chunks, reused, dryRun } = run;
  const would = dryRun ? "Nothing was written. There would be: " : "";
  return `${would}${read} records read: ${added} added, ${updated} updated, ${unchanged} unchanged, ${deleted} deleted, ${marked} marked, ${failed} failed; ${chunks} chunks (${reused} vectors reused) in ${seconds} s`;
}

export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}
