import { parseArgs } from "node:util";
import type { Deps } from "#lib/deps.ts";
import { readEnv } from "#lib/env.ts";
import { abortOnSignal } from "#lib/interruption.ts";
import { openTemporaryDeps } from "#lib/temporary-deps.ts";
import { runCommand, say, step } from "#lib/terminal.ts";
import { filtersAgainstExact } from "./filters.ts";
import { firstPage } from "./first-page.ts";
import { questionToFirstSentence } from "./first-sentence.ts";
import { growth } from "./growth.ts";
import { history } from "./history.ts";
import {
  ingestAgainstEmbedder,
  ingestAgainstUnindexed,
  ingestWithEmbedding,
  ingestWithoutEmbedding,
} from "./ingest.ts";
import type { BenchRow } from "./measure.ts";
import {
  generatedPubmedAgainstSaxes,
  memoryOfDryRun,
  memoryOfParsing,
  openFdaAgainstComposedStreamJson,
  openFdaAgainstStreamJson,
  openFdaDocumentsAgainstStreamJson,
  pubmedAgainstSaxes,
} from "./parse.ts";
import { retrievalAgainstStatement } from "./retrieval.ts";
import { bulkLoad, readyVectors } from "./vectors.ts";

/** Each bench by the name that --only takes. */
const benches: Record<string, (deps: () => Promise<Deps>, signal: AbortSignal) => Promise<BenchRow>> = {
  start: (_deps, signal) => firstPage(signal),
  ask: async (deps, signal) => questionToFirstSentence(await deps(), signal),
  retrieval: async (deps, signal) => retrievalAgainstStatement(await deps(), signal),
  ingest: async (deps, signal) => ingestWithEmbedding(await deps(), signal),
  "ingest-prepared": async (deps, signal) => ingestWithoutEmbedding(await deps(), signal),
  "ingest-unindexed": async (deps, signal) => ingestAgainstUnindexed(await deps(), signal),
  "ingest-embedder": async (deps, signal) => ingestAgainstEmbedder(await deps(), signal),
  "ready-384": async (deps, signal) => readyVectors(await deps(), 384, signal),
  "ready-1536": async (deps, signal) => readyVectors(await deps(), 1536, signal),
  "bulk-load": async (deps, signal) => bulkLoad(await deps(), signal),
  "parse-pubmed": (_deps, signal) => pubmedAgainstSaxes(signal),
  "parse-pubmed-generated": (_deps, signal) => generatedPubmedAgainstSaxes(signal),
  "parse-openfda": (_deps, signal) => openFdaAgainstStreamJson(signal),
  "parse-openfda-composed": (_deps, signal) => openFdaAgainstComposedStreamJson(signal),
  "parse-openfda-documents": (_deps, signal) => openFdaDocumentsAgainstStreamJson(signal),
  "parse-memory": (_deps, signal) => memoryOfParsing(signal),
  "dry-run-memory": (_deps, signal) => memoryOfDryRun(signal),
};

/** Those that need a native server and a database which takes long to build, by what they take; run only when named. */
const largeBenches: Record<string, { size: "chunks" | "messages"; run: typeof growth }> = {
  growth: { size: "chunks", run: growth },
  filters: { size: "chunks", run: filtersAgainstExact },
  history: { size: "messages", run: history },
};

const usage = `usage: npm run bench -- [--only ${[...Object.keys(benches), ...Object.keys(largeBenches)].join("|")}]… [--json]
  --chunks n    size of the large collection of growth and filters, which run only when named; 1000000 if not given.
                It is built once, in half an hour or more, and kept in the database probatum_bench_growth of the server.
  --messages n  size of the history of history, which runs only when named; 10000000 if not given. It is built once, in
                an hour or so on 26 GB, and kept in the database probatum_bench_history_<n> of the server.

Each row compares two things run turn by turn in this one run, by their medians; only the ratios mean something on
another machine. Runs on a database of its own: on the server that DATABASE_URL names, else an embedded one.`;

const { values } = parseArgs({
  options: {
    json: { type: "boolean" },
    only: { type: "string", multiple: true },
    chunks: { type: "string", default: "1000000" },
    messages: { type: "string", default: "10000000" },
    help: { type: "boolean", short: "h" },
  },
});

await runCommand(async () => {
  const names = values.only ?? Object.keys(benches);
  const unknown = names.filter((name) => !Object.hasOwn(benches, name) && !Object.hasOwn(largeBenches, name));
  const sizes = { chunks: Number(values.chunks), messages: Number(values.messages) };
  for (const [name, size] of Object.entries(sizes)) {
    if (!Number.isSafeInteger(size) || size < 1) throw new Error(`--${name} takes a whole number.`);
  }
  if (values.help || unknown.length > 0) {
    if (unknown.length > 0) say(`There is no bench ${unknown.join(", ")}.\n`);
    say(usage);
    return values.help ? 0 : 1;
  }
  const signal = abortOnSignal("the benches did not finish");
  const env = readEnv();
  let opened: Promise<Deps> | undefined;
  // One database for all benches, opened by the first that needs it.
  const deps = () => {
    opened ??= step("database of its own", () => openTemporaryDeps(env));
    return opened;
  };
  const rows: BenchRow[] = [];
  try {
    for (const name of names) {
      signal.throwIfAborted();
      const large = largeBenches[name];
      const run = async () =>
        large
          ? large.run(env.DATABASE_URL, sizes[large.size], signal)
          : [await (benches[name] as (typeof benches)[string])(deps, signal)];
      rows.push(...(await step(name, run, (made) => made.map(({ ratio }) => `ratio ${ratio}`).join(", "))));
    }
  } finally {
    await (await opened)?.close();
  }
  process.stdout.write(values.json ? `${JSON.stringify({ rows })}\n` : `${table(rows)}\n`);
  return 0;
});

function table(rows: BenchRow[]): string {
  return rows
    .map(({ name, value, baseline, ratio, unit, database }) => {
      return `${name} (${database})\n  ${value} ${unit} against ${baseline} ${unit}: ${ratio} ×`;
    })
    .join("\n");
}
