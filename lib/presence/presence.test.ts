import { randomUUID } from "node:crypto";
import { afterEach, describe, expect, test } from "vitest";
import type { Presence } from "../domain.ts";
import { openRedis, type RedisConnection } from "../storage/redis.ts";
import { openRedisProxy, recordingLogger, until } from "../storage/redis-proxy.ts";
import { type PresenceBook, presenceBook } from "./book.ts";
import { openMemoryPresence } from "./memory.ts";
import { openRedisPresence } from "./redis.ts";
import type { PresenceStore } from "./store.ts";

const address = process.env.REDIS_URL;
const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const times = { repeat: 100, whileAsking: 50, grace: 20, gather: 5 };
const holds = { here: 1, asking: 1 };
const [ada, ben] = [
  { id: "1a", name: "Ada | of | pipes" },
  { id: "2b", name: "Ben" },
];
const there = (person: { id: string; name: string }, asking = false) => ({ ...person, asking });

function bookOf(store: PresenceStore): PresenceBook {
  const book = presenceBook(store, recordingLogger(), times);
  closers.push(book.close);
  return book;
}

/** One who has a conversation open and keeps what they are told. */
function visit(book: PresenceBook, conversation: string, person: { id: string; name: string }) {
  const lists: Presence[][] = [];
  const leave = book.enter(conversation, person, (present) => lists.push(present));
  const sees = (...expected: Presence[]) =>
    until(
      () => JSON.stringify(lists.at(-1)) === JSON.stringify(expected),
      `${person.name} sees ${JSON.stringify(expected)}, not ${JSON.stringify(lists.at(-1))}`,
      4_000,
    );
  return { lists, leave, sees };
}

/** The same of each store: `open` opens one more process on it. */
function describePresence(open: () => Promise<PresenceStore>): void {
  test("tells who comes and goes, a person with two windows once, and nobody what has not changed", async () => {
    const book = bookOf(await open());
    const id = randomUUID();
    const first = visit(book, id, ada);
    await first.sees(there(ada));
    const other = visit(book, id, ben);
    await Promise.all([first.sees(there(ada), there(ben)), other.sees(there(ada), there(ben))]);
    const again = visit(book, id, ada);
    await again.sees(there(ada), there(ben));
    first.leave();
    other.leave();
    await again.sees(there(ada));
    expect(again.lists).toHaveLength(2);
    const elsewhere = visit(book, randomUUID(), ben);
    await elsewhere.sees(there(ben));
  });

  test("whoever opens the page again at once was never away", async () => {
    const book = bookOf(await open());
    const id = randomUUID();
    const watcher = visit(book, id, ben);
    const first = visit(book, id, ada);
    await watcher.sees(there(ada), there(ben));
    first.leave();
    const second = visit(book, id, ada);
    await second.sees(there(ada), there(ben));
    await book.setAsking(id, ada.id, true);
    await watcher.sees(there(ada, true), there(ben));
    expect(watcher.lists.every((list) => list.length === 2 || list === watcher.lists[0])).toBe(true);
  });

  test("writing a question shows until it is said to have ended, or nothing more is said", async () => {
    const book = bookOf(await open());
    const id = randomUUID();
    const [writer, watcher] = [visit(book, id, ada), visit(book, id, ben)];
    await book.setAsking(id, ada.id, true);
    await watcher.sees(there(ada, true), there(ben));
    await book.setAsking(id, ada.id, false);
    await Promise.all([writer.sees(there(ada), there(ben)), watcher.sees(there(ada), there(ben))]);
    await book.setAsking(id, ada.id, true);
    await watcher.sees(there(ada, true), there(ben));
    await watcher.sees(there(ada), there(ben)); // by itself
    await book.setAsking(id, "nobody", true); // one who is not there is not shown
    await watcher.sees(there(ada), there(ben));
  });
}

describe("presence in memory", () => describePresence(async () => openMemoryPresence(holds)));

const name = address ? "presence on a real Redis" : "presence on a real Redis (skipped: REDIS_URL is not set)";
describe.skipIf(!address)(name, () => {
  async function connect(through?: string): Promise<RedisConnection> {
    const redis = await openRedis(through ?? address ?? "", {
      logger: recordingLogger(),
      maximumReconnectMilliseconds: 100,
    });
    closers.push(() => redis.close());
    return redis;
  }
  const prefix = `test-${randomUUID()}`;
  const open = async (through?: string) =>
    openRedisPresence({ redis: await connect(through), prefix, logger: recordingLogger(), holds });

  describePresence(() => open());

  test("several processes behave as one", async () => {
    const [left, right] = [bookOf(await open()), bookOf(await open())];
    const id = randomUUID();
    const here = visit(left, id, ada);
    const there_ = visit(right, id, ben);
    await Promise.all([here.sees(there(ada), there(ben)), there_.sees(there(ada), there(ben))]);
    await right.setAsking(id, ada.id, true); // a request may come to any of them
    await Promise.all([here.sees(there(ada, true), there(ben)), there_.sees(there(ada, true), there(ben))]);
    await left.setAsking(id, ada.id, false);
    await there_.sees(there(ada), there(ben));
    const both = visit(right, id, ada);
    here.leave();
    await both.sees(there(ada), there(ben));
    both.leave();
    await there_.sees(there(ben));
  });

  test("the people of a process that ended go with it, at once or, when it died, after a while", async () => {
    const id = randomUUID();
    const watcher = visit(bookOf(await open()), id, ben);
    const dying = await open();
    await dying.exchange(id, [ada], []); // and never again
    await watcher.sees(there(ada), there(ben));
    await watcher.sees(there(ben));
    const ending = bookOf(await open());
    visit(ending, id, ada);
    await watcher.sees(there(ada), there(ben));
    await ending.close();
    await watcher.sees(there(ben));
  });

  test("while Redis is away a process knows its own people, and all again afterwards", async () => {
    const proxy = await openRedisProxy(address ?? "");
    closers.push(() => proxy.close());
    const [cut, whole] = [bookOf(await open(proxy.address)), bookOf(await open())];
    const id = randomUUID();
    const [inside, outside] = [visit(cut, id, ada), visit(whole, id, ben)];
    await Promise.all([inside.sees(there(ada), there(ben)), outside.sees(there(ada), there(ben))]);
    await proxy.kill();
    await Promise.all([inside.sees(there(ada)), outside.sees(there(ben))]);
    await cut.setAsking(id, ada.id, true);
    await inside.sees(there(ada, true));
    await proxy.restore();
    await Promise.all([inside.sees(there(ada), there(ben)), outside.sees(there(ada), there(ben))]);
  });

  test("leaves nothing in Redis that does not end by itself", async () => {
    const redis = await connect();
    const id = randomUUID();
    const store = await open();
    await store.exchange(id, [ada], []);
    await store.setAsking(id, ada.id, true);
    expect(await redis.commands.ttl(`${prefix}:presence:${id}`)).toBeGreaterThanOrEqual(0);
    await store.exchange(id, [], [ada.id]);
    await store.setAsking(id, ada.id, false);
    expect(await redis.commands.exists(`${prefix}:presence:${id}`)).toBe(0);
  });
});
