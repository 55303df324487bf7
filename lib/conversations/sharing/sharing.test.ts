import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { insertConversation } from "#db/index.ts";
import type { Viewer } from "../../auth/index.ts";
import { type Deps, openDeps } from "../../deps.ts";
import type { ConversationEvent } from "../../domain.ts";
import { readEnv } from "../../env.ts";
import { ConflictError, ForbiddenError, InvalidInputError, NotFoundError } from "../../errors.ts";
import { until } from "../../storage/redis-proxy.ts";
import { makeViewer, openTestDeps } from "../../testing/deps.ts";
import {
  attend,
  changeRole,
  createConversation,
  createLink,
  deleteConversation,
  findColleagues,
  getConversation,
  invite,
  join,
  listConversations,
  listLinks,
  listPeople,
  markRead,
  openLink,
  postMessage,
  removePerson,
  revokeLink,
  setAsking,
  subscribe,
} from "../index.ts";
import { NoLongerReaderError, watchAccess, watchMilliseconds } from "./access.ts";

const { DATABASE_URL: databaseUrl, REDIS_URL: redisUrl } = process.env;

/** Two processes on one database; without Redis there is only one. */
type OpenTwo = () => Promise<{ deps: Deps; elsewhere: Deps }>;

describe("sharing on embedded Postgres and memory", () =>
  suite(async () => {
    const deps = await openTestDeps();
    return { deps, elsewhere: deps };
  }));
if (databaseUrl && redisUrl) {
  describe("sharing between two processes on a real Postgres and Redis", () =>
    suite(async () => {
      const deps = await openTestDeps({ databaseUrl, redisUrl });
      const env = { NODE_ENV: "test", LOG_LEVEL: "silent", AUTH_SECRET: randomUUID() };
      const other = { ...env, DATABASE_URL: deps.databaseUrl, REDIS_URL: redisUrl, DATA_DIR: deps.env.dataDirectory };
      const elsewhere = await openDeps(readEnv(other));
      return { deps: { ...deps, close: () => elsewhere.close().then(() => deps.close()) }, elsewhere };
    }));
} else {
  describe.skip("sharing between two processes (skipped: DATABASE_URL or REDIS_URL is not set)", () => {
    test("skipped", () => undefined);
  });
}

function suite(open: OpenTwo): void {
  let deps: Deps;
  let elsewhere: Deps;
  let owner: Viewer;
  let ben: Viewer;
  const ends: AbortController[] = [];

  beforeAll(async () => {
    ({ deps, elsewhere } = await open());
    owner = { ...(await makeViewer(deps)), name: "Ada" };
    ben = { ...(await makeViewer(deps, owner.tenantId)), name: "Ben" };
  });
  afterEach(async () => {
    for (const end of ends.splice(0)) end.abort();
    await Promise.all([...deps.running.values()].map(({ done }) => done));
  });
  afterAll(() => deps?.close());

  const start = () => insertConversation(deps.database, owner, "Shared");
  const rolesOf = async (id: string) =>
    Object.fromEntries((await listPeople(deps, owner, id)).map((person) => [person.id, person.role]));

  /** Somebody's open window: what came to it, and how it ended. */
  function watch(on: Deps, viewer: Viewer, id: string, after?: string) {
    const end = new AbortController();
    ends.push(end);
    const events: (ConversationEvent & { id?: string })[] = [];
    const ended = (async () => {
      for await (const entry of await attend(on, viewer, id, { ...(after && { after }), signal: end.signal }))
        events.push({ ...entry.event, ...(entry.id !== undefined && { id: entry.id }) });
    })().then(
      () => null,
      (error: unknown) => error,
    );
    const last = <Type extends ConversationEvent["type"]>(type: Type) =>
      events.findLast((event): event is Extract<ConversationEvent, { type: Type }> & { id?: string } => {
        return event.type === type;
      });
    const present = () => last("presence")?.present.map(({ name, asking }) => (asking ? `${name} asks` : name));
    const sees = (...names: string[]) =>
      until(() => present()?.join() === names.join(), `${viewer.name} sees ${names}, not ${present()}`);
    return { events, ended, last, sees, close: () => end.abort() };
  }

  test("a colleague who is invited reads and asks; every open window hears who takes part", async () => {
    const id = await start();
    const window = watch(elsewhere, owner, id);
    await window.sees("Ada");
    const people = await invite(deps, owner, id, { email: ben.email.toUpperCase(), role: "reader" });
    expect(people.find((person) => person.id === ben.userId)).toMatchObject({ role: "reader", email: ben.email });
    await until(() => window.last("participants"), "the window heard");
    expect(window.last("participants")?.participants.map((person) => person.role)).toEqual([
      "owner",
      "answerer",
      "reader",
    ]);
    expect(JSON.stringify(window.last("participants"))).not.toContain("@");
    expect(await getConversation(deps, ben, id)).toMatchObject({ mayWrite: false, readerId: ben.userId });
    expect((await listConversations(deps, ben)).conversations.map((each) => each.id)).toContain(id);
    await expect(postMessage(deps, ben, id, { question: "May I?" })).rejects.toBeInstanceOf(NotFoundError);
    await changeRole(deps, owner, id, ben.userId, { role: "writer" });
    await until(() => window.last("participants")?.participants.some((person) => person.role === "writer"), "the role");
    const posted = await postMessage(elsewhere, ben, id, { question: "What is step 2?" });
    expect(posted.question.senderName).toBe("A Person");
    await Promise.all([...elsewhere.running.values()].map(({ done }) => done));
  });

  test("refusals say what was wrong, and change nothing", async () => {
    const id = await start();
    const stranger = await makeViewer(deps);
    const reader = await makeViewer(deps, owner.tenantId);
    await invite(deps, owner, id, { userId: reader.userId, role: "reader" });
    const before = await rolesOf(id);
    const asReader = { email: ben.email, role: "reader" };
    for (const [attempt, error, words] of [
      [() => invite(deps, owner, id, { email: stranger.email, role: "reader" }), InvalidInputError, stranger.email],
      [() => invite(deps, owner, id, { email: "nobody", role: "reader" }), InvalidInputError, "email"],
      [() => invite(deps, owner, id, { email: ben.email, role: "owner" }), InvalidInputError, "role"],
      [() => invite(deps, owner, id, { email: owner.email, role: "reader" }), ConflictError, "yourself"],
      [() => invite(deps, reader, id, asReader), ForbiddenError, "not invite"],
      [() => changeRole(deps, reader, id, owner.userId, { role: "reader" }), ForbiddenError, "owner"],
      [() => changeRole(deps, owner, id, "probatum", { role: "reader" }), InvalidInputError, "take part"],
      [() => changeRole(deps, owner, id, ben.userId, { role: "owner" }), InvalidInputError, "takes part"],
      [() => removePerson(deps, reader, id, owner.userId), ForbiddenError, "owner"],
      [() => removePerson(deps, owner, id, owner.userId), ConflictError, "Hand it over"],
      [() => createLink(deps, owner, id, { role: "reader", days: 91 }), InvalidInputError, "90"],
      [() => createLink(deps, reader, id, { role: "reader" }), ForbiddenError, "not invite"],
      [() => markRead(deps, owner, id, { sequenceId: -1 }), InvalidInputError, "sequenceId"],
      [() => setAsking(deps, owner, id, { asking: "yes" }), InvalidInputError, "asking"],
    ] as const) {
      const refused = attempt();
      await expect(refused, words).rejects.toBeInstanceOf(error);
      await expect(refused, words).rejects.toThrow(words);
    }
    expect(await rolesOf(id)).toEqual(before);
    expect(await listLinks(deps, owner, id)).toEqual([]);
  });

  test("whoever is removed hears it in every window at once, wherever it hangs, and finds nothing afterwards", async () => {
    const id = await start();
    await invite(deps, owner, id, { userId: ben.userId, role: "writer" });
    const windows = [watch(deps, ben, id), watch(elsewhere, ben, id)];
    const stays = watch(elsewhere, owner, id);
    await stays.sees("Ada", "Ben");
    const before = await deps.events.latestId(id);
    const since = performance.now();
    await removePerson(deps, owner, id, ben.userId);
    for (const window of windows) {
      expect(await window.ended).toBeInstanceOf(NoLongerReaderError);
      expect(window.last("participants")).toBeUndefined(); // nor who stays
    }
    expect(performance.now() - since).toBeLessThan(watchMilliseconds / 3); // not by the look that is taken now and then
    await stays.sees("Ada");
    await expect(getConversation(deps, ben, id)).rejects.toBeInstanceOf(NotFoundError);
    await expect(attend(elsewhere, ben, id, { signal: AbortSignal.abort() })).rejects.toBeInstanceOf(NotFoundError);
    await invite(deps, owner, id, { userId: ben.userId, role: "reader" });
    // The old news that he was removed ends no window of one who is back.
    const again = watch(elsewhere, ben, id, "0-1");
    const replayed = watch(elsewhere, ben, id, before);
    await Promise.all([again.sees("Ada", "Ben"), replayed.sees("Ada", "Ben")]);
    await until(() => replayed.last("participants")?.participants.some((person) => person.id === ben.userId), "news");
  });

  test("a window that heard of no removal is found out by the look that is taken again and again", async () => {
    const id = await start();
    await invite(deps, owner, id, { userId: ben.userId, role: "writer" });
    const lost: string[] = [];
    const access = [owner, ben].map((viewer) =>
      watchAccess(deps.database, viewer, id, ({ message }) => lost.push(`${viewer.name}: ${message}`)),
    );
    const look = () => Promise.all(access.map(({ check }) => check()));
    await look();
    expect(lost).toEqual([]);
    await deps.database.pool.query("delete from participants where conversation_id = $1 and participant_id = $2", [
      id,
      ben.userId,
    ]);
    await look();
    expect(lost).toEqual(["Ben: You no longer take part in this conversation."]);
    await deleteConversation(deps, owner, id);
    await access[0]?.check();
    expect(lost.at(-1)).toMatch(/^Ada: (This conversation was deleted|You no longer take part)/);
    for (const { stop } of access) stop();
  });

  test("the owner hands over, then may leave; the last list told is the one that holds", async () => {
    const id = await start();
    await invite(deps, owner, id, { userId: ben.userId, role: "reader" });
    const window = watch(deps, ben, id);
    await window.sees("Ben");
    await changeRole(deps, owner, id, ben.userId, { role: "owner" });
    expect(await rolesOf(id)).toMatchObject({ [ben.userId]: "owner", [owner.userId]: "writer" });
    await removePerson(elsewhere, owner, id, owner.userId);
    const others = await Promise.all([1, 2, 3, 4].map(() => makeViewer(deps, owner.tenantId)));
    await Promise.all(
      others.map(({ userId }, at) => invite(at % 2 ? deps : elsewhere, ben, id, { userId, role: "reader" })),
    );
    await until(() => window.last("participants")?.participants.length === 6, "all four were told");
    await Promise.all(others.map(({ userId }, at) => removePerson(at % 2 ? deps : elsewhere, ben, id, userId)));
    await until(() => window.last("participants")?.participants.length === 2, "nobody is left");
  });

  test("who is there comes first, is no event of the log, and is no news to whoever comes back", async () => {
    const id = await start();
    await invite(deps, owner, id, { userId: ben.userId, role: "writer" });
    const cursor = await deps.events.latestId(id);
    const [mine, his] = [watch(deps, owner, id, cursor), watch(elsewhere, ben, id, cursor)];
    await Promise.all([mine.sees("Ada", "Ben"), his.sees("Ada", "Ben")]);
    expect(his.events[0]?.type).toBe("presence");
    await setAsking(deps, ben, id, { asking: true });
    await Promise.all([mine.sees("Ada", "Ben asks"), his.sees("Ada", "Ben asks")]);
    await setAsking(elsewhere, ben, id, { asking: false });
    await mine.sees("Ada", "Ben");
    his.close();
    await mine.sees("Ada");
    expect(mine.events.every((event) => event.type === "presence" && event.id === undefined)).toBe(true);
    expect(await deps.events.latestId(id)).toBe(cursor);
    await changeRole(deps, owner, id, ben.userId, { role: "reader" });
    await setAsking(deps, ben, id, { asking: true }); // a reader asks nothing
    const again = watch(elsewhere, ben, id);
    await again.sees("Ada", "Ben");
  });

  test("without its windows nothing is held: subscribers and those present go when a stream ends", async () => {
    const id = await start();
    const before = elsewhere.events.stats().subscribers;
    const window = watch(elsewhere, owner, id);
    await window.sees("Ada");
    expect(elsewhere.events.stats().subscribers).toBe(before + 1);
    window.close();
    expect(await window.ended).toBeNull();
    for await (const _ of await attend(elsewhere, owner, id, { signal: new AbortController().signal })) break;
    await until(() => elsewhere.events.stats().subscribers === before, "the subscriptions ended");
    const plain = await subscribe(deps, owner, id, { signal: AbortSignal.abort() });
    expect((await plain[Symbol.asyncIterator]().next()).done).toBe(true);
  });

  test("a link shows its title, lets one join by a press only, and is found no more once it has ended", async () => {
    const id = await start();
    const newcomer = await makeViewer(deps, owner.tenantId);
    const stranger = await makeViewer(deps);
    const { path, ...link } = await createLink(deps, owner, id, { role: "writer" });
    expect((Date.parse(link.expiresAt) - Date.now()) / 86_400_000).toBeCloseTo(7, 1);
    const secret = path.replace("/join/", "");
    expect(Buffer.from(secret, "base64url")).toHaveLength(32);
    const { rows } = await deps.database.pool.query("select to_jsonb(l)::text as stored from conversation_links l");
    expect(JSON.stringify(rows)).not.toContain(secret);
    expect(await listLinks(deps, owner, id)).toEqual([link]);
    expect(await openLink(deps, newcomer, secret)).toMatchObject({ title: "Shared", role: "writer", present: false });
    await expect(getConversation(deps, newcomer, id)).rejects.toBeInstanceOf(NotFoundError);
    const message = "The link was not found.";
    for (const wrong of ["", "x", `${secret}x`, secret.slice(1), "A".repeat(43), "../../etc"]) {
      await expect(openLink(deps, newcomer, wrong), wrong).rejects.toThrow(message);
      await expect(join(deps, newcomer, { secret: wrong }), wrong).rejects.toThrow(message);
    }
    await expect(openLink(deps, stranger, secret)).rejects.toThrow(message);
    await expect(join(deps, stranger, { secret })).rejects.toThrow(message);
    const window = watch(elsewhere, owner, id);
    await window.sees("Ada");
    expect(await join(deps, newcomer, { secret })).toEqual({ conversationId: id });
    await until(() => window.last("participants"), "the window heard");
    expect(await getConversation(deps, newcomer, id)).toMatchObject({ role: "writer", mayWrite: true });
    expect(await openLink(deps, newcomer, secret)).toMatchObject({ present: true });
    expect((await listLinks(deps, newcomer, id)).map((each) => each.mayRevoke)).toEqual([false]);
    await expect(revokeLink(deps, newcomer, id, link.id)).rejects.toBeInstanceOf(ForbiddenError);
    await revokeLink(deps, owner, id, link.id);
    await expect(openLink(deps, ben, secret)).rejects.toThrow(message);
    await expect(join(deps, ben, { secret })).rejects.toThrow(message);
  });

  test("many marks at once are written together, and each is told whether it was theirs", async () => {
    const posted = await createConversation(deps, owner, { question: "What is step 2?" });
    const id = posted.conversationId;
    await invite(deps, owner, id, { userId: ben.userId, role: "reader" });
    const unread = async (viewer: Viewer) => (await getConversation(deps, viewer, id)).unread;
    expect([await unread(owner), await unread(ben)]).toEqual([1, 2]);
    const outcomes = await Promise.allSettled([
      markRead(deps, ben, id, { sequenceId: 2 }),
      markRead(deps, await makeViewer(deps, owner.tenantId), id, { sequenceId: 2 }),
      markRead(deps, ben, id, { sequenceId: 1 }),
      markRead(deps, owner, id, { sequenceId: 1_000_000 }),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled", "fulfilled"]);
    expect([await unread(owner), await unread(ben)]).toEqual([0, 0]);
    const people = await listPeople(deps, ben, id);
    expect(people.find((person) => person.id === owner.userId)).toMatchObject({ lastRead: 2, unread: 0 });
  });

  test("colleagues are looked for in one's own organisation", async () => {
    const stranger = await makeViewer(deps);
    const found = await findColleagues(deps, owner, { text: ` ${ben.email.slice(0, 18)} `, conversation: null });
    expect(found).toEqual([{ id: ben.userId, name: "A Person", email: ben.email }]);
    expect(await findColleagues(deps, stranger, { text: ben.email, conversation: null })).toEqual([]);
    await expect(findColleagues(deps, owner, { text: "a", conversation: "x" })).rejects.toThrow("conversation");
  });
}
