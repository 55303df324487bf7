import { createReadStream, existsSync, readdirSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { createInterface } from "node:readline";
import { z } from "zod";
import type { Gains } from "./metrics.ts";

export interface JudgedQuery {
  id: string;
  text: string;
  gains: Gains;
}

export interface BeirFolder {
  corpusFile: string;
  /** Queries with at least one relevant document, in the order of the judgements. */
  queries: JudgedQuery[];
}

/**
 * The questions and judgements of a folder in BEIR's layout (https://github.com/beir-cellar/beir/wiki): `corpus.jsonl`,
 * `queries.jsonl` with `_id` and `text`, `qrels/<split>.tsv` with a heading line and query id, document id and score.
 * @throws Error naming the file, and the line where there is one
 */
export async function readBeirFolder(folder: string, split = "test"): Promise<BeirFolder> {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) throw new Error(`${folder} is not a folder.`);
  const corpusFile = present(folder, "corpus.jsonl");
  const queriesFile = present(folder, "queries.jsonl");
  const judgementsFile = findSplit(folder, split);
  const texts = await readQueries(queriesFile);
  const judgements = await readJudgements(judgementsFile, texts, queriesFile);
  const queries = [...judgements]
    .map(([id, gains]) => ({ id, text: texts.get(id) as string, gains }))
    .filter(({ gains }) => [...gains.values()].some((gain) => gain > 0));
  if (queries.length === 0) throw new Error(`${judgementsFile} names no relevant document.`);
  return { corpusFile, queries };
}

function present(folder: string, name: string): string {
  const file = join(folder, name);
  if (!existsSync(file)) {
    throw new Error(`${file} is missing. A BEIR folder holds corpus.jsonl, queries.jsonl and qrels/<split>.tsv.`);
  }
  return file;
}

function findSplit(folder: string, split: string): string {
  const directory = present(folder, "qrels");
  const file = join(directory, `${split}.tsv`);
  if (existsSync(file)) return file;
  const splits = readdirSync(directory)
    .filter((name) => name.endsWith(".tsv"))
    .map((name) => basename(name, ".tsv"));
  const choice = splits.length > 0 ? `Choose one with --split: ${splits.join(", ")}.` : "There is no .tsv file at all.";
  throw new Error(`${file} is missing. ${choice}`);
}

const queryLine = z.object({
  _id: z.union([z.string().min(1), z.number()]).transform(String),
  text: z.string().trim().min(1),
});

async function readQueries(file: string): Promise<Map<string, string>> {
  const queries = new Map<string, string>();
  for await (const { number, line } of linesOf(file)) {
    const parsed = queryLine.safeParse(parseJson(line, file, number));
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      throw new Error(`${file}, line ${number}: ${issue?.path.join(".") || "the line"}: ${issue?.message}`);
    }
    const { _id, text } = parsed.data;
    if (queries.has(_id)) throw new Error(`${file}, line ${number}: the id ${_id} comes twice.`);
    queries.set(_id, text);
  }
  if (queries.size === 0) throw new Error(`${file} holds no query.`);
  return queries;
}

async function readJudgements(
  file: string,
  queries: ReadonlyMap<string, string>,
  queriesFile: string,
): Promise<Map<string, Map<string, number>>> {
  const judgements = new Map<string, Map<string, number>>();
  let isHeading = true;
  for await (const { number, line } of linesOf(file)) {
    const fields = line.split("\t").map((field) => field.trim());
    const [queryId = "", documentId = "", scoreText = ""] = fields;
    const score = scoreText === "" ? Number.NaN : Number(scoreText);
    if (isHeading) {
      isHeading = false;
      if (fields.length === 3 && Number.isNaN(score)) continue;
      throw new Error(`${file}, line ${number}: expected the heading query-id, corpus-id, score, separated by tabs.`);
    }
    if (fields.length !== 3 || queryId === "" || documentId === "" || !Number.isFinite(score)) {
      throw new Error(`${file}, line ${number}: expected a query id, a document id and a number, separated by tabs.`);
    }
    if (!queries.has(queryId)) throw new Error(`${file}, line ${number}: ${queriesFile} has no query ${queryId}.`);
    const gains = judgements.get(queryId) ?? new Map<string, number>();
    if (gains.has(documentId)) {
      throw new Error(`${file}, line ${number}: document ${documentId} is judged twice for query ${queryId}.`);
    }
    judgements.set(queryId, gains.set(documentId, score));
  }
  return judgements;
}

async function* linesOf(file: string): AsyncGenerator<{ number: number; line: string }> {
  let number = 0;
  for await (const line of createInterface({ input: createReadStream(file, "utf8"), crlfDelay: Infinity })) {
    number += 1;
    if (line.trim() !== "") yield { number, line: number === 1 ? line.replace(/^\uFEFF/, "") : line };
  }
}

function parseJson(line: string, file: string, number: number): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new Error(`${file}, line ${number}: not JSON: ${(cause as Error).message.slice(0, 120)}`, { cause });
  }
}
