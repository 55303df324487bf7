import type { MessageView } from "#lib/domain.ts";
import { type AppProcess, freePort, startProcess } from "./app-process.ts";
import { openBalancer } from "./balancer.ts";
import { Page } from "./page.ts";
import { randomFrom } from "./random.ts";
import { type FaultReport, secondsSince } from "./report.ts";
import { call, expectCall, type Session, signIn } from "./session.ts";
import { startSlowModel } from "./slow-model.ts";
import { gapsOf, notKept, type Stored, storedMessages } from "./stored.ts";
import { until } from "./until.ts";
import { makeWorld, shareConversation } from "./world.ts";

export interface ProcessesOptions {
  databaseUrl: string;
  redisUrl: string;
  processes: number;
  conversations: number;
  /** Times that both people of each conversation ask at once. */
  rounds: number;
  seed: number;
  signal?: AbortSignal | undefined;
}

const stopLimit = 1_000;

interface Conversation {
  id: string;
  pages: Page[];
}

interface Posted {
  conversation: Conversation;
  questionId: string;
  answerId: string;
  /** The process that makes it. */
  maker: number;
  /** `performance.now()` when it was asked to stop; null: it was let run. */
  stoppedAt: number | null;
}

/**
 * Several application processes behind one port, on one Postgres and one Redis: people ask through the port while their
 * pages hang on whichever process took them, and every second answer is stopped through a process that does not make it.
 */
export async function processesAsOne(options: ProcessesOptions): Promise<FaultReport> {
  const started = performance.now();
  const random = randomFrom(options.seed);
  const { signal } = options;
  const ports = await Promise.all(Array.from({ length: options.processes }, freePort));
  const balancer = await openBalancer(ports);
  const address = `http://127.0.0.1:${balancer.port}`;
  const model = await startSlowModel({ sentences: 8, pause: () => 150 + random() * 300 });
  const world = await makeWorld(options, { people: 2, publicUrl: address, modelUrl: model.url });
  const running: AppProcess[] = [];
  const sessions: Session[] = [];
  const conversations: Conversation[] = [];
  try {
    for (const port of ports) running.push(await startProcess(world.env, port));
    for (const person of world.people) sessions.push(await signIn(address, person, address));
    await world.withDeps(async (deps) => {
      for (let at = 0; at < options.conversations; at += 1)
        conversations.push({ id: await shareConversation(deps, world.people), pages: [] });
    });
    // As many pages as processes, twice: the balancer gives each process some of every conversation.
    for (const { id, pages } of conversations)
      for (let at = 0; at < options.processes * 2; at += 1)
        pages.push(await Page.open(sessions[at % sessions.length] as Session, id));
    const held = new Set<string>();
    const posted: Posted[] = [];
    for (let round = 0; round < options.rounds; round += 1) {
      signal?.throwIfAborted();
      const asked = await Promise.all(
        conversations.flatMap((conversation) => sessions.map((session) => ask(session, conversation))),
      );
      posted.push(...asked);
      await Promise.all(asked.filter((_, at) => at % 2 === 0).map(stop));
      for (const { conversation, answerId } of asked)
        await until(() => conversation.pages.every((page) => page.isEnded(answerId)), "every page had the end", {
          limit: 60_000,
          signal,
        });
      for (const { id, pages } of conversations)
        for (const { localPort } of pages)
          if (localPort !== undefined) held.add(`${id} ${balancer.targetOf(localPort)}`);
    }
    const stored = new Map<string, Stored[]>();
    await world.withDeps(async (deps) => {
      for (const { id } of conversations) stored.set(id, await storedMessages(deps, id));
    });
    const isSpread = held.size === options.processes * options.conversations;
    return {
      ...judge(conversations, posted, stored, isSpread),
      on: world.on,
      seconds: secondsSince(started),
      seed: options.seed,
    };
  } finally {
    for (const { pages } of conversations) for (const page of pages) page.close();
    await Promise.all(running.map((process) => process.stop()));
    await balancer.close();
    await model.close();
    await world.close();
  }

  async function ask(session: Session, conversation: Conversation): Promise<Posted> {
    const { status, body, localPort } = await call(session, "POST", `/api/conversations/${conversation.id}/messages`, {
      question: `What is the starting dose of warfarin in atrial fibrillation, case ${Math.floor(random() * 1e9)}?`,
      collections: [world.collection],
    });
    if (status !== 202) throw new Error(`a question was refused: ${status} ${JSON.stringify(body)}`);
    const { question, answer } = body as { question: MessageView; answer: MessageView };
    const maker = balancer.targetOf(localPort);
    if (maker === undefined) throw new Error("the balancer does not know where a question went");
    return { conversation, questionId: question.id, answerId: answer.id, maker, stoppedAt: null };
  }

  /** After some sentences, through a process that does not make the answer. */
  async function stop(posted: Posted): Promise<void> {
    const { conversation, answerId } = posted;
    const wanted = 1 + Math.floor(random() * 4);
    const { pages } = conversation;
    const isShown = () =>
      pages.some((page) => page.isEnded(answerId) || (page.shown.get(answerId)?.size ?? 0) >= wanted);
    await until(isShown, () => `sentences of an answer were shown: ${pages.map((page) => page.describe(answerId))}`, {
      limit: 120_000,
      signal,
    });
    await new Promise((resolve) => setTimeout(resolve, random() * 300));
    const elsewhere = running[(posted.maker + 1) % running.length] as AppProcess;
    const { cookie } = sessions[0] as Session;
    posted.stoppedAt = performance.now();
    await expectCall(
      { address: elsewhere.address, cookie },
      "POST",
      `/api/conversations/${conversation.id}/messages/${answerId}/stop`,
    );
  }
}

function judge(
  conversations: Conversation[],
  posted: Posted[],
  stored: Map<string, Stored[]>,
  isSpread: boolean,
): Omit<FaultReport, "on" | "seconds" | "seed"> {
  const pages = conversations.flatMap((each) => each.pages);
  const rows = [...stored.values()].flat();
  const byId = new Map(rows.map((row) => [row.id, row]));
  const stops = posted.filter(({ stoppedAt }) => stoppedAt !== null);
  const waits = stops.flatMap(({ conversation, answerId, stoppedAt }) =>
    conversation.pages.map(
      (page) => (page.messages.get(answerId)?.endedAt ?? Number.POSITIVE_INFINITY) - (stoppedAt ?? 0),
    ),
  );
  const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
  const unlike = conversations.filter(({ pages }) => new Set(pages.map(({ ids }) => ids.join())).size !== 1);
  const counts = {
    questions: posted.length,
    "answers stopped": stops.length,
    "streams held": pages.length,
    "events delivered": sum(pages.map(({ ids }) => ids.length)),
    "messages stored": rows.length,
    lost: posted.filter(({ questionId, answerId }) => !byId.has(questionId) || !byId.has(answerId)).length,
    gaps: sum([...stored.values()].map((each) => gapsOf(each).gaps)),
    "events doubled": sum(pages.map(({ doubled }) => doubled)),
    "events out of order": sum(pages.map(({ outOfOrder }) => outOfOrder)),
    "sentences after an end": sum(pages.map(({ unruly }) => unruly)),
    "pages reset": sum(pages.map(({ resets }) => resets)),
    "conversations whose pages differ": unlike.length,
    "stored sentences a page lacks": sum(
      posted.flatMap(({ conversation, answerId }) =>
        conversation.pages.map((page) => {
          const shown = page.messages.get(answerId)?.sentences;
          return [...(byId.get(answerId)?.sentences ?? [])].filter(([index, text]) => shown?.get(index) !== text)
            .length;
        }),
      ),
    ),
    "shown sentences not kept": sum(
      posted.flatMap(({ conversation, answerId }) =>
        conversation.pages.map((page) => notKept(page.shown.get(answerId), byId.get(answerId))),
      ),
    ),
    "not ended as wanted": posted.filter(
      ({ answerId, stoppedAt }) => byId.get(answerId)?.status !== (stoppedAt === null ? "complete" : "stopped"),
    ).length,
    "stops seen late": waits.filter((wait) => wait > stopLimit).length,
    "stop ms, median": Math.round(waits.toSorted((left, right) => left - right)[Math.floor(waits.length / 2)] ?? 0),
    "stop ms, longest": Math.round(Math.max(0, ...waits)),
  };
  return {
    name: "several processes behind one port",
    counts,
    promises: {
      "every conversation's streams hang on every process": isSpread,
      "every question and answer is stored once, under gapless ids":
        counts.lost === 0 && counts.gaps === 0 && rows.length === 2 * posted.length,
      "all pages of a conversation got the same events in the same order, each once":
        unlike.length + counts["events doubled"] + counts["events out of order"] + counts["pages reset"] === 0,
      "every page shows what is stored":
        counts["stored sentences a page lacks"] + counts["sentences after an end"] === 0,
      "an answer ends as it was wanted": counts["not ended as wanted"] === 0,
      [`a stop on another process ends every page's answer within ${stopLimit} ms`]: counts["stops seen late"] === 0,
      "a stopped answer keeps what was shown": counts["shown sentences not kept"] === 0,
    },
  };
}
