import { parseArgs } from "node:util";
import { migrateDatabase, openDatabase } from "#db/index.ts";
import { readEnv } from "#lib/env.ts";
import { abortOnSignal } from "#lib/interruption.ts";
import { openTemporaryPostgres } from "#lib/storage/temporary.ts";
import { runCommand, say } from "#lib/terminal.ts";
import { kills } from "./kills.ts";
import { processesAsOne } from "./processes.ts";
import { describeReport, type FaultReport, isKept } from "./report.ts";
import { manyStreams } from "./streams.ts";
import { manyWriters } from "./writers.ts";

const usage = `usage: npm run faults -- writers|kills|streams|processes [--embedded] [--seed n] [--json]

Breaks things on purpose and counts what was lost. Ends with code 1 when a promise was not kept. Runs on the servers that
DATABASE_URL and REDIS_URL name, in a database of its own; without them, or with --embedded, on the embedded default.

  writers    people who write at once into one conversation and into several
             [--writers 50] [--messages 1000] [--conversations 1,10]
  kills      readers and serving processes killed in the middle of answers; an orphan is ended after half a minute
             [--readers 60] [--servers 40]
  streams    event streams held by one serving process while events come on all of them (Linux)
             [--streams 1000] [--conversations 50] [--seconds 60]
  processes  three applications behind one port: pages on all of them, stops through another than the maker
             [--processes 3] [--conversations 10] [--rounds 4]; needs DATABASE_URL and REDIS_URL`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    writers: { type: "string", default: "50" },
    messages: { type: "string", default: "1000" },
    conversations: { type: "string" },
    readers: { type: "string", default: "60" },
    servers: { type: "string", default: "40" },
    streams: { type: "string", default: "1000" },
    seconds: { type: "string", default: "60" },
    processes: { type: "string", default: "3" },
    rounds: { type: "string", default: "4" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    embedded: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    help: { type: "boolean", short: "h" },
  },
});

const runs: Record<string, (signal: AbortSignal) => Promise<FaultReport[]>> = {
  writers: runWriters,
  kills: runKills,
  streams: runStreams,
  processes: runProcesses,
};

await runCommand(async () => {
  const run = runs[positionals[0] ?? ""];
  if (!run || values.help) {
    say(usage);
    return values.help ? 0 : 1;
  }
  const reports = await run(abortOnSignal("nothing was counted"));
  const text = values.json ? JSON.stringify({ reports }) : reports.map(describeReport).join("\n\n");
  process.stdout.write(`${text}\n`);
  return reports.every(isKept) ? 0 : 1;
});

async function runWriters(signal: AbortSignal): Promise<FaultReport[]> {
  const [writers, messages] = [whole("writers"), whole("messages")];
  const postgres = await openTemporaryPostgres(values.embedded ? undefined : readEnv().DATABASE_URL);
  try {
    await migrateDatabase(postgres.url);
    const database = await openDatabase({ url: postgres.url, max: Math.min(writers, 50), connectTimeout: 600_000 });
    try {
      const reports: FaultReport[] = [];
      for (const conversations of (values.conversations ?? "1,10").split(",").map(Number))
        reports.push(await manyWriters(database, { writers, messages, conversations, signal }));
      return reports;
    } finally {
      await database.close();
    }
  } finally {
    await postgres.close();
  }
}

async function runKills(signal: AbortSignal): Promise<FaultReport[]> {
  return [
    await kills({ ...servers(), readers: whole("readers"), servers: whole("servers"), seed: whole("seed"), signal }),
  ];
}

async function runStreams(signal: AbortSignal): Promise<FaultReport[]> {
  const conversations = whole("conversations", "50");
  const [streams, seconds] = [whole("streams"), whole("seconds")];
  return [await manyStreams({ ...servers(), streams, conversations, seconds, signal })];
}

async function runProcesses(signal: AbortSignal): Promise<FaultReport[]> {
  const { DATABASE_URL: databaseUrl, REDIS_URL: redisUrl } = readEnv();
  if (!databaseUrl || !redisUrl)
    throw new Error("Several processes share a Postgres and a Redis: set DATABASE_URL and REDIS_URL.");
  const conversations = whole("conversations", "10");
  const [processes, rounds] = [whole("processes"), whole("rounds")];
  return [
    await processesAsOne({ databaseUrl, redisUrl, processes, conversations, rounds, seed: whole("seed"), signal }),
  ];
}

function servers() {
  const { DATABASE_URL, REDIS_URL } = readEnv();
  return values.embedded ? {} : { databaseUrl: DATABASE_URL, redisUrl: REDIS_URL };
}

type Numeric =
  | "writers"
  | "messages"
  | "conversations"
  | "readers"
  | "servers"
  | "streams"
  | "seconds"
  | "processes"
  | "rounds"
  | "seed";

function whole(name: Numeric, otherwise = ""): number {
  const given = values[name] ?? otherwise;
  const value = Number(given);
  if (!Number.isSafeInteger(value) || value < 1) throw new Error(`--${name} takes a whole number, not “${given}”.`);
  return value;
}
