import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import {
  beatRun,
  type CollectionRow,
  claimRun,
  type Database,
  endRun,
  insertRun,
  insertSchedule,
  type NewRun,
  type RetryPolicy,
  requestCancel,
  requestPause,
  requestResume,
  selectRun,
} from "#db/index.ts";
import { makeCollection } from "#db/testing/corpus.ts";
import { log } from "../log.ts";
import { describeDatabases } from "../testing/databases.ts";
import { makeScheduledRuns, offerDueRuns } from "./dispatch.ts";
import { openRunQueue, type RunQueue } from "./queue.ts";

const counts = { read: 0, added: 0, updated: 0, unchanged: 0, deleted: 0, failed: 0, chunks: 0, reused: 0, marked: 0 };
const request = { kind: "medlineplus" };
const atOnce: RetryPolicy = { attempts: 3, firstDelay: 0, longestDelay: 0 };

describeDatabases("the queue of runs", (open) => {
  async function withQueues(count: number, work: (queues: RunQueue[], database: Database) => Promise<void>) {
    const { database } = await open();
    await database.pool.query("delete from ingest_schedules");
    await database.pool.query("delete from ingest_runs");
    const queues = await Promise.all(Array.from({ length: count }, () => openRunQueue({ database, log })));
    try {
      await emptyOut(queues[0] as RunQueue);
      await work(queues, database);
    } finally {
      await Promise.all(queues.map((queue) => queue.close()));
    }
  }
  async function emptyOut(queue: RunQueue): Promise<string[]> {
    const ids: string[] = [];
    for (let handed = await queue.take(); handed; handed = await queue.take()) {
      await handed.done();
      ids.push(handed.runId);
    }
    return ids;
  }
  const add = (database: Database, collection: CollectionRow, run: Partial<NewRun> = {}) =>
    insertRun(database, { collectionId: collection.id, request, trigger: "person", ...run });
  async function silence(database: Database, id: string) {
    await database.pool.query("update ingest_runs set heartbeat_at = now() - interval '31 seconds' where id = $1", [
      id,
    ]);
  }

  test("gives each run to one of its takers, and holds one offer of a run at a time", async () => {
    await withQueues(2, async ([one, two]) => {
      const ids = Array.from({ length: 8 }, () => randomUUID());
      for (const id of ids) expect(await (one as RunQueue).offer(id)).toBe(true);
      expect(await (two as RunQueue).offer(ids[0] as string)).toBe(false);
      const taken = (await Promise.all([emptyOut(one as RunQueue), emptyOut(two as RunQueue)])).flat();
      expect(taken.sort()).toEqual(ids.sort());
      expect(await (two as RunQueue).offer(ids[0] as string)).toBe(true);
    });
  });

  test("is offered what waits, one run of a collection at a time and the oldest first", async () => {
    await withQueues(1, async ([queue], database) => {
      const [first, second] = [await makeCollection(database), await makeCollection(database)];
      const oldest = await add(database, first);
      const younger = await add(database, first);
      const other = await add(database, second);
      const own = await add(database, await makeCollection(database), { trigger: "command" });
      const jobs = { database, queue: queue as RunQueue };
      expect((await offerDueRuns(jobs)).sort()).toEqual([oldest, other].sort());
      expect(await offerDueRuns(jobs)).toEqual([]); // offered already
      expect((await emptyOut(jobs.queue)).sort()).toEqual([oldest, other].sort());
      expect((await claimRun(database, oldest, "w1"))?.id).toBe(oldest);
      expect(await claimRun(database, younger, "w2")).toBeNull();
      expect(await offerDueRuns(jobs)).toEqual([other]); // nobody took it up
      await endRun(database, oldest, "w1", counts, { status: "complete", error: null });
      expect(await offerDueRuns(jobs)).toEqual([younger]);
      expect((await selectRun(database, own))?.status).toBe("queued"); // its command's own
    });
  });

  test("is offered a run whose worker fell silent, and one cut off once its pause is over", async () => {
    await withQueues(1, async ([queue], database) => {
      const jobs = { database, queue: queue as RunQueue };
      const [silent, cutOff] = [
        await add(database, await makeCollection(database)),
        await add(database, await makeCollection(database)),
      ];
      await claimRun(database, silent, "w1");
      await claimRun(database, cutOff, "w1");
      await endRun(database, cutOff, "w1", counts, { status: "interrupted", error: "the store is away" });
      expect(await offerDueRuns(jobs, { ...atOnce, firstDelay: 60, longestDelay: 60 })).toEqual([]);
      await silence(database, silent);
      expect((await offerDueRuns(jobs, atOnce)).sort()).toEqual([silent, cutOff].sort());
      const taken = await claimRun(database, silent, "w2");
      expect(taken).toMatchObject({ worker: "w2", attempts: 2 });
      expect(await beatRun(database, silent, "w1", counts, {})).toBeNull();
    });
  });

  test("gives a run up, with its last reason, after as many attempts as it may have", async () => {
    await withQueues(1, async ([queue], database) => {
      const jobs = { database, queue: queue as RunQueue };
      const id = await add(database, await makeCollection(database));
      const died = await add(database, await makeCollection(database));
      for (let attempt = 1; attempt <= 3; attempt += 1) {
        expect((await offerDueRuns(jobs, atOnce)).sort()).toEqual([id, died].sort());
        await emptyOut(jobs.queue);
        await claimRun(database, id, "w1");
        await claimRun(database, died, "w1");
        await endRun(database, id, "w1", counts, { status: "interrupted", error: "the store is away" });
        await silence(database, died);
      }
      expect(await offerDueRuns(jobs, atOnce)).toEqual([]);
      const given = { status: "failed", error: "Given up after 3 attempts. the store is away" };
      expect(await selectRun(database, id)).toMatchObject(given);
      expect((await selectRun(database, died))?.error).toMatch(/3 attempts.*silent/);
      expect((await requestResume(database, "all", id))?.attempts).toBe(0);
      expect(await offerDueRuns(jobs, atOnce)).toEqual([id]);
    });
  });

  test("is not offered what is paused or cancelled, and offers of them come to nothing", async () => {
    await withQueues(1, async ([queue], database) => {
      const jobs = { database, queue: queue as RunQueue };
      const paused = await add(database, await makeCollection(database));
      const cancelled = await add(database, await makeCollection(database));
      await offerDueRuns(jobs);
      expect((await requestPause(database, "all", paused))?.status).toBe("paused");
      expect((await requestCancel(database, "all", cancelled))?.status).toBe("cancelled");
      for (const id of await emptyOut(jobs.queue)) expect(await claimRun(database, id, "w1")).toBeNull();
      expect(await offerDueRuns(jobs)).toEqual([]);
      expect((await requestResume(database, "all", paused))?.status).toBe("queued");
      expect(await requestResume(database, "all", cancelled)).toBeNull();
      expect(await offerDueRuns(jobs)).toEqual([paused]);
    });
  });

  test("says of a command's run whose process died that it was cut off", async () => {
    await withQueues(1, async ([queue], database) => {
      const own = await add(database, await makeCollection(database), { trigger: "command" });
      await claimRun(database, own, "w1");
      await silence(database, own);
      expect(await offerDueRuns({ database, queue: queue as RunQueue }, atOnce)).toEqual([]);
      expect(await selectRun(database, own)).toMatchObject({ status: "interrupted", worker: null });
    });
  });

  test("a schedule makes one run for a due time, however many look, and none while one is open", async () => {
    await withQueues(2, async (_, database) => {
      const collection = await makeCollection(database);
      const schedule = { collectionId: collection.id, request, timeZone: "UTC", enabled: true, createdBy: null };
      const id = await insertSchedule(database, { ...schedule, cron: "0 3 * * *" });
      await insertSchedule(database, { ...schedule, cron: "0 3 * * *", enabled: false });
      const day = (days: number, hour = 12) => {
        const date = new Date();
        date.setUTCDate(date.getUTCDate() + days);
        date.setUTCHours(hour, 0, 0, 0);
        return date;
      };
      expect(await makeScheduledRuns({ database }, new Date())).toEqual([]);
      const looks = await Promise.all(Array.from({ length: 6 }, () => makeScheduledRuns({ database }, day(3))));
      const made = looks.flat();
      expect(made).toHaveLength(1); // one for three nights on which nobody looked
      const run = made[0] as string;
      expect(await selectRun(database, run)).toMatchObject({ scheduleId: id, trigger: "schedule", status: "queued" });
      expect(await makeScheduledRuns({ database }, day(4))).toEqual([]); // the one before is open
      await claimRun(database, run, "w1");
      await endRun(database, run, "w1", counts, { status: "complete", error: null });
      expect(await makeScheduledRuns({ database }, day(3))).toEqual([]); // its time had its run
      const next = await makeScheduledRuns({ database }, day(4));
      expect(next).toHaveLength(1);
      expect(next[0]).not.toBe(run);
    });
  });
});
