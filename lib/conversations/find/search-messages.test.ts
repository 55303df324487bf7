import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Viewer } from "../../auth/index.ts";
import type { Deps } from "../../deps.ts";
import { InvalidInputError, NotFoundError } from "../../errors.ts";
import { makeCorpus, makeViewer, openTestDeps } from "../../testing/deps.ts";
import { handWritten } from "../../testing/hand-written.ts";
import {
  archiveConversation,
  createConversation,
  deleteConversation,
  embedMessages,
  labelConversation,
  listConversations,
  pinConversation,
  restoreConversation,
  searchMessages,
  startEmbeddingMessages,
  unarchiveConversation,
  unpinConversation,
} from "../index.ts";

const { DATABASE_URL: databaseUrl } = process.env;

describe("finding again, on embedded Postgres", () => suite(() => openTestDeps()));
if (databaseUrl) describe("finding again, on a real Postgres", () => suite(() => openTestDeps({ databaseUrl })));
else describe.skip("finding again, on a real Postgres (skipped: DATABASE_URL is not set)", () => suite(openTestDeps));

function suite(open: () => Promise<Deps>): void {
  let deps: Deps;
  let slug: string;

  beforeAll(async () => {
    deps = await open();
    slug = await makeCorpus(deps, handWritten);
  });
  afterAll(() => deps?.close());

  async function ask(viewer: Viewer, question: string): Promise<string> {
    const { conversationId } = await createConversation(deps, viewer, { question, collections: [slug] });
    await Promise.all([...deps.running.values()].map(({ done }) => done));
    return conversationId;
  }

  async function join(id: string, colleague: Viewer): Promise<void> {
    await deps.database.pool.query(
      "insert into participants (conversation_id, participant_id, kind, role) values ($1, $2, 'human', 'writer')",
      [id, colleague.userId],
    );
  }

  const rename = (viewer: Viewer, name: string) =>
    deps.database.pool.query("update users set name = $2 where id = $1", [viewer.userId, name]);
  const idsOf = (found: { conversations: { id: string }[] }) => found.conversations.map(({ id }) => id);
  const textOf = (segments: { text: string }[]) => segments.map(({ text }) => text).join("");

  test("a word finds question, answer and title, with the word marked and never as markup", async () => {
    const viewer = await makeViewer(deps);
    const id = await ask(viewer, "What is the starting dose of <b>warfarin</b> in atrial fibrillation?");
    await ask(viewer, "When is metformin stopped?");
    const found = await searchMessages(deps, viewer, { query: "warfar" });
    expect(idsOf(found)).toEqual([id]);
    const [conversation] = found.conversations;
    expect(conversation?.title).toContainEqual({ text: "warfarin", marked: true });
    expect(conversation?.messages.map(({ role }) => role).toSorted()).toEqual(["assistant", "user"]);
    const question = conversation?.messages.find(({ role }) => role === "user");
    expect(textOf(question?.snippet ?? [])).toBe(
      "What is the starting dose of <b>warfarin</b> in atrial fibrillation?",
    );
    expect(question?.snippet).toContainEqual({ text: "warfarin", marked: true });
    expect(question?.senderName).toBe("A Person");
  });

  test("a message is found by meaning once it has its vector, and by words before", async () => {
    const viewer = await makeViewer(deps);
    const id = await ask(viewer, "When is metformin stopped?");
    // The vectors of these tests come near where words are shared; "kidneys" is in no message.
    const byMeaning = { query: "metformin stopped kidneys" };
    expect(idsOf(await searchMessages(deps, viewer, byMeaning))).toEqual([]);
    expect(idsOf(await searchMessages(deps, viewer, { query: "metformin stopped" }))).toEqual([id]);
    expect(await embedMessages(deps)).toBeGreaterThanOrEqual(2);
    const found = await searchMessages(deps, viewer, byMeaning);
    expect(idsOf(found)).toEqual([id]);
    expect(found.byMeaning).toBe(true);
    expect(found.conversations[0]?.messages.every(({ byWords }) => !byWords)).toBe(true);
    expect(await embedMessages(deps), "nothing is embedded twice").toBe(0);
  });

  test("a model that cannot be asked leaves the words, and says so", async () => {
    const viewer = await makeViewer(deps);
    const id = await ask(viewer, "When is metformin stopped?");
    const broken = { ...deps, embeddingsOf: () => Promise.reject(new Error("no model")) };
    const found = await searchMessages(broken, viewer, { query: "metformin" });
    expect(idsOf(found)).toEqual([id]);
    expect(found.byMeaning).toBe(false);
  });

  test("the server embeds by itself what is new, but not while an answer is made", async () => {
    const viewer = await makeViewer(deps);
    await ask(viewer, "When is metformin stopped?");
    const unembedded = async () => {
      const { rows } = await deps.database.pool.query<{ count: number }>(
        "select count(*)::int as count from messages where tenant_id = $1 and embedding is null and content <> ''",
        [viewer.tenantId],
      );
      return rows[0]?.count ?? 0;
    };
    const running: Deps["running"] = new Map([["answer", { abort: new AbortController(), done: Promise.resolve() }]]);
    let looked = 0;
    const counting = {
      ...deps,
      running,
      embeddingsOf: ((...space) => {
        looked += 1;
        return deps.embeddingsOf(...space);
      }) as Deps["embeddingsOf"],
    };
    const stop = startEmbeddingMessages(counting, 10);
    try {
      await expect.poll(() => running.size).toBe(1);
      expect(looked).toBe(0);
      running.clear();
      await expect.poll(unembedded, { timeout: 10_000 }).toBe(0);
    } finally {
      stop();
    }
  });

  test("days are the viewer's own, and people are those who take part", async () => {
    const viewer = await makeViewer(deps);
    const colleague = await makeViewer(deps, viewer.tenantId);
    await rename(colleague, "Ana Ruiz");
    const alone = await ask(viewer, "When is metformin stopped?");
    const together = await ask(viewer, "What is the target INR?");
    await join(together, colleague);
    await deps.database.pool.query(
      "update messages set created_at = '2026-03-10T23:30:00Z' where conversation_id = $1",
      [alone],
    );
    const now = new Date("2026-03-12T12:00:00Z");
    const on = async (query: string, timeZone: string) =>
      idsOf(await searchMessages(deps, viewer, { query, timeZone }, now));
    expect(await on("yesterday", "Europe/Madrid")).toEqual([alone]);
    expect(await on("yesterday", "America/New_York")).toEqual([]);
    expect(await on("metformin 2 days ago", "America/New_York")).toEqual([alone]);
    const withAna = await searchMessages(deps, viewer, { query: "INR with Ana" });
    expect(idsOf(withAna)).toEqual([together]);
    expect(withAna.understood).toMatchObject({ words: "INR", withPeople: ["Ana Ruiz"] });
    expect(withAna.conversations[0]).toMatchObject({ people: ["Ana Ruiz"], shared: true });
    expect(idsOf(await searchMessages(deps, viewer, { query: "metformin with Ana" }))).toEqual([]);
    expect(idsOf(await searchMessages(deps, viewer, { query: "from Ana" }))).toEqual([]);
    expect(idsOf(await searchMessages(deps, colleague, { query: "INR" }))).toEqual([together]);
    expect(idsOf(await searchMessages(deps, colleague, { query: "metformin" }))).toEqual([]);
  });

  test("pages hold every message once, also when others are written in between", async () => {
    const viewer = await makeViewer(deps);
    for (let at = 0; at < 4; at += 1) await ask(viewer, `When is metformin stopped, case ${at}?`);
    const all = (await searchMessages(deps, viewer, { query: "metformin", limit: 50 })).conversations;
    const count = all.flatMap(({ messages }) => messages).length;
    expect(count).toBeGreaterThanOrEqual(4);
    const seen: string[] = [];
    let before: string | undefined;
    do {
      const page = await searchMessages(deps, viewer, { query: "metformin", limit: 3, ...(before && { before }) });
      seen.push(...page.conversations.flatMap(({ messages }) => messages.map(({ id }) => id)));
      before = page.next ?? undefined;
      if (seen.length === 3) await ask(viewer, "metformin metformin metformin");
    } while (before);
    expect(seen).toHaveLength(count);
    expect(new Set(seen).size).toBe(count);
  });

  test("input that does not fit is refused by name", async () => {
    const viewer = await makeViewer(deps);
    for (const [input, named] of [
      [{ query: "  " }, "query"],
      [{ query: "x".repeat(501) }, "query"],
      [{ query: "x", limit: 51 }, "limit"],
      [{ query: "x", before: "x~1" }, "before"],
      [{ query: "x", timeZone: "Mars/Base" }, "timeZone"],
    ] as const) {
      const refusal = searchMessages(deps, viewer, input);
      await expect(refusal, JSON.stringify(input)).rejects.toThrow(InvalidInputError);
      await expect(refusal).rejects.toThrow(named);
    }
    for (const query of ["'", "a & b | !c", ":*", "\\", "<>", '"', "%", "(((", "\u0000"]) {
      await searchMessages(deps, viewer, { query: `x ${query}` });
    }
  });

  test("each orders their own list: pins first, labels narrow, the archive and the trash give back", async () => {
    const viewer = await makeViewer(deps);
    const colleague = await makeViewer(deps, viewer.tenantId);
    const [one, two, three] = [await ask(viewer, "INR?"), await ask(viewer, "eGFR?"), await ask(viewer, "Dose?")];
    await join(one, colleague);
    expect(await pinConversation(deps, viewer, one)).toMatchObject({ pinned: true });
    expect(idsOf(await listConversations(deps, viewer))).toEqual([one, three, two]);
    const pages = await listConversations(deps, viewer, { limit: 1 });
    expect(idsOf(await listConversations(deps, viewer, { limit: 1, before: pages.next ?? "" }))).toEqual([three]);
    await unpinConversation(deps, viewer, one);
    expect(idsOf(await listConversations(deps, viewer))).toEqual([three, two, one]);

    const labels = ["  Ward   3 ", "ward 3", "Kidney"];
    expect(await labelConversation(deps, viewer, one, { labels })).toMatchObject({ labels: ["Ward 3", "Kidney"] });
    const narrowed = await listConversations(deps, viewer, { label: "Ward 3" });
    expect(idsOf(narrowed)).toEqual([one]);
    expect(narrowed.labels).toEqual(["Kidney", "Ward 3"]);
    expect(await listConversations(deps, colleague)).toMatchObject({ labels: [], conversations: [{ labels: [] }] });
    for (const wrong of [{ labels: ["x".repeat(41)] }, { labels: [" "] }, { labels: Array(21).fill("x") }, {}]) {
      await expect(labelConversation(deps, viewer, one, wrong)).rejects.toThrow(InvalidInputError);
    }
    expect(idsOf(await listConversations(deps, viewer, { with: colleague.userId }))).toEqual([one]);

    await archiveConversation(deps, viewer, two);
    expect(idsOf(await listConversations(deps, viewer))).toEqual([three, one]);
    expect(idsOf(await listConversations(deps, viewer, { archived: "true" }))).toEqual([two]);
    const found = await searchMessages(deps, viewer, { query: "eGFR" });
    expect(found.conversations.find(({ id }) => id === two)).toMatchObject({ archived: true });
    await unarchiveConversation(deps, viewer, two);
    expect(idsOf(await listConversations(deps, viewer))).toContain(two);

    await deleteConversation(deps, viewer, one);
    expect(idsOf(await listConversations(deps, viewer, { deleted: true }))).toEqual([one]);
    expect(idsOf(await listConversations(deps, colleague, { deleted: true })), "not theirs to restore").toEqual([]);
    expect(idsOf(await searchMessages(deps, viewer, { query: "INR" }))).not.toContain(one);
    await restoreConversation(deps, viewer, one);
    expect(idsOf(await listConversations(deps, viewer, { deleted: true }))).toEqual([]);

    const stranger = await makeViewer(deps, viewer.tenantId);
    for (const verb of [pinConversation, unpinConversation, unarchiveConversation]) {
      await expect(verb(deps, stranger, one)).rejects.toThrow(NotFoundError);
    }
    await expect(labelConversation(deps, stranger, one, { labels: ["x"] })).rejects.toThrow(NotFoundError);
    await expect(listConversations(deps, viewer, { before: "2~x~y" })).rejects.toThrow(InvalidInputError);
  });
}
