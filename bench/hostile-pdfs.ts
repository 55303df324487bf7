import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "#ingest/parse/guideline-pdf/index.ts";

// Reads every hostile PDF there is, one line each: what became of it and how long it took. Minutes, so no test.
const folder = process.argv[2] ?? join(import.meta.dirname, "../../shared/data/hostile/pdf");
if (!existsSync(folder)) throw new Error(`${folder} is not there`);

const outcomes = new Map<string, number>();
const started = performance.now();
for (const name of readdirSync(folder).filter((file) => file.endsWith(".pdf"))) {
  const bytes = new Uint8Array(readFileSync(join(folder, name)));
  const from = performance.now();
  const input = { file: name, size: bytes.length, isSample: false, open: () => one(bytes) };
  for await (const record of parse(input)) {
    if (record.kind === "deletion") throw new Error("a PDF deletes nothing");
    const outcome = record.kind === "document" ? "document" : record.failure.code;
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    const reason = record.kind === "document" ? "" : record.failure.reason;
    process.stdout.write(`${Math.round(performance.now() - from)} ms\t${name}\t${outcome}\t${reason}\n`);
  }
}
const counts = [...outcomes].map(([outcome, count]) => `${outcome} ${count}`).join(", ");
process.stdout.write(`${counts} in ${Math.round((performance.now() - started) / 1000)} s\n`);

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
