/**
 * A program that carries out one run and is killed (SIGKILL, itself, so that nothing can be tidied up) the moment it
 * comes to a given point. Arguments: database address, data folder, run id, point as JSON.
 */
import { setImmediate as turn } from "node:timers/promises";
import pg from "pg";
import pino from "pino";
import { openDatabase } from "#db/index.ts";
import { readEnv } from "#lib/env.ts";
import { openObjectStore } from "#lib/storage/objects/index.ts";
import { HashedEmbeddings } from "#lib/testing/deps.ts";
import { executeRun } from "../run.ts";
import type { KillPoint } from "./kill-points.ts";

const [url, folder, runId, given] = process.argv.slice(2) as [string, string, string, string];
const point = JSON.parse(given) as KillPoint;

let passed = 0;
/** True when the point's number of such moments has come. */
function isTheMoment(): boolean {
  passed += 1;
  return passed === (point.time ?? 1);
}

function die(): never {
  process.kill(process.pid, "SIGKILL");
  throw new Error("still alive");
}

const query = pg.Client.prototype.query as (...parameters: unknown[]) => unknown;
pg.Client.prototype.query = function (this: pg.Client, ...parameters: unknown[]): unknown {
  const [statement] = parameters as [string | { text?: string }];
  const text = typeof statement === "string" ? statement : (statement.text ?? "");
  const isPoint = "sql" in point && new RegExp(point.sql, "i").test(text) && isTheMoment();
  if (isPoint && point.moment === "before") die();
  const answer = query.apply(this, parameters);
  if (isPoint) void Promise.resolve(answer).then(() => (point.moment === "during" ? undefined : die()));
  if (isPoint && point.moment === "during") void turn().then(die);
  return answer;
} as typeof pg.Client.prototype.query;

const files = await openObjectStore(`${folder}/objects`);
const objects: typeof files = {
  ...files,
  put: async (...parameters) => {
    const isPoint = "put" in point && isTheMoment();
    if (isPoint && point.put === "before") die();
    const answer = await files.put(...parameters);
    if (isPoint) die();
    return answer;
  },
};

class MortalEmbeddings extends HashedEmbeddings {
  override embedVectors = async (texts: string[]): Promise<Float32Array[]> => {
    const vectors = await Promise.all(texts.map(async (text) => Float32Array.from(await this.embedQuery(text))));
    if ("embed" in point && isTheMoment()) die();
    return vectors;
  };
}

const database = await openDatabase({ url, max: 3 });
const embeddings = new MortalEmbeddings();
const log = pino({ level: "silent" });
await executeRun(
  { database, objects, embeddingsOf: async () => embeddings, log, env: readEnv({ DATA_DIR: folder }) },
  runId,
  { onProgress: () => ("progress" in point && isTheMoment() ? die() : undefined) },
);
await database.close();
