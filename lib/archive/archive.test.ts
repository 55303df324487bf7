import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type AuditRow, selectAudit } from "#db/index.ts";
import type { Viewer } from "../auth/index.ts";
import { moveMonth } from "../conversation-months/index.ts";
import {
  createConversation,
  deleteConversation,
  listConversations,
  restoreConversation,
} from "../conversations/index.ts";
import type { Deps } from "../deps.ts";
import { ConflictError, ForbiddenError, InvalidInputError, NotFoundError } from "../errors.ts";
import { giveFeedback } from "../feedback/index.ts";
import { makeCorpus, makeViewer, openTestDeps } from "../testing/deps.ts";
import { handWritten, warfarinQuestion } from "../testing/hand-written.ts";
import {
  cancelJob,
  changeArchivedConversation,
  downloadJob,
  findConversations,
  getArchiveMode,
  listJobs,
  openArchived,
  ReasonNeededError,
  readArchived,
  removeExpired,
  requestChange,
  requestExport,
  setArchiveMode,
  usageFigures,
} from "./index.ts";
import { carryOutJob } from "./jobs/carry-out.ts";
import { rollUpUsage } from "./usage/roll-up.ts";

const { DATABASE_URL: databaseUrl, REDIS_URL: redisUrl } = process.env;

describe("the archive on embedded Postgres", () => suite(() => openTestDeps()));
if (databaseUrl && redisUrl)
  describe("the archive on a real Postgres", () => suite(() => openTestDeps({ databaseUrl, redisUrl })));
else
  describe.skip("the archive on a real Postgres (skipped: DATABASE_URL is not set)", () => suite(() => openTestDeps()));

const reason = { kind: "incident", text: "Reported as wrong by the ward" };
const nobody = new AbortController().signal;

function suite(open: () => Promise<Deps>): void {
  let deps: Deps;
  let slug: string;
  beforeAll(async () => {
    deps = await open();
    slug = await makeCorpus(deps, handWritten);
  });
  afterAll(() => deps?.close());

  /** A tenant with somebody who asks and somebody who archives; both act confined to it, as in a request. */
  async function tenant(role = "archivist") {
    const asker = await makeViewer(deps);
    const archivist = await someone(asker.tenantId, role);
    const own = { ...deps, database: deps.database.confinedTo(asker.tenantId) };
    return { asker, archivist, own };
  }
  async function someone(tenantId: string, role: string): Promise<Viewer> {
    const viewer = await makeViewer(deps, tenantId);
    await deps.database.pool.query("update members set role = $2 where user_id = $1", [viewer.userId, role]);
    await deps.database.pool.query("update users set name = 'Ada Archive' where id = $1", [viewer.userId]);
    return { ...viewer, role };
  }
  async function asked(viewer: Viewer, question = warfarinQuestion): Promise<string> {
    const { conversationId, answer } = await createConversation(deps, viewer, { question, collections: [slug] });
    await deps.running.get(answer.id)?.done;
    return conversationId;
  }
  const audit = (tenantId: string, action: string): Promise<AuditRow[]> =>
    selectAudit(
      deps.database,
      tenantId,
      { actorIds: null, action, subjectId: null, from: null, until: null },
      { limit: 100 },
    );
  const ids = async (own: Deps, viewer: Viewer, filter: object = {}) =>
    (await findConversations(own, viewer, filter)).conversations.map(({ id }) => id).sort();

  describe("finding", () => {
    test("by person, date, words, collection, feedback and state; titles and figures only", async () => {
      const { asker, archivist, own } = await tenant();
      const other = await makeViewer(deps, asker.tenantId);
      const [one, two] = [await asked(asker), await asked(other, "How is zzqxplorbitis of the moon treated?")];
      const gone = await asked(asker, "When is metformin stopped?");
      await deleteConversation(deps, asker, gone);
      const answer = await deps.database.pool.query(
        "select id from messages where conversation_id = $1 and role = 'assistant'",
        [one],
      );
      await giveFeedback(deps, asker, one, answer.rows[0].id, { kind: "outdated" });
      expect(await ids(own, archivist)).toEqual([one, two, gone].sort());
      expect(await ids(own, archivist, { person: other.email.slice(0, 20) })).toEqual([two]);
      expect(await ids(own, archivist, { person: asker.userId })).toEqual([one, gone].sort());
      expect(await ids(own, archivist, { person: "nobody at all" })).toEqual([]);
      expect(await ids(own, archivist, { words: "starting dose 5 mg" })).toEqual([one]);
      expect(await ids(own, archivist, { words: "zzqxplorbitis" })).toEqual([two]);
      expect(await ids(own, archivist, { collection: slug })).toContain(one);
      expect(await ids(own, archivist, { collection: slug })).not.toContain(two);
      expect(await ids(own, archivist, { feedback: "outdated" })).toEqual([one]);
      expect(await ids(own, archivist, { feedback: "wrong" })).toEqual([]);
      expect(await ids(own, archivist, { state: "abstained" })).toContain(two);
      expect(await ids(own, archivist, { state: "abstained" })).not.toContain(one);
      expect(await ids(own, archivist, { state: "deleted" })).toEqual([gone]);
      expect(await ids(own, archivist, { state: "open", from: "2000-01-01", until: "2001-01-01" })).toEqual([]);
      const found = await findConversations(own, archivist, { words: "starting dose" });
      expect(JSON.stringify(found)).not.toContain("5 mg"); // what only the answer says
      await expect(findConversations(own, archivist, { state: "lost" })).rejects.toThrow(/“state”/);
      await expect(findConversations(own, archivist, { words: "the of and" })).rejects.toThrow(/rarer/);
    });

    test("shows no other tenant's, and nothing to those who may not", async () => {
      const { asker, own } = await tenant();
      const id = await asked(asker);
      const other = await tenant();
      expect(await ids(other.own, other.archivist)).toEqual([]);
      // Beside row-level security, the WHERE alone keeps them apart.
      expect(await ids(deps, other.archivist)).toEqual([]);
      await expect(openArchived(deps, other.archivist, id, reason)).rejects.toThrow(NotFoundError);
      await expect(readArchived(deps, other.archivist, id)).rejects.toThrow(NotFoundError);
      await expect(
        changeArchivedConversation(deps, other.archivist, id, { change: { action: "delete" }, reason }),
      ).rejects.toThrow(NotFoundError);
      for (const role of ["reader", "clinician", "curator"]) {
        const viewer = await someone(asker.tenantId, role);
        await expect(findConversations(own, viewer)).rejects.toThrow(ForbiddenError);
        await expect(openArchived(own, viewer, id, reason)).rejects.toThrow(ForbiddenError);
        await expect(readArchived(own, viewer, id)).rejects.toThrow(ForbiddenError);
        await expect(requestExport(own, viewer, { filter: {}, form: "csv", reason })).rejects.toThrow(ForbiddenError);
      }
      expect(await audit(other.asker.tenantId, "archive")).toEqual([]);
    });

    test("goes from page to page without a gap, also where several were used in one instant", async () => {
      const { asker, archivist, own } = await tenant();
      await deps.database.pool.query(
        `insert into conversations (tenant_id, owner_id, title, updated_at)
         select $1, $2, 'No. ' || n, '2026-01-01'::timestamptz + make_interval(secs => n / 7) from generate_series(1, 60) n`,
        [asker.tenantId, asker.userId],
      );
      const seen: string[] = [];
      for (let before: string | undefined; ; ) {
        const page = await findConversations(own, archivist, {}, { before, limit: 25 });
        seen.push(...page.conversations.map(({ title }) => title));
        if (page.next === null) break;
        before = page.next;
      }
      expect(new Set(seen).size).toBe(60);
      expect(seen).toHaveLength(60);
      await expect(findConversations(own, archivist, {}, { before: "x~y" })).rejects.toThrow(InvalidInputError);
    });
  });

  describe("reading", () => {
    test("needs a reason, which is recorded before anything is shown, and holds for one person and conversation", async () => {
      const { asker, archivist, own } = await tenant();
      const [one, two] = [await asked(asker), await asked(asker)];
      await expect(readArchived(own, archivist, one)).rejects.toThrow(ReasonNeededError);
      await expect(openArchived(own, archivist, one, { kind: "incident", text: "short" })).rejects.toThrow(/10/);
      await expect(openArchived(own, archivist, one, { kind: "fun", text: reason.text })).rejects.toThrow(/kind/);
      expect(await audit(asker.tenantId, "archive.read")).toEqual([]);
      const { readableUntil } = await openArchived(own, archivist, one, reason);
      expect(Date.parse(readableUntil) - Date.now()).toBeGreaterThan(29 * 60_000);
      expect(await audit(asker.tenantId, "archive.read")).toMatchObject([
        { actorId: archivist.userId, subjectId: one, details: { reasonKind: "incident", reason: reason.text } },
      ]);
      const read = await readArchived(own, archivist, one);
      expect(read.shown.map(({ content }) => content)[0]).toBe(warfarinQuestion);
      expect(read.shown[1]?.answer?.sentences[0]?.citations[0]?.today?.status).toBe("current");
      await expect(readArchived(own, archivist, two)).rejects.toThrow(ReasonNeededError);
      const second = await someone(asker.tenantId, "archivist");
      await expect(readArchived(own, second, one)).rejects.toThrow(ReasonNeededError);
      // No participant: their own list and the conversation's people are as before.
      expect(read.participants.map(({ id }) => id)).not.toContain(archivist.userId);
      expect((await listConversations(own, archivist, {})).conversations).toEqual([]);
      await deps.database.pool.query("update archive_openings set expires_at = now() where user_id = $1", [
        archivist.userId,
      ]);
      await expect(readArchived(own, archivist, one)).rejects.toThrow(ReasonNeededError);
    });

    test("what cannot be recorded is not opened", async () => {
      const { asker, archivist } = await tenant();
      const id = await asked(asker);
      await deps.database.pool.query(
        `create function refuse_audit() returns trigger language plpgsql as $$ begin
           if new.action = 'archive.read' then raise exception 'the log is full'; end if; return new; end $$;
         create trigger refuse_audit before insert on audit_log for each row execute function refuse_audit()`,
      );
      try {
        await expect(openArchived(deps, archivist, id, reason)).rejects.toThrow(/full/);
        await expect(readArchived(deps, archivist, id)).rejects.toThrow(ReasonNeededError);
      } finally {
        await deps.database.pool.query("drop trigger refuse_audit on audit_log; drop function refuse_audit()");
      }
    });

    test("also what was moved to the object store, found by its words as before", async () => {
      const { asker, archivist, own } = await tenant();
      const id = await asked(asker, "What is the starting dose of warfarin?");
      const { rows } = await deps.database.pool.query<{ content: string }>(
        "select content from messages where conversation_id = $1 and role = 'assistant'",
        [id],
      );
      const words = rows[0]?.content.match(/[a-z]{8,}/g) ?? [];
      const said = words.find((word) => !"starting dose of warfarin".includes(word)) as string;
      expect(await ids(own, archivist, { words: said })).toEqual([id]);
      await deps.database.pool.query("update conversations set updated_at = now() - interval '9 days' where id = $1", [
        id,
      ]);
      await moveMonth(deps, `${new Date().toISOString().slice(0, 7)}-01`, { idleDays: 7 });
      expect(await ids(own, archivist, { state: "moved" })).toEqual([id]);
      expect(await ids(own, archivist, { words: "starting warfarin" })).toEqual([id]);
      expect(await ids(own, archivist, { words: said })).toEqual([id]);
      const other = await tenant();
      expect(await ids(other.own, other.archivist, { words: said })).toEqual([]);
      expect(await ids(own, archivist, { collection: slug })).toEqual([id]);
      await openArchived(own, archivist, id, reason);
      expect((await readArchived(own, archivist, id)).shown).toHaveLength(2);
    });
  });

  describe("the mode", () => {
    test("pseudonymised: the same pseudonym everywhere, no name, address or id; it finds by itself alone", async () => {
      const { asker, archivist, own } = await tenant("owner");
      const id = await asked(asker);
      await setArchiveMode(own, archivist, { mode: "pseudonymised" });
      const { conversations } = await findConversations(own, archivist);
      const name = conversations[0]?.owner.name as string;
      expect(name).toMatch(/^Person [A-Z2-9]{10}$/);
      await openArchived(own, archivist, id, reason);
      const read = await readArchived(own, archivist, id);
      expect(read.participants.map((one) => one.name)).toEqual([name, "Probatum"]);
      const shown = JSON.stringify([conversations, read]);
      for (const secret of [asker.userId, asker.email, asker.name]) expect(shown).not.toContain(secret);
      expect(await ids(own, archivist, { person: name })).toEqual([id]);
      expect(await ids(own, archivist, { person: asker.email })).toEqual([]);
      expect(await ids(own, archivist, { person: asker.userId })).toEqual([]);
      const other = await tenant("owner");
      await deps.database.pool.query("insert into members (tenant_id, user_id, role) values ($1, $2, 'clinician')", [
        other.asker.tenantId,
        asker.userId,
      ]);
      await asked({ ...asker, tenantId: other.asker.tenantId });
      await setArchiveMode(other.own, other.archivist, { mode: "pseudonymised" });
      const elsewhere = await findConversations(other.own, other.archivist);
      expect(elsewhere.conversations[0]?.owner.name).not.toBe(name); // each tenant has a key of its own
    });

    test("off: nothing is listed, read, changed, exported or downloaded, whoever asks; only an owner ends it", async () => {
      const { asker, archivist: owner, own } = await tenant("owner");
      const administrator = await someone(asker.tenantId, "administrator");
      const id = await asked(asker);
      await openArchived(own, owner, id, reason);
      const job = await requestExport(own, owner, { filter: {}, form: "jsonl", reason });
      expect(await carryOutJob(deps, job.id, "w", nobody)).toBe("complete");
      await expect(setArchiveMode(own, administrator, { mode: "off" })).rejects.toThrow(ForbiddenError);
      await setArchiveMode(own, administrator, { mode: "pseudonymised" });
      await expect(downloadJob(own, owner, job.id)).rejects.toThrow(ForbiddenError); // it holds names
      await expect(setArchiveMode(own, administrator, { mode: "normal" })).rejects.toThrow(ForbiddenError);
      await setArchiveMode(own, owner, { mode: "off" });
      const refused = [
        () => findConversations(own, owner),
        () => openArchived(own, owner, id, reason),
        () => readArchived(own, owner, id),
        () => changeArchivedConversation(own, owner, id, { change: { action: "archive" }, reason }),
        () => requestExport(own, owner, { filter: {}, form: "csv", reason }),
        () => requestChange(own, owner, { filter: {}, change: { action: "archive" }, reason }),
        () => downloadJob(own, owner, job.id),
        () => listJobs(own, owner),
      ];
      for (const refuse of refused) await expect(refuse()).rejects.toThrow(/switched the archive off/);
      for (const mode of ["normal", "pseudonymised"])
        await expect(setArchiveMode(own, administrator, { mode })).rejects.toThrow(ForbiddenError);
      await setArchiveMode(own, owner, { mode: "normal" });
      expect(await getArchiveMode(own, owner)).toBe("normal");
      expect((await audit(asker.tenantId, "archive.mode")).map(({ details }) => details)).toEqual([
        { from: "off", to: "normal" },
        { from: "pseudonymised", to: "off" },
        { from: "normal", to: "pseudonymised" },
      ]);
    });
  });

  describe("changing", () => {
    test("archives, restores, holds and deletes for everybody, each recorded with its reason", async () => {
      const { asker, archivist, own } = await tenant();
      const id = await asked(asker);
      const change = (action: string, more = {}) =>
        changeArchivedConversation(own, archivist, id, { change: { action, ...more }, reason });
      const listed = async (which = {}) => (await listConversations(deps, asker, which)).conversations.length;
      expect((await change("archive")).archived).toBe(true);
      expect([await listed(), await listed({ archived: true })]).toEqual([0, 1]);
      await change("restore");
      expect(await listed()).toBe(1);
      expect((await change("hold")).heldUntil).toBe("infinity");
      await expect(change("delete")).rejects.toThrow(ConflictError);
      await change("release");
      await expect(change("retain", { until: "2020-01-01T00:00:00Z" })).rejects.toThrow(/passed/);
      expect((await change("retain", { until: "2099-01-01T00:00:00Z" })).heldUntil).toBe("2099-01-01T00:00:00Z");
      await change("release");
      expect((await change("delete")).deletedAt).not.toBeNull();
      expect([await listed(), await listed({ deleted: true })]).toEqual([0, 0]);
      await expect(restoreConversation(deps, asker, id)).rejects.toThrow(NotFoundError); // not the owner's to take back
      await change("restore");
      expect(await listed()).toBe(1);
      const actions = (await audit(asker.tenantId, "archive")).map(({ action }) => action).reverse();
      expect(actions).toEqual(
        ["archive", "restore", "hold", "release", "retain", "release", "delete", "restore"].map(
          (one) => `archive.${one}`,
        ),
      );
    });

    test("what is held outlives its owner's deletion and its day", async () => {
      const { asker, archivist, own } = await tenant();
      const id = await asked(asker);
      await changeArchivedConversation(own, archivist, id, { change: { action: "hold" }, reason });
      await deleteConversation(deps, asker, id);
      await deps.database.pool.query("update conversations set deleted_at = now() - interval '99 days' where id = $1", [
        id,
      ]);
      const { purgeConversations } = await import("../conversations/index.ts");
      await purgeConversations(deps);
      expect(await ids(own, archivist)).toEqual([id]);
      await changeArchivedConversation(own, archivist, id, { change: { action: "release" }, reason });
      await purgeConversations(deps);
      expect(await ids(own, archivist)).toEqual([]);
    });

    test("two archivists at once: one deed is done and recorded once", async () => {
      const { asker, archivist, own } = await tenant();
      const second = await someone(asker.tenantId, "archivist");
      const id = await asked(asker);
      await Promise.all(
        [archivist, second, archivist, second].map((viewer) =>
          changeArchivedConversation(own, viewer, id, { change: { action: "archive" }, reason }),
        ),
      );
      expect(await audit(asker.tenantId, "archive.archive")).toHaveLength(1);
    });
  });

  describe("jobs", () => {
    test("an export holds every message once, safe for spreadsheets, is its asker's, and goes after its day", async () => {
      const { asker, archivist, own } = await tenant();
      const first = await asked(asker, '=HYPERLINK("http://x","y") and warfarin in atrial fibrillation, "quoted"');
      await asked(asker);
      const job = await requestExport(own, archivist, { filter: { words: "warfarin" }, form: "csv", reason });
      await expect(downloadJob(own, archivist, job.id)).rejects.toThrow(NotFoundError); // not written yet
      expect(await carryOutJob(deps, job.id, "w", nobody)).toBe("complete");
      const done = (await listJobs(own, archivist))[0];
      expect(done).toMatchObject({ status: "complete", counts: { conversations: 2, messages: 4, total: 2 } });
      const file = await downloadJob(own, archivist, job.id);
      const chunks: Uint8Array[] = [];
      for await (const bytes of file.body) chunks.push(bytes);
      const text = Buffer.concat(chunks).toString("utf8");
      expect(text.startsWith('"conversation","title"')).toBe(true);
      expect(text.split("\r\n")).toHaveLength(6);
      expect(text).toContain(`"'=HYPERLINK(""http://x"",""y"") and warfarin`);
      expect(text).not.toMatch(/(^|,)"[=+\-@]/m);
      expect(text).toContain(first);
      const second = await someone(asker.tenantId, "archivist");
      await expect(downloadJob(own, second, job.id)).rejects.toThrow(NotFoundError);
      await expect(downloadJob(own, { ...archivist, role: "clinician" }, job.id)).rejects.toThrow(ForbiddenError);
      const actions = (await audit(asker.tenantId, "archive.export")).map(({ action }) => action).reverse();
      expect(actions).toEqual(["archive.export", "archive.export.complete", "archive.export.download"]);
      const noted = (await audit(asker.tenantId, "archive.export")).at(-1)?.details;
      expect(noted).toMatchObject({ form: "csv", filter: { words: 1 } });
      expect(JSON.stringify(noted)).not.toContain("warfarin");
      await deps.database.pool.query("update archive_jobs set expires_at = now() where id = $1", [job.id]);
      expect(await removeExpired(deps)).toBeGreaterThan(0);
      await expect(downloadJob(own, archivist, job.id)).rejects.toThrow(NotFoundError);
      for await (const { key } of deps.objects.list("archive-jobs/")) expect(key).not.toContain(job.id);
    });

    test("an export that is cut off goes on where it was: nothing twice, nothing missing", async () => {
      const { asker, archivist, own } = await tenant();
      await deps.database.pool.query("select ensure_message_month(current_date)");
      // Some 3 MB: several pieces.
      await deps.database.pool.query(
        `with c as (
           insert into conversations (tenant_id, owner_id, title, message_count)
           select $1, $2::uuid, 'Long ' || n, 300 from generate_series(1, 5) n returning id, month)
         insert into messages (month, tenant_id, conversation_id, sequence_id, sender_id, sender_type, role, content, status)
         select c.month, $1, c.id, s, $2::text, 'human', 'user', 'Message ' || s || repeat(' and so on', 200), 'complete'
         from c, generate_series(1, 300) s`,
        [asker.tenantId, asker.userId],
      );
      const job = await requestExport(own, archivist, { filter: {}, form: "jsonl", reason });
      const stop = new AbortController();
      stop.abort();
      let turns = 0;
      for (;;) {
        turns += 1;
        const outcome = await carryOutJob(deps, job.id, `w${turns}`, stop.signal); // each ends after a piece
        if (outcome === "complete") break;
        expect(outcome).toBe("queued");
      }
      expect(turns).toBeGreaterThan(2);
      const seen = new Set<string>();
      let rest = "";
      for await (const bytes of (await downloadJob(own, archivist, job.id)).body) rest += Buffer.from(bytes).toString();
      const lines = rest.trimEnd().split("\n");
      for (const line of lines) {
        const { conversation, sequence } = JSON.parse(line);
        seen.add(`${conversation} ${sequence}`);
      }
      expect([lines.length, seen.size]).toEqual([1500, 1500]);
    });

    test("a change of many leaves what is held, tells which, and ends when it is cancelled", async () => {
      const { asker, archivist, own } = await tenant();
      await deps.database.pool.query(
        "insert into conversations (tenant_id, owner_id, title) select $1, $2, 'No. ' || n from generate_series(1, 45) n",
        [asker.tenantId, asker.userId],
      );
      const held = (await ids(own, archivist))[7] as string;
      await changeArchivedConversation(own, archivist, held, { change: { action: "hold" }, reason });
      const cancelled = await requestChange(own, archivist, { filter: {}, change: { action: "archive" }, reason });
      await cancelJob(own, archivist, cancelled.id);
      expect(await carryOutJob(deps, cancelled.id, "w", nobody)).toBeNull();
      const job = await requestChange(own, archivist, {
        filter: { state: "open" },
        change: { action: "delete" },
        reason,
      });
      const outcomes = await Promise.all([
        carryOutJob(deps, job.id, "a", nobody),
        carryOutJob(deps, job.id, "b", nobody),
      ]);
      expect(outcomes.sort()).toEqual(["complete", null].sort()); // two workers: one does it
      const view = (await listJobs(own, archivist)).find(({ id }) => id === job.id);
      expect(view).toMatchObject({ counts: { conversations: 45, refused: 1 }, outcome: [{ id: held }] });
      expect(await ids(own, archivist, { state: "open" })).toEqual([held]);
      expect(await audit(asker.tenantId, "archive.delete")).toHaveLength(44);
    });

    test("ends when its asker may no longer", async () => {
      const { archivist, own, asker } = await tenant();
      await asked(asker);
      const job = await requestExport(own, archivist, { filter: {}, form: "csv", reason });
      await deps.database.pool.query("update members set role = 'clinician' where user_id = $1", [archivist.userId]);
      expect(await carryOutJob(deps, job.id, "w", nobody)).toBe("failed");
    });
  });

  test("usage counts answers, abstentions and feedback of the tenant's own days, live and added up alike", async () => {
    const { asker, archivist, own } = await tenant();
    const one = await asked(asker);
    await asked(asker, "How is zzqxplorbitis of the moon treated?");
    const { rows } = await deps.database.pool.query(
      "select id from messages where conversation_id = $1 and role = 'assistant'",
      [one],
    );
    await giveFeedback(deps, asker, one, rows[0].id, { kind: "helpful" });
    const live = await usageFigures(own, archivist, {});
    expect(live.all).toMatchObject({ questions: 2, answered: 1, abstained: 1, feedback: { helpful: 1 } });
    expect(live.all.totalP50).toBeGreaterThan(0);
    expect(live.collections.map(({ name }) => name)).toEqual([slug]);
    expect(live.days).toHaveLength(30);
    // The same a day later, from the sums.
    await deps.database.pool.query(
      `update conversations set created_at = created_at - interval '2 days' where tenant_id = $1`,
      [asker.tenantId],
    );
    await deps.database.pool.query(
      "update messages set created_at = created_at - interval '2 days' where tenant_id = $1",
      [asker.tenantId],
    );
    await deps.database.pool.query(
      "update message_feedback set updated_at = updated_at - interval '2 days' where tenant_id = $1",
      [asker.tenantId],
    );
    await deps.database.pool.query("truncate usage_days_done");
    expect(await rollUpUsage(deps.database)).toBeGreaterThan(0);
    await deps.database.pool.query("delete from messages where tenant_id = $1", [asker.tenantId]);
    expect((await usageFigures(own, archivist, {})).all).toEqual(live.all);
    expect((await usageFigures(own, archivist, { collection: slug })).all).toMatchObject({ questions: 1, cost: null });
    await deps.database.pool.query(
      "insert into model_usage (tenant_id, day, model, cost_micros) values ($1, (now() at time zone 'UTC')::date, 'm', 1250000)",
      [archivist.tenantId],
    );
    const priced = await usageFigures(own, archivist, {});
    expect([priced.all.cost, priced.days.at(-1)?.cost]).toEqual([1.25, 1.25]);
    expect((await usageFigures(own, archivist, { model: "another" })).all.cost).toBe(0);
    expect((await usageFigures(own, (await tenant()).archivist, {})).all.questions).toBe(0);
    await expect(usageFigures(own, asker, {})).rejects.toThrow(ForbiddenError);
    expect(JSON.stringify(live)).not.toContain(asker.userId);
  });

  test("an id that is none is simply not found", async () => {
    const { archivist, own } = await tenant();
    for (const id of ["x", randomUUID()]) {
      await expect(openArchived(own, archivist, id, reason)).rejects.toThrow(NotFoundError);
      await expect(readArchived(own, archivist, id)).rejects.toThrow(NotFoundError);
      await expect(downloadJob(own, archivist, id)).rejects.toThrow(NotFoundError);
      await expect(cancelJob(own, archivist, id)).rejects.toThrow(NotFoundError);
    }
  });
}
