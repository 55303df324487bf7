import { mkdir, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import {
  beatRun,
  claimRun,
  endRun,
  failedInputs,
  insertCheckpoint,
  insertFailures,
  type RunPosition,
  type RunRow,
  resolveFailures,
  resumeCheckpoints,
  saveCursor,
  selectCollection,
  selectCursor,
  selectRun,
} from "#db/index.ts";
import { sourceRequest, sourceSettingsOf } from "#lib/ingest-runs/index.ts";
import { runPipeline } from "../pipeline/index.ts";
import { defaultPatience, isOutage } from "../pipeline/outage.ts";
import { Tally } from "../pipeline/tally.ts";
import { openSource, SourceError, type SourceErrorCode } from "../sources/index.ts";
import type { RecordFailure, SourceContext, SourceInput } from "../types.ts";
import { fillSpace } from "./reembed.ts";
import type { RunDeps, RunOptions, RunWork } from "./types.ts";

/** A run that was asked to pause or to end. */
class AskedToStop extends Error {
  override name = "AskedToStop";
  readonly status: "paused" | "cancelled";

  constructor(status: "paused" | "cancelled") {
    super(status === "paused" ? "Paused." : "Cancelled.");
    this.status = status;
  }
}

/** Another worker has the run now. */
class TakenOver extends Error {
  override name = "TakenOver";
}

/**
 * Carries a run out, from where it was left. A bad record is reported and the rest goes on; an outage is waited for
 * within the patience and then ends the run as interrupted, to be gone on with; whatever was written stays.
 * @returns the run as it ended; null when it was not to be had: ended, paused, another's, or its collection is at work
 */
export async function executeRun(deps: RunDeps, runId: string, options: RunOptions = {}): Promise<RunRow | null> {
  const worker = options.worker ?? `${hostname()}:${process.pid}`;
  const run = await claimRun(deps.database, runId, worker);
  if (!run) return null;
  const stop = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, stop.signal]) : stop.signal;
  const finished = await resumeCheckpoints(deps.database, runId);
  const tally = new Tally(finished);
  const position: RunPosition = {};
  const show = () => options.onProgress?.(tally.total, position);
  const beat = async () => {
    show();
    const alive = await beatRun(deps.database, runId, worker, tally.total, position);
    if (!alive) stop.abort(new TakenOver(`run ${runId} was taken over by another worker`));
    else if (alive.wanted) stop.abort(new AskedToStop(alive.wanted === "pause" ? "paused" : "cancelled"));
  };
  const beating = setInterval(() => {
    beat().catch((error) => deps.log.warn({ err: error, run: runId }, "a run's sign of life could not be kept"));
  }, options.beatMs ?? 5_000);
  const note = (text: string) => {
    position.note = text;
    show();
  };
  let end: Parameters<typeof endRun>[4];
  let failure: unknown = null;
  try {
    const work = { run, finished, tally, position, signal, note, options };
    await (run.kind === "embed" ? fillSpace(deps, work) : takeIn(deps, work));
    end = { status: "complete", error: null };
  } catch (error) {
    failure = error;
    end = endOf(error, options.signal);
  } finally {
    clearInterval(beating);
  }
  if (failure instanceof TakenOver) return selectRun(deps.database, runId);
  await endRun(deps.database, runId, worker, tally.total, end).catch((error) => {
    // Its silence says so in a while: another worker goes on with it.
    deps.log.error({ err: error, run: runId }, "a run's end could not be recorded");
    throw failure ?? error;
  });
  if (end.status === "failed") deps.log.error({ err: failure, run: runId }, "a run failed");
  return selectRun(deps.database, runId);
}

/** Faults of a source that may be over by the time the run is tried again. */
const passingFaults: ReadonlySet<SourceErrorCode> = new Set(["busy", "unreachable", "timeout"]);

function endOf(error: unknown, given: AbortSignal | undefined): Parameters<typeof endRun>[4] {
  if (error instanceof AskedToStop) return { status: error.status, error: null };
  const message = error instanceof Error ? error.message : String(error);
  const mayPass = isOutage(error) || (error instanceof SourceError && passingFaults.has(error.code));
  return { status: given?.aborted || mayPass ? "interrupted" : "failed", error: message };
}

async function takeIn(deps: RunDeps, work: RunWork): Promise<void> {
  const { run, finished, tally, signal, options } = work;
  const collection = await selectCollection(deps.database, run.collectionId);
  if (!collection) throw new Error("The run's collection was removed.");
  const request = sourceRequest.parse(run.request);
  const source = JSON.stringify(request);
  const wanted = run.retryOf ? await failedInputs(deps.database, run.retryOf) : null;
  // Named after the run: what a killed worker left there is found and removed by the one that goes on.
  const directory = join(deps.env.dataDirectory, "ingest", run.id);
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
  const cursor = new LatestCursor();
  const found: RecordFailure[] = [];
  const context: SourceContext = {
    cursor: run.retryOf ? null : await selectCursor(deps.database, collection.id, source),
    sourceType: collection.sourceType,
    isSample: run.isSample,
    signal,
    settings: sourceSettingsOf(deps.env),
    objects: deps.objects,
    directory,
    isDone: (key) => finished.has(key) || (wanted !== null && !wanted.has(key)),
    report: work.note,
    onFailure: (failure) => found.push(failure),
    onSkipped: (file) => options.onSkipped?.(file),
    onEnd: (value) => cursor.end(value),
  };
  async function* inputs(): AsyncGenerator<SourceInput | RecordFailure> {
    for await (const input of openSource(request, context, options.sourceOptions)) {
      yield* found.splice(0);
      cursor.see(input);
      if (context.isDone(input.key)) await input.release?.();
      else yield input;
    }
    yield* found.splice(0);
  }
  try {
    await runPipeline(deps, {
      collection,
      inputs: inputs(),
      tally,
      dryRun: run.dryRun,
      patience: options.patience ?? defaultPatience,
      signal,
      note: work.note,
      onInput: (input) => {
        work.position.input = input.file;
        delete work.position.note;
        options.onProgress?.(tally.total, work.position);
      },
      onWritten: () => options.onProgress?.(tally.total, work.position),
      keepFailures: async (failures) => {
        await insertFailures(
          deps.database,
          run.id,
          failures.map(({ failure, input }) => failureRow(failure, input)),
        );
        for (const { failure } of failures) options.onFailure?.(failure);
      },
      finishInput: async (input) => {
        await insertCheckpoint(deps.database, run.id, input.key, tally.of(input));
        tally.forget(input);
        await input.release?.();
      },
    });
    if (cursor.value !== undefined && !run.dryRun && !run.retryOf) {
      await saveCursor(deps.database, collection.id, source, cursor.value);
    }
    if (run.retryOf) await resolveFailures(deps.database, run.retryOf, run.id);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Where a source stands once all of it is taken in: what it says at its end, or with its last input. */
class LatestCursor {
  value: unknown;
  #isFinal = false;

  see(input: SourceInput): void {
    if (input.cursor !== undefined && !this.#isFinal) this.value = input.cursor;
  }

  end(value: unknown): void {
    this.#isFinal = true;
    this.value = value;
  }
}

function failureRow({ position, sourceId, code, reason }: RecordFailure, input: SourceInput | null) {
  return { ...position, sourceId, code, reason, input: input?.key ?? null };
}
