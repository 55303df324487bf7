import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { ConversationView } from "#lib/domain.ts";
import { type AppProcess, freePort, startProcess } from "./app-process.ts";
import { EventReader } from "./event-reader.ts";
import { type FaultReport, secondsSince } from "./report.ts";
import { expectCall, type Session, signIn } from "./session.ts";
import { until } from "./until.ts";
import { makeWorld, shareConversation } from "./world.ts";

export interface StreamsOptions {
  databaseUrl?: string | undefined;
  redisUrl?: string | undefined;
  streams: number;
  conversations: number;
  /** Seconds for which all are held while events come. */
  seconds: number;
  signal?: AbortSignal | undefined;
}

/** What the serving process holds after a collection, in bytes. */
interface Memory {
  rss: number;
  heapUsed: number;
  external: number;
}

interface Stream {
  conversation: Conversation;
  reader: EventReader;
  /** The numbers that came, in their order. */
  received: number[];
}

interface Conversation {
  id: string;
  cursor: string;
  /** When each number was sent, from 1; `performance.now()`. */
  sent: number[];
}

const memoryLimit = 64 * 1024;
const lateAfter = 1_000;
/** Milliseconds between two events of a conversation. */
const pause = 1_000;

/**
 * Many event streams held by one serving process while events come on all of them, each event numbered in its
 * conversation. The process's memory is read idle, after the same writes without these streams, and with all of them
 * held, each time after a collection of its garbage.
 */
export async function manyStreams(options: StreamsOptions): Promise<FaultReport> {
  const started = performance.now();
  const { signal } = options;
  const folder = await mkdtemp(join(tmpdir(), "probatum-memory-"));
  const port = await freePort();
  const address = `http://127.0.0.1:${port}`;
  const world = await makeWorld(options, { people: 1, publicUrl: address });
  const streams: Stream[] = [];
  const late: number[] = [];
  let app: AppProcess | undefined;
  try {
    const memoryFile = join(folder, "memory.json");
    const quiet = pathToFileURL(join(import.meta.dirname, "quiet.mjs")).href;
    app = await startProcess({ ...world.env, NODE_OPTIONS: `--import ${quiet}`, FAULTS_MEMORY_FILE: memoryFile }, port);
    const pid = app.serverPid();
    const [person] = world.people;
    if (!person) throw new Error("nobody could be added");
    const session = await signIn(address, person, address);
    const conversations = await openConversations(session, options.conversations);
    await warmUp(session, await openConversations(session, options.conversations));
    const idle = await memoryOf(pid, memoryFile);
    for (let at = 0; at < options.streams; at += 1) {
      streams.push(hold(session, conversations[at % conversations.length] as Conversation));
      if (at % 20 === 19) await untilOpen(streams);
    }
    await untilOpen(streams);
    const whileSilent = await memoryOf(pid, memoryFile);
    await speak(session, conversations, options.seconds);
    await until(
      () => streams.every(({ conversation, received }) => received.length >= conversation.sent.length),
      "all came",
      {
        limit: 10_000,
        signal,
      },
    ).catch(() => undefined); // what did not come is counted
    const held = await memoryOf(pid, memoryFile);
    return report(conversations, { idle, whileSilent, held });
  } finally {
    for (const { reader } of streams) reader.close();
    await app?.stop();
    await world.close();
    await rm(folder, { recursive: true, force: true });
  }

  async function openConversations(session: Session, count: number): Promise<Conversation[]> {
    const ids = await world.withDeps(async (deps) => {
      const made: string[] = [];
      for (let at = 0; at < count; at += 1) made.push(await shareConversation(deps, world.people));
      return made;
    });
    const conversations: Conversation[] = [];
    for (const id of ids) {
      const { eventCursor } = await expectCall<ConversationView>(session, "GET", `/api/conversations/${id}`);
      conversations.push({ id, cursor: eventCursor, sent: [] });
    }
    return conversations;
  }

  /** The same writes with a few streams, so that what writing costs, and what is loaded once, is not put down to streams. */
  async function warmUp(session: Session, conversations: Conversation[]): Promise<void> {
    const few = conversations.slice(0, 20).map((conversation) => hold(session, conversation));
    await untilOpen(few);
    await speak(session, conversations, options.seconds);
    for (const { reader } of few) reader.close();
    late.length = 0;
    await new Promise((resolve) => setTimeout(resolve, 3_000));
  }

  function hold(session: Session, conversation: Conversation): Stream {
    const received: number[] = [];
    const reader = new EventReader(session, conversation.id, {
      after: conversation.cursor,
      onEvent: ({ event, at }) => {
        if (event.type === "reset") received.push(Number.NaN);
        if (event.type !== "title") return;
        const number = Number(event.title);
        received.push(number);
        late.push(at - (conversation.sent[number - 1] ?? at));
      },
    });
    return { conversation, reader, received };
  }

  function untilOpen(all: Stream[]): Promise<void> {
    return until(() => all.every(({ reader }) => reader.isOpen), "the streams were open", { limit: 120_000, signal });
  }

  /** Renames each conversation again and again to the next number: an ordinary write, which goes to every stream of it. */
  async function speak(session: Session, conversations: Conversation[], seconds: number): Promise<void> {
    const end = performance.now() + seconds * 1_000;
    const speakIn = async (conversation: Conversation, at: number) => {
      await new Promise((resolve) => setTimeout(resolve, (pause * at) / conversations.length));
      while (performance.now() < end) {
        signal?.throwIfAborted();
        const next = performance.now() + pause;
        conversation.sent.push(performance.now());
        await expectCall(session, "PATCH", `/api/conversations/${conversation.id}`, {
          title: String(conversation.sent.length),
        });
        await new Promise((resolve) => setTimeout(resolve, Math.max(0, next - performance.now())));
      }
    };
    await Promise.all(conversations.map(speakIn));
  }

  function report(
    conversations: Conversation[],
    memory: { idle: Memory; whileSilent: Memory; held: Memory },
  ): FaultReport {
    const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
    const each = (bytes: number) => Math.round(bytes / options.streams / 102.4) / 10;
    const place = (part: number) =>
      Math.round(late.toSorted((left, right) => left - right)[Math.floor(late.length * part)] ?? 0);
    const counts = {
      streams: streams.length,
      conversations: conversations.length,
      "seconds held": options.seconds,
      "events written": sum(conversations.map(({ sent }) => sent.length)),
      "events to deliver": sum(streams.map(({ conversation }) => conversation.sent.length)),
      "events delivered": sum(streams.map(({ received }) => received.length)),
      lost: sum(streams.map(({ conversation, received }) => conversation.sent.length - new Set(received).size)),
      doubled: sum(streams.map(({ received }) => received.length - new Set(received).size)),
      "out of order": sum(
        streams.map(
          ({ received }) => received.filter((number, at) => at > 0 && number < (received[at - 1] as number)).length,
        ),
      ),
      reconnected: sum(streams.map(({ reader }) => reader.connections - 1)),
      [`later than ${lateAfter} ms`]: late.filter((wait) => wait > lateAfter).length,
      "delivery ms, median": place(0.5),
      "delivery ms, 95th of 100": place(0.95),
      "idle process, MB": Math.round(memory.idle.rss / 1e6),
      "with all streams, MB": Math.round(memory.held.rss / 1e6),
      "KB a stream, opened": each(memory.whileSilent.rss - memory.idle.rss),
      "KB a stream, after the events": each(memory.held.rss - memory.idle.rss),
      "KB of JavaScript heap a stream": each(memory.held.heapUsed - memory.idle.heapUsed),
    };
    return {
      name: `${options.streams} event streams`,
      on: `one process, ${world.on}`,
      seconds: secondsSince(started),
      counts,
      promises: {
        "every event is delivered to every stream once": counts.lost === 0 && counts.doubled === 0,
        "in order": counts["out of order"] === 0,
        "no stream was lost": counts.reconnected === 0,
        "a stream takes 64 KB at most": memory.held.rss - memory.idle.rss <= memoryLimit * options.streams,
      },
    };
  }
}

async function memoryOf(pid: number, file: string): Promise<Memory> {
  await rm(file, { force: true });
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  process.kill(pid, "SIGUSR2");
  let memory: Memory | null = null;
  await until(
    async () => {
      memory = await readFile(file, "utf8").then(JSON.parse, () => null);
      return memory !== null;
    },
    "the serving process said what it holds",
    { limit: 60_000 },
  );
  return memory as unknown as Memory;
}
