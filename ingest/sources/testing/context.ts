import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SourceType } from "#lib/domain.ts";
import type { SourceRequest, SourceSettings } from "#lib/ingest-runs/index.ts";
import { type ObjectStore, openObjectStore } from "#lib/storage/objects/index.ts";
import type { RecordFailure, SourceContext, SourceInput } from "../../types.ts";
import { openSource, type SourceOptions } from "../index.ts";

/** A run's side of a source, which keeps what it was told. Waits are kept and not waited for. */
export interface TestRun {
  context: SourceContext;
  options: SourceOptions;
  notes: string[];
  failures: RecordFailure[];
  skipped: string[];
  waits: number[];
  ends: unknown[];
  /** Files in the run's folder. */
  left(): Promise<string[]>;
  close(): Promise<void>;
}

export interface RunOptions {
  settings?: Partial<SourceSettings>;
  sourceType?: SourceType;
  cursor?: unknown;
  done?: readonly string[];
  signal?: AbortSignal;
  today?: string;
  options?: SourceOptions;
}

export async function startRun(server: string, given: RunOptions = {}): Promise<TestRun> {
  const directory = await mkdtemp(join(tmpdir(), "sources-"));
  const store = await mkdtemp(join(tmpdir(), "objects-"));
  const objects: ObjectStore = await openObjectStore(store);
  await objects.ensureBucket();
  const notes: string[] = [];
  const failures: RecordFailure[] = [];
  const skipped: string[] = [];
  const waits: number[] = [];
  const ends: unknown[] = [];
  const context: SourceContext = {
    cursor: given.cursor ?? null,
    sourceType: given.sourceType ?? "pubmed",
    isSample: false,
    signal: given.signal ?? new AbortController().signal,
    settings: {
      eutilsUrl: `${server}eutils/`,
      pubmedFilesUrl: `${server}pubmed/`,
      pmcOaUrl: `${server}oa/oa.fcgi`,
      dailymedUrl: `${server}dailymed/`,
      openfdaUrl: server,
      medlineplusUrl: server,
      ncbiApiKey: "ncbi-secret",
      contactEmail: "operator@example.org",
      openfdaApiKey: "fda-secret",
      allowedHosts: [],
      byteLimit: 10_000_000,
      timeLimitMs: 30_000,
      ...given.settings,
    },
    objects,
    directory,
    isDone: (key) => (given.done ?? []).includes(key),
    report: (note) => notes.push(note),
    onFailure: (failure) => failures.push(failure),
    onSkipped: (file) => skipped.push(file),
    onEnd: (cursor) => ends.push(cursor),
  };
  const manners = {
    requestsPerSecond: 10_000,
    now: () => new Date(`${given.today ?? "2026-03-10"}T12:00:00Z`),
    sleep: async (milliseconds: number) => void waits.push(milliseconds),
    random: () => 0.5,
    ...given.options?.manners,
  };
  return {
    context,
    options: { ...given.options, manners },
    notes,
    failures,
    skipped,
    waits,
    ends,
    left: () => readdir(directory),
    close: async () => {
      await objects.close();
      await Promise.all([rm(directory, { recursive: true }), rm(store, { recursive: true })]);
    },
  };
}

export interface ReadInput {
  key: string;
  file: string;
  text: string;
  cursor: unknown;
  standing: SourceInput["standing"];
}

/** Reads a source to its end as the pipeline does: each input opened and released. */
export async function readAll(run: TestRun, request: SourceRequest): Promise<ReadInput[]> {
  const read: ReadInput[] = [];
  for await (const input of openSource(request, run.context, run.options)) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of input.open()) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString("utf8");
    read.push({ key: input.key, file: input.file, text, cursor: input.cursor, standing: input.standing });
    await input.release?.();
  }
  return read;
}
