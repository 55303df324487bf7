import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { readEnv } from "#lib/env.ts";
import { abortOnSignal } from "#lib/interruption.ts";
import { openTemporaryDeps } from "#lib/temporary-deps.ts";
import { runCommand, say } from "#lib/terminal.ts";
import { evaluate } from "./evaluate.ts";
import { type Half, halves } from "./halves.ts";
import { openKeptDeps } from "./kept.ts";
import { evaluationTable, rounded } from "./report.ts";

const usage = `usage: npm run eval -- <BEIR folder>… [--split test] [--half tune|report] [--limit-queries N] [--keep <folder>] [--json]
Measures lexical, dense and hybrid retrieval on folders with corpus.jsonl, queries.jsonl and qrels/<split>.tsv, in a
database of its own that is removed at the end: on the server that DATABASE_URL names, else an embedded one.
Every figure has its 95 % interval by bootstrap over the queries. --half asks only the queries of one half of a set (by
the hash of their ids): choose settings on tune, give figures from report.
--keep keeps the database instead, so that the next run need not embed a corpus again: an embedded one in that folder,
or one on the server that is named after the folder (probatum_<folder>). --json prints one line a folder.`;

const { values, positionals: folders } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: "boolean" },
    split: { type: "string" },
    half: { type: "string" },
    "limit-queries": { type: "string" },
    keep: { type: "string" },
    help: { type: "boolean", short: "h" },
  },
});

await runCommand(async () => {
  if (values.help || folders.length === 0) {
    say(usage);
    return values.help ? 0 : 1;
  }
  const half = parseHalf(values.half);
  const limitQueries = parseCount(values["limit-queries"]);
  const signal = abortOnSignal("nothing was measured");
  const env = readEnv();
  const deps = values.keep ? await openKeptDeps(env, resolve(values.keep)) : await openTemporaryDeps(env);
  try {
    for (const folder of folders) {
      const started = performance.now();
      const evaluation = await evaluate(deps, {
        folder: resolve(folder),
        signal,
        ...(values.split !== undefined && { split: values.split }),
        ...(half && { half }),
        ...(limitQueries !== undefined && { limitQueries }),
        onProgress: sayProgress(),
      });
      const seconds = Math.round((performance.now() - started) / 100) / 10;
      process.stdout.write(
        values.json
          ? `${JSON.stringify({ ...rounded(evaluation), seconds })}\n`
          : `${evaluationTable(evaluation)}\n${seconds} s\n\n`,
      );
    }
  } finally {
    await deps.close();
  }
  return 0;
});

function parseHalf(value: string | undefined): Half | undefined {
  const half = halves.find((name) => name === value);
  if (value !== undefined && !half) throw new Error(`--half is one of ${halves.join(", ")}.`);
  return half;
}

function parseCount(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const count = Number(value);
  if (!(Number.isInteger(count) && count > 0)) throw new Error("--limit-queries takes a number of queries, 1 or more.");
  return count;
}

/** One line every few seconds; on a terminal one line that is written over. */
function sayProgress() {
  let last = Number.NEGATIVE_INFINITY;
  const pause = process.stderr.isTTY ? 200 : 15_000;
  return (stage: string, done: number, total: number | null) => {
    if (performance.now() - last < pause && done !== total) return;
    last = performance.now();
    const line = `  ${done}${total === null ? "" : ` of ${total}`} ${stage}`;
    process.stderr.write(process.stderr.isTTY ? `\r\u001b[K${line}${done === total ? "\n" : ""}` : `${line}\n`);
  };
}
