import type { MessageView } from "#lib/domain.ts";
import { type AppProcess, freePort, startProcess } from "./app-process.ts";
import { openBalancer } from "./balancer.ts";
import { Page } from "./page.ts";
import { randomFrom } from "./random.ts";
import { type FaultReport, secondsSince } from "./report.ts";
import { call, type Session, signIn } from "./session.ts";
import { startSlowModel } from "./slow-model.ts";
import { gapsOf, notKept, type Stored, storedMessages } from "./stored.ts";
import { until } from "./until.ts";
import { makeWorld, shareConversation } from "./world.ts";

export interface KillsOptions {
  databaseUrl?: string | undefined;
  redisUrl?: string | undefined;
  /** Readers killed in the middle of an answer; every third is a whole browser, which comes back with nothing. */
  readers: number;
  /** Serving processes killed in the middle of an answer. */
  servers: number;
  seed: number;
  signal?: AbortSignal | undefined;
}

interface Asked {
  conversationId: string;
  questionId: string;
  answerId: string;
  pages: Page[];
  /** All pages that there were, the killed ones too. */
  all: Page[];
  /** The process that makes it. */
  maker: number;
  isOrphan: boolean;
}

/** Answers under way at a time. */
const width = 4;
/** An orphan is ended after 30 s of silence, looked for every 10 s; a loaded machine is given more. */
const sweepLimit = 120_000;

/**
 * Kills readers and servers in the middle of answers, again and again, and then holds what is stored against what every
 * page ever showed. With Redis two processes serve behind one port and one of them is killed; without, the only one.
 */
export async function kills(options: KillsOptions): Promise<FaultReport> {
  const started = performance.now();
  const random = randomFrom(options.seed);
  const { signal } = options;
  const ports = await Promise.all(Array.from({ length: options.redisUrl ? 2 : 1 }, freePort));
  const balancer = await openBalancer(ports);
  const address = `http://127.0.0.1:${balancer.port}`;
  const model = await startSlowModel({ sentences: 10, pause: () => 100 + random() * 400 });
  const world = await makeWorld(options, { people: 2, publicUrl: address, modelUrl: model.url });
  const running: AppProcess[] = [];
  const sessions: Session[] = [];
  const asked: Asked[] = [];
  let readersKilled = 0;
  let serversKilled = 0;
  let orphans = 0;
  try {
    for (const port of ports) running.push(await startProcess(world.env, port));
    for (const person of world.people) sessions.push(await signIn(address, person, address));
    const rooms = await world.withDeps(async (deps) => {
      const made: string[] = [];
      for (let at = 0; at < width * 3; at += 1) made.push(await shareConversation(deps, world.people));
      return made;
    });
    for (let turn = 0; readersKilled < options.readers || serversKilled < options.servers; turn += 1) {
      signal?.throwIfAborted();
      const batch: Asked[] = [];
      for (let at = 0; at < width; at += 1) batch.push(await ask(rooms[(turn * width + at) % rooms.length] as string));
      asked.push(...batch);
      const isServerTurn =
        readersKilled / options.readers > serversKilled / options.servers || readersKilled >= options.readers;
      if (isServerTurn && serversKilled < options.servers) await killServer(batch);
      else {
        const victims = batch.slice(0, options.readers - readersKilled);
        await Promise.all(victims.map(killReader));
        for (const each of batch) await ended(each, 60_000);
      }
    }
    for (const each of asked) await ended(each, sweepLimit);
    const stored = new Map<string, Stored[]>();
    await world.withDeps(async (deps) => {
      for (const id of rooms) stored.set(id, await storedMessages(deps, id));
    });
    const counts = { "readers killed": readersKilled, "servers killed": serversKilled, "answers orphaned": orphans };
    const judged = judge(asked, stored, counts);
    return { ...judged, on: world.on, seconds: secondsSince(started), seed: options.seed };
  } finally {
    for (const { all } of asked) for (const page of all) page.close();
    await Promise.all(running.map((process) => process.stop()));
    await balancer.close();
    await model.close();
    await world.close();
  }

  async function ask(conversationId: string): Promise<Asked> {
    // One page is never killed by us: what the others have is held against it.
    const pages = [await openPage(conversationId), await openPage(conversationId)];
    const { status, body, localPort } = await call(
      pick(sessions),
      "POST",
      `/api/conversations/${conversationId}/messages`,
      {
        question: `What is the starting dose of warfarin in atrial fibrillation, case ${Math.floor(random() * 1e9)}?`,
        collections: [world.collection],
      },
    );
    if (status !== 202) throw new Error(`a question was refused: ${status} ${JSON.stringify(body)}`);
    const { question, answer } = body as { question: MessageView; answer: MessageView };
    const maker = balancer.targetOf(localPort) ?? 0;
    return {
      conversationId,
      questionId: question.id,
      answerId: answer.id,
      pages,
      all: [...pages],
      maker,
      isOrphan: false,
    };
  }

  function openPage(conversationId: string): Promise<Page> {
    return Page.open(pick(sessions), conversationId);
  }

  function pick<T>(from: T[]): T {
    return from[Math.floor(random() * from.length)] as T;
  }

  function isShown({ all, answerId }: Asked, count: number): boolean {
    return all.some((page) => (page.shown.get(answerId)?.size ?? 0) >= count);
  }

  async function killReader(each: Asked, at: number): Promise<void> {
    const wanted = Math.floor(random() * 6);
    await until(() => isShown(each, wanted), "some of the answer was shown", {
      limit: 60_000,
      signal,
    });
    await new Promise((resolve) => setTimeout(resolve, random() * 400));
    const [, victim] = each.pages;
    if (!victim) return;
    readersKilled += 1;
    if (at % 3 !== 0) {
      victim.cut();
      return;
    }
    // Every browser is gone for a while, and the answer goes on.
    for (const page of each.pages) page.close();
    await new Promise((resolve) => setTimeout(resolve, random() * 1_500));
    each.pages = [await openPage(each.conversationId)];
    each.all.push(...each.pages);
  }

  async function killServer(batch: Asked[]): Promise<void> {
    const target = Math.floor(random() * running.length);
    const wanted = Math.floor(random() * 6);
    const own = batch.filter(({ maker }) => maker === target);
    await until(() => own.length === 0 || own.some((each) => isShown(each, wanted)), "some of an answer was shown", {
      limit: 60_000,
      signal,
    });
    await new Promise((resolve) => setTimeout(resolve, random() * 400));
    await (running[target] as AppProcess).kill();
    serversKilled += 1;
    for (const each of batch) {
      if (each.maker !== target || each.pages.some((page) => page.isEnded(each.answerId))) continue;
      each.isOrphan = true;
      orphans += 1;
    }
    running[target] = await startProcess(world.env, ports[target] as number);
    for (const each of batch) if (!each.isOrphan) await ended(each, 60_000);
  }

  async function ended({ pages, answerId }: Asked, limit: number): Promise<void> {
    await until(() => pages.every((page) => page.isEnded(answerId)), "an answer ended", { limit, signal });
    // Its end was seen; the page stays as it is for the count.
    for (const page of pages) page.close();
  }
}

function judge(
  asked: Asked[],
  stored: Map<string, Stored[]>,
  before: Record<string, number>,
): Omit<FaultReport, "on" | "seconds" | "seed"> {
  const rows = [...stored.values()].flat();
  const byId = new Map(rows.map((row) => [row.id, row]));
  const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
  const pages = asked.flatMap(({ all }) => all);
  const answers = asked.flatMap(({ answerId }) => byId.get(answerId) ?? []);
  const places = [...stored.values()].map(gapsOf);
  const counts = {
    ...before,
    questions: asked.length,
    "messages stored": rows.length,
    lost: sum(asked.map(({ questionId, answerId }) => Number(!byId.has(questionId)) + Number(!byId.has(answerId)))),
    doubled: sum(places.map(({ doubled }) => doubled)) + rows.length - byId.size,
    gaps: sum(places.map(({ gaps }) => gaps)),
    "answers complete": answers.filter(({ status }) => status === "complete").length,
    "answers interrupted": answers.filter(({ status }) => status === "failed").length,
    "answers left running": answers.filter(({ status }) => status === "pending" || status === "streaming").length,
    "pages read": sum(pages.map(({ readings }) => readings)),
    "events delivered": sum(pages.map(({ ids }) => ids.length)),
    "events doubled": sum(pages.map(({ doubled }) => doubled)),
    "events out of order": sum(pages.map(({ outOfOrder }) => outOfOrder)),
    "sentences after an end": sum(pages.map(({ unruly }) => unruly)),
    "pages reset": sum(pages.map(({ resets }) => resets)),
    "stored sentences a page lacks": sum(
      asked.flatMap((each) =>
        each.pages.map((page) => {
          const shown = page.messages.get(each.answerId)?.sentences;
          return [...(byId.get(each.answerId)?.sentences ?? [])].filter(([at, text]) => shown?.get(at) !== text).length;
        }),
      ),
    ),
    "sentences shown": sum(
      asked.map((each) => new Set(each.all.flatMap((page) => [...(page.shown.get(each.answerId)?.keys() ?? [])])).size),
    ),
    "shown sentences not kept": sum(
      asked.map((each) =>
        Math.max(...each.all.map((page) => notKept(page.shown.get(each.answerId), byId.get(each.answerId)))),
      ),
    ),
  };
  const wrongEnds = asked.filter(
    ({ answerId, isOrphan }) => !isOrphan && byId.get(answerId)?.status !== "complete",
  ).length;
  const silent = answers.filter(({ status, error }) => status === "failed" && error === null).length;
  return {
    name: "readers and servers killed in the middle of answers",
    counts: { ...counts, "ended without need": wrongEnds, "interrupted without a word": silent },
    promises: {
      "every question and answer is stored": counts.lost === 0,
      "none is stored twice, and ids have no gap": counts.doubled === 0 && counts.gaps === 0,
      "no answer is left running": counts["answers left running"] === 0,
      "only the answers of a killed server are interrupted, and they say so": wrongEnds === 0,
      "a resumed stream has no gap and no repetition":
        counts["events doubled"] + counts["events out of order"] + counts["stored sentences a page lacks"] === 0,
      "what was shown is kept": counts["shown sentences not kept"] === 0 && counts["sentences after an end"] === 0,
    },
  };
}
