import { basename, resolve } from "node:path";
import { parseArgs } from "node:util";
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { ingestSamples } from "#ingest/index.ts";
import { openChatModel } from "#lib/chat-models/index.ts";
import type { Deps } from "#lib/deps.ts";
import { type Env, readEnv } from "#lib/env.ts";
import { abortOnSignal } from "#lib/interruption.ts";
import { openTemporaryDeps } from "#lib/temporary-deps.ts";
import { runCommand, say } from "#lib/terminal.ts";
import { type Half, halfOf, halves } from "../halves.ts";
import { openKeptDeps } from "../kept.ts";
import { type AnswerCase, readCases, sampleCases } from "./cases.ts";
import { measure } from "./measure.ts";
import { preparePubmedqa } from "./pubmedqa.ts";
import { asTable, isMissed, rounded } from "./report.ts";
import { runCases } from "./run.ts";

const usage = `usage: npm run eval:answers -- [<cases.jsonl>…] [--cases <file>]… [--pubmedqa <file>] [--half tune|report] [--limit N] [--keep <folder>] [--json]

Asks questions with known answers of the built-in sample collections, in a database of its own, and measures citations,
statements, abstention and redirection. Without files: the cases in eval/answers/cases.jsonl. --cases names a further
file, such as the one of readers' feedback that the administration gives out; their collections must be the samples', or
be in the database that --keep names. --pubmedqa asks the questions of a PubMedQA file of its abstracts instead. Answers are extractive; where OPENAI_BASE_URL or OPENAI_API_KEY is
set, CHAT_MODEL writes them. --half asks only one half of the cases (by the hash of their ids): choose settings on tune,
give figures from report. --keep keeps the database in that folder for the next run. --json prints one line a file.`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: "boolean" },
    cases: { type: "string", multiple: true },
    half: { type: "string" },
    limit: { type: "string" },
    pubmedqa: { type: "string" },
    keep: { type: "string" },
    help: { type: "boolean", short: "h" },
  },
});

await runCommand(async () => {
  if (values.help) {
    say(usage);
    return 0;
  }
  const half = halves.find((name) => name === values.half);
  if (values.half !== undefined && !half) throw new Error(`--half takes ${halves.join(" or ")}.`);
  const limit = values.limit === undefined ? Number.POSITIVE_INFINITY : Number(values.limit);
  if (!(limit >= 1)) throw new Error("--limit takes a number of questions, 1 or more.");
  const named = [...positionals, ...(values.cases ?? [])].map((file) => resolve(file));
  const files = named.length > 0 || values.pubmedqa ? named : [sampleCases];
  const read = await Promise.all(files.map(async (file) => ({ name: basename(file), cases: await readCases(file) })));
  const signal = abortOnSignal("nothing was measured");
  const env = readEnv();
  const opened = values.keep ? await openKeptDeps(env, resolve(values.keep)) : await openTemporaryDeps(env);
  try {
    const deps = await withModelOf(opened, env);
    if (read.length > 0) await ingestSamples(deps, signal);
    const sets = values.pubmedqa
      ? [...read, { name: "PubMedQA", cases: await preparePubmedqa(deps, resolve(values.pubmedqa), signal) }]
      : read;
    for (const { name, cases } of sets) await report(deps, name, chosen(cases, half, limit), signal);
  } finally {
    await opened.close();
  }
  return 0;
});

function chosen(cases: AnswerCase[], half: Half | undefined, limit: number): AnswerCase[] {
  return cases.filter(({ id }) => !half || halfOf(id) === half).slice(0, limit);
}

async function report(deps: Deps, name: string, cases: AnswerCase[], signal: AbortSignal): Promise<void> {
  const outcomes = await runCases(deps, cases, { signal });
  const measures = measure(outcomes);
  const how = {
    set: name,
    half: values.half ?? "both",
    model: deps.chatModel?.name ?? null,
    reranker: deps.reranker?.name ?? null,
  };
  const title = `${name}${values.half ? ` (${values.half} half)` : ""}, ${how.model ?? "extractive"}${how.reranker ? `, ${how.reranker}` : ""}`;
  process.stdout.write(
    values.json
      ? `${JSON.stringify({ ...how, measures: rounded(measures), missed: rounded(outcomes.filter(isMissed)) })}\n`
      : `${asTable(title, measures, outcomes)}\n\n`,
  );
}

/** Databases of evaluations reach no model by themselves; here the environment's is wanted. */
async function withModelOf(deps: Deps, env: Env): Promise<Deps> {
  if (!env.OPENAI_API_KEY && !env.OPENAI_BASE_URL) return deps;
  const model = await openChatModel({
    provider: "openai-compatible",
    model: env.CHAT_MODEL,
    ...(env.OPENAI_API_KEY && { apiKey: env.OPENAI_API_KEY }),
    ...(env.OPENAI_BASE_URL && { baseUrl: env.OPENAI_BASE_URL }),
  });
  return { ...deps, chatModel: { name: env.CHAT_MODEL, model: model as BaseChatModel } };
}
