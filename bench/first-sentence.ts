import { readFileSync } from "node:fs";
import { join } from "node:path";
import { listCollections, retrievalStatement } from "#db/index.ts";
import { ingestSamples } from "#ingest/index.ts";
import { ask } from "#lib/ask/index.ts";
import type { Deps } from "#lib/deps.ts";
import { type BenchRow, interleave, kindOf, rowOf, timed } from "./measure.ts";

const rounds = 3;
const limit = 30;
const tenantId = "00000000-0000-4000-8000-000000000000";
const questionsFile = join(import.meta.dirname, "..", "ingest", "samples", "questions.jsonl");

/** From the question to the first verified sentence, over embedding it and sending the bare statement. */
export async function questionToFirstSentence(deps: Deps, signal?: AbortSignal): Promise<BenchRow> {
  await ingestSamples(deps);
  // As a request does, behind row-level security; a tenant of nobody sees what is shared. Every question is looked up in
  // the cache, as in the application, and none is found there.
  const uncached: Deps = {
    ...deps,
    database: deps.database.confinedTo(tenantId),
    chatModel: null,
    cache: { ...deps.cache, set: async () => undefined },
  };
  const collections = (await listCollections(deps.database, null)).filter(({ chunkCount }) => chunkCount > 0);
  const [first] = collections;
  if (!first) throw new Error("the samples left no collection");
  const embeddings = await deps.embeddingsOf(first);
  const bare = async (question: string) => {
    const vector = await embeddings.embedQuery(question);
    const searched = collections.map((collection) => ({ collection, vector }));
    await deps.database.pool.query(
      retrievalStatement({ question, collections: searched, configs: ["english"], limit }),
    );
  };
  const questions: string[] = [];
  // Also warms both sides up; a question without an answer has no first sentence.
  for (const question of readQuestions()) {
    signal?.throwIfAborted();
    await bare(question);
    if ((await firstSentence(uncached, question)) !== null) questions.push(question);
  }
  if (questions.length === 0) throw new Error("no sample question is answered");
  const questionOf = (round: number) => questions[round % questions.length] as string;
  const medians = await interleave({
    rounds: questions.length * rounds,
    signal,
    value: async (round) => (await firstSentence(uncached, questionOf(round))) ?? Number.NaN,
    baseline: (round) => timed(() => bare(questionOf(round))),
  });
  return rowOf("question to first sentence without a model", "ms", kindOf(deps.database), medians);
}

/**
 * Milliseconds until the first sentence; null when there is none. The answer is read to its end, so that what is still
 * looked up then burdens no other measurement.
 */
async function firstSentence(deps: Deps, question: string): Promise<number | null> {
  const started = performance.now();
  let first: number | null = null;
  for await (const event of ask(deps, { tenantId, question, collections: [], earlierQuestions: [] })) {
    if (event.type === "sentence") first ??= performance.now() - started;
  }
  return first;
}

function readQuestions(): string[] {
  const lines = readFileSync(questionsFile, "utf8").trim().split("\n");
  return lines.map((line) => (JSON.parse(line) as { question: string }).question);
}
