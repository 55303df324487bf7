import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { carryOutJob } from "../archive/jobs/carry-out.ts";
import { downloadJob } from "../archive/jobs/follow.ts";
import { createConversation, invite } from "../conversations/index.ts";
import type { Deps } from "../deps.ts";
import { ConflictError, InvalidInputError } from "../errors.ts";
import { makeCorpus, makeViewer, openTestDeps } from "../testing/deps.ts";
import { handWritten, warfarinQuestion } from "../testing/hand-written.ts";
import { eraseByOperator, eraseMe, requestOwnData } from "./index.ts";

const { DATABASE_URL: databaseUrl, REDIS_URL: redisUrl } = process.env;

describe("privacy on embedded Postgres", () => suite(() => openTestDeps()));
if (databaseUrl && redisUrl)
  describe("privacy on a real Postgres", () => suite(() => openTestDeps({ databaseUrl, redisUrl })));
else describe.skip("privacy on a real Postgres (skipped: DATABASE_URL is not set)", () => suite(() => openTestDeps()));

function suite(open: () => Promise<Deps>): void {
  let deps: Deps;
  let slug: string;
  beforeAll(async () => {
    deps = await open();
    slug = await makeCorpus(deps, handWritten);
  });
  afterAll(() => deps?.close());

  async function asked(viewer: Awaited<ReturnType<typeof makeViewer>>): Promise<string> {
    const { conversationId, answer } = await createConversation(deps, viewer, {
      question: warfarinQuestion,
      collections: [slug],
    });
    await deps.running.get(answer.id)?.done;
    return conversationId;
  }

  test("a copy holds one's own profile and conversations, and nothing of others", async () => {
    const me = await makeViewer(deps);
    const other = await makeViewer(deps, me.tenantId);
    const [own, theirs] = [await asked(me), await asked(other)];
    const confined = { ...deps, database: deps.database.confinedTo(me.tenantId) };
    const job = await requestOwnData(confined, me);
    expect(await carryOutJob(deps, job.id, "w", new AbortController().signal)).toBe("complete");
    let text = "";
    for await (const bytes of (await downloadJob(confined, me, job.id)).body) text += Buffer.from(bytes).toString();
    const lines = text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines.map(({ type }) => type)).toEqual(["profile", "conversation", "message", "message"]);
    expect(lines[0]).toMatchObject({ email: me.email });
    expect(lines[1]).toMatchObject({ id: own });
    expect(text).not.toContain(theirs);
    await expect(downloadJob(confined, other, job.id)).rejects.toThrow(/not found/);
  });

  test("who is erased leaves an id and nothing that names them; what is shared is handed over first", async () => {
    const me = await makeViewer(deps);
    const colleague = await makeViewer(deps, me.tenantId);
    const id = await asked(me);
    await expect(eraseMe(deps, me, { email: "someone@else.org" })).rejects.toThrow(InvalidInputError);
    await invite(deps, me, id, { userId: colleague.userId, role: "reader" });
    await expect(eraseMe(deps, me, { email: me.email })).rejects.toThrow(ConflictError);
    await deps.database.pool.query("delete from participants where conversation_id = $1 and participant_id = $2", [
      id,
      colleague.userId,
    ]);
    const confined = { ...deps, database: deps.database.confinedTo(me.tenantId) };
    expect(await eraseMe(confined, me, { email: me.email.toUpperCase() })).toMatchObject({ conversations: 1 });
    const { rows } = await deps.database.pool.query(
      `select u.name, u.email, u.disabled_at is not null as disabled, c.deleted_at is not null as deleted,
         (select count(*)::int from members where user_id = u.id) as memberships
       from users u join conversations c on c.owner_id = u.id where u.id = $1`,
      [me.userId],
    );
    expect(rows).toEqual([
      { name: "Erased person", email: `${me.userId}@erased.invalid`, disabled: true, deleted: true, memberships: 0 },
    ]);
    const log = await deps.database.pool.query(
      "select details::text from audit_log where action = 'privacy.erase' and subject_id = $1",
      [me.userId],
    );
    expect(log.rows).toHaveLength(1);
    expect(log.rows[0].details).not.toContain(me.email);
  });

  test("the only owner of a tenant with others stays; an operator erases by address", async () => {
    const owner = await makeViewer(deps);
    const other = await makeViewer(deps, owner.tenantId);
    await deps.database.pool.query("update members set role = 'owner' where user_id = $1", [owner.userId]);
    await expect(eraseByOperator(deps, owner.email)).rejects.toThrow(/Nobody else owns/);
    expect(await eraseByOperator(deps, other.email)).toMatchObject({ conversations: 0 });
    await expect(eraseByOperator(deps, other.email)).rejects.toThrow(/not found/);
  });
}
