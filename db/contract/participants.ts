import { createHash, randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import {
  advanceReadMarks,
  type Database,
  deleteParticipant,
  findLinked,
  handOverConversation,
  insertAnswer,
  insertConversation,
  insertLink,
  insertParticipant,
  insertQuestion,
  joinByLink,
  type LinkRow,
  participantLimit,
  type Reader,
  revokeLink,
  searchColleagues,
  selectConversation,
  selectLinks,
  selectLostReaders,
  selectPeople,
  updateParticipantRole,
} from "../index.ts";
import type { OpenTestDatabase } from "./types.ts";

interface Person extends Reader {
  email: string;
}

export function testParticipants(open: OpenTestDatabase): void {
  const secretHash = () => createHash("sha256").update(randomUUID()).digest();

  async function makePerson(database: Database, tenantId?: string, name = "Person"): Promise<Person> {
    const tenant = tenantId
      ? { id: tenantId }
      : (
          await database.pool.query<{ id: string }>("insert into tenants (slug, name) values ($1, 'T') returning id", [
            randomUUID(),
          ])
        ).rows[0];
    const email = `${randomUUID()}@example.org`;
    const { rows } = await database.pool.query<{ id: string }>(
      "insert into users (name, email) values ($1, $2) returning id",
      [name, email],
    );
    const person = { tenantId: tenant?.id ?? "", userId: rows[0]?.id ?? "", email };
    await database.pool.query("insert into members (tenant_id, user_id, role) values ($1, $2, 'clinician')", [
      person.tenantId,
      person.userId,
    ]);
    return person;
  }

  /** An owner, a writer and a reader of one conversation, a colleague beside it and somebody of another tenant. */
  async function makeWard(database: Database) {
    const owner = await makePerson(database);
    const [writer, reader, colleague] = [
      await makePerson(database, owner.tenantId),
      await makePerson(database, owner.tenantId),
      await makePerson(database, owner.tenantId),
    ];
    const stranger = await makePerson(database);
    const id = await insertConversation(database, owner, "Shared");
    expect(await insertParticipant(database, owner, id, { userId: writer.userId, email: null, role: "writer" })).toBe(
      "done",
    );
    expect(await insertParticipant(database, writer, id, { userId: null, email: reader.email, role: "reader" })).toBe(
      "done",
    );
    return { id, owner, writer, reader, colleague, stranger };
  }

  const roles = async (database: Database, id: string) =>
    Object.fromEntries((await selectPeople(database, id)).map((person) => [person.id, person.role]));

  async function makeLink(database: Database, reader: Reader, id: string, days = 7) {
    const tokenHash = secretHash();
    const link = await insertLink(database, reader, id, { tokenHash, role: "reader", days });
    if (typeof link === "string") throw new Error(`the link was refused: ${link}`);
    return { tokenHash, link };
  }

  async function ask(database: Database, reader: Reader, id: string) {
    const stored = await insertQuestion(database, reader, id, {
      question: "Why?",
      collections: [],
      eventsAfter: "1-0",
    });
    if (!stored) throw new Error("the question was refused");
    return stored;
  }

  describe("participants", () => {
    test("colleagues are found by name or address, of one's own tenant only, without oneself and the disabled", async () => {
      const { database } = await open();
      const mark = randomUUID().slice(0, 8);
      const self = await makePerson(database, undefined, `Self ${mark}`);
      const named = await makePerson(database, self.tenantId, `Ada ${mark}_%`);
      const inside = await makePerson(database, self.tenantId, `Zed of ${mark}`);
      const disabled = await makePerson(database, self.tenantId, `Gone ${mark}`);
      await database.pool.query("update users set disabled_at = now() where id = $1", [disabled.userId]);
      await makePerson(database, undefined, `Elsewhere ${mark}`);
      const find = async (text: string, notIn: string | null = null) =>
        (await searchColleagues(database, self, { text, limit: 10, notIn })).map(({ id }) => id);
      expect(await find(mark.toUpperCase())).toEqual([named.userId, inside.userId]);
      expect(await find(named.email.slice(0, 20))).toEqual([named.userId]);
      expect(await find(`${mark}_%`)).toEqual([named.userId]); // no wildcards
      expect(await find("\\")).toEqual([]);
      const id = await insertConversation(database, self, "Mine");
      await insertParticipant(database, self, id, { userId: named.userId, email: null, role: "reader" });
      expect(await find(mark, id)).toEqual([inside.userId]);
      const elsewhere = await insertConversation(database, named, "Not mine");
      expect(await find(mark, elsewhere)).toEqual([named.userId, inside.userId]); // says nothing of others'
    });

    test("owner and writers invite colleagues of the tenant, readers and strangers do not", async () => {
      const { database } = await open();
      const { id, owner, writer, reader, colleague, stranger } = await makeWard(database);
      const invite = (by: Reader, whom: Reader) =>
        insertParticipant(database, by, id, { userId: whom.userId, email: null, role: "writer" });
      expect(await invite(reader, colleague)).toBe("refused");
      expect(await invite(stranger, colleague)).toBe("absent");
      expect(await invite(colleague, colleague)).toBe("absent");
      expect(await invite(writer, stranger)).toBe("nobody");
      expect(await invite(owner, reader)).toBe("present");
      expect(await roles(database, id)).toEqual({
        [owner.userId]: "owner",
        probatum: "answerer",
        [writer.userId]: "writer",
        [reader.userId]: "reader",
      });
      expect(await selectConversation(database, reader, id)).toMatchObject({ role: "reader", shared: true });
      await database.pool.query(
        `insert into participants (conversation_id, participant_id, kind, role)
         select $1, gen_random_uuid()::text, 'human', 'reader' from generate_series(1, $2)`,
        [id, participantLimit - 3],
      );
      expect(await invite(owner, colleague)).toBe("full");
    });

    test("only the owner gives roles, and never their own away but by handing over", async () => {
      const { database } = await open();
      const { id, owner, writer, reader, colleague } = await makeWard(database);
      const give = (by: Reader, whom: string, role: "reader" | "writer") =>
        updateParticipantRole(database, by, id, whom, role);
      expect(await give(writer, reader.userId, "writer")).toBe("refused");
      expect(await give(owner, owner.userId, "reader")).toBe("owner");
      expect(await give(owner, colleague.userId, "reader")).toBe("nobody");
      expect(await give(owner, "probatum", "reader")).toBe("nobody");
      expect(await give(owner, reader.userId, "writer")).toBe("done");
      expect((await roles(database, id))[reader.userId]).toBe("writer");

      expect(await handOverConversation(database, writer, id, writer.userId)).toBe("refused");
      expect(await handOverConversation(database, owner, id, colleague.userId)).toBe("nobody");
      expect(await handOverConversation(database, owner, id, writer.userId)).toBe("done");
      expect(await roles(database, id)).toMatchObject({ [owner.userId]: "writer", [writer.userId]: "owner" });
      const { rows } = await database.pool.query("select owner_id from conversations where id = $1", [id]);
      expect(rows).toEqual([{ owner_id: writer.userId }]);
    });

    test("everybody but the owner leaves; the owner removes others; nothing of it is theirs afterwards", async () => {
      const { database } = await open();
      const { id, owner, writer, reader } = await makeWard(database);
      const remove = (by: Reader, whom: Reader) => deleteParticipant(database, by, id, whom.userId);
      expect(await remove(owner, owner)).toBe("owner");
      expect(await remove(writer, reader)).toBe("refused");
      expect(await remove(writer, owner)).toBe("refused");
      expect(await deleteParticipant(database, owner, id, "probatum")).toBe("nobody");
      expect(await remove(owner, writer)).toBe("done");
      expect(await remove(owner, writer)).toBe("nobody");
      expect(await remove(reader, reader)).toBe("done");
      for (const gone of [writer, reader]) {
        expect(await selectConversation(database, gone, id)).toBeNull();
        expect(await remove(gone, gone)).toBe("absent");
      }
    });

    test("of two owners who change at once, one waits for the other and sees what it did", async () => {
      const { database } = await open();
      const { id, owner, writer, reader } = await makeWard(database);
      const outcomes = await Promise.all([
        handOverConversation(database, owner, id, writer.userId),
        handOverConversation(database, owner, id, reader.userId),
      ]);
      expect(outcomes.toSorted()).toEqual(["done", "refused"]);
      const owners = Object.values(await roles(database, id)).filter((role) => role === "owner");
      expect(owners).toHaveLength(1);
    });

    test("a link lets members of the tenant join in its role until it is revoked or has expired", async () => {
      const { database } = await open();
      const { id, owner, writer, reader, colleague, stranger } = await makeWard(database);
      const { tokenHash, link } = await makeLink(database, writer, id);
      expect(Math.round((link.expiresAt.getTime() - link.createdAt.getTime()) / 3_600_000)).toBe(7 * 24);
      const refused = { tokenHash: secretHash(), role: "writer", days: 1 } as const;
      expect(await insertLink(database, reader, id, refused)).toBe("refused");
      expect(await insertLink(database, stranger, id, refused)).toBe("absent");
      expect((await selectLinks(database, reader, id)).map((row: LinkRow) => row.id)).toEqual([link.id]);
      expect(await selectLinks(database, stranger, id)).toEqual([]);
      expect(await findLinked(database, stranger, tokenHash)).toBeNull();
      expect(await joinByLink(database, stranger, tokenHash)).toBeNull();
      expect(await findLinked(database, colleague, secretHash())).toBeNull();
      expect(await findLinked(database, colleague, tokenHash)).toEqual({
        conversationId: id,
        title: "Shared",
        role: "reader",
        invitedBy: "Person",
        present: false,
      });
      expect(await selectConversation(database, colleague, id)).toBeNull(); // looking is not joining
      expect(await joinByLink(database, colleague, tokenHash)).toEqual({ conversationId: id, joined: true });
      expect(await joinByLink(database, writer, tokenHash)).toEqual({ conversationId: id, joined: false });
      expect(await roles(database, id)).toMatchObject({ [writer.userId]: "writer", [colleague.userId]: "reader" });
      expect(await revokeLink(database, reader, id, link.id)).toBe("refused");
      expect(await revokeLink(database, owner, id, randomUUID())).toBe("nobody");
      expect(await revokeLink(database, owner, id, link.id)).toBe("done");
      const late = await makePerson(database, owner.tenantId);
      expect(await findLinked(database, late, tokenHash)).toBeNull();
      expect(await joinByLink(database, late, tokenHash)).toBeNull();
      const expired = await makeLink(database, owner, id);
      await database.pool.query("update conversation_links set expires_at = now() where id = $1", [expired.link.id]);
      expect(await joinByLink(database, late, expired.tokenHash)).toBeNull();
      expect(await selectLinks(database, owner, id)).toEqual([]);
    });

    test("whoever is removed comes back by no link they may know; who may not invite keeps none open", async () => {
      const { database } = await open();
      const { id, owner, writer, reader, colleague } = await makeWard(database);
      const ofOwner = await makeLink(database, owner, id);
      const ofWriter = await makeLink(database, writer, id);
      await deleteParticipant(database, reader, id, reader.userId); // leaving ends no link of others
      expect(await findLinked(database, colleague, ofOwner.tokenHash)).not.toBeNull();
      await updateParticipantRole(database, owner, id, writer.userId, "reader");
      expect(await findLinked(database, colleague, ofWriter.tokenHash)).toBeNull();
      await updateParticipantRole(database, owner, id, writer.userId, "writer");
      expect(await findLinked(database, colleague, ofWriter.tokenHash)).toBeNull();
      await deleteParticipant(database, owner, id, writer.userId);
      expect(await joinByLink(database, writer, ofOwner.tokenHash)).toBeNull();
    });

    test("marks of what was read go forward only, never beyond the last message, and only for those who may read", async () => {
      const { database } = await open();
      const { id, owner, writer, reader, colleague, stranger } = await makeWard(database);
      await ask(database, owner, id);
      const mark = (who: Reader, sequenceId: number) => ({
        tenantId: who.tenantId,
        userId: who.userId,
        conversationId: id,
        sequenceId,
      });
      const unread = async (who: Reader) => (await selectConversation(database, who, id))?.unread;
      expect(await unread(owner)).toBe(1); // the answer to come
      expect(await unread(writer)).toBe(2);
      expect(
        await advanceReadMarks(database, [mark(writer, 1), mark(colleague, 2), mark(writer, 2), mark(stranger, 2)]),
      ).toEqual([true, false, true, false]);
      expect(await unread(writer)).toBe(0);
      await advanceReadMarks(database, [mark(writer, 1), mark(reader, 999)]);
      expect(await unread(writer)).toBe(0);
      const question = await ask(database, writer, id);
      expect(await unread(reader)).toBe(2);
      expect(await unread(writer)).toBe(1);
      await advanceReadMarks(database, [mark(writer, 4)]);
      await insertAnswer(database, owner, id, { questionId: question.question.id, eventsAfter: "1-0" });
      expect(await unread(owner)).toBe(1);
      const people = await selectPeople(database, id);
      expect(people.find((person) => person.id === writer.userId)).toMatchObject({ lastRead: 4, unread: 1 });
      await database.pool.query("update conversations set deleted_at = now() where id = $1", [id]);
      expect(await advanceReadMarks(database, [mark(writer, 5)])).toEqual([false]);
    });

    test("says which of many open readings have lost their right", async () => {
      const { database } = await open();
      const { id, owner, writer, reader, colleague, stranger } = await makeWard(database);
      const other = await insertConversation(database, owner, "Deleted");
      await database.pool.query("update conversations set deleted_at = now() where id = $1", [other]);
      await database.pool.query("update users set disabled_at = now() where id = $1", [reader.userId]);
      const reading = (who: Reader, conversationId = id) => ({
        tenantId: who.tenantId,
        userId: who.userId,
        conversationId,
      });
      const lost = await selectLostReaders(database, [
        reading(owner),
        reading(reader),
        reading(writer),
        reading(colleague),
        reading(stranger),
        reading(owner, other),
        reading({ ...writer, tenantId: stranger.tenantId }),
      ]);
      expect(lost.toSorted((left, right) => left.place - right.place)).toEqual([
        { place: 1, deleted: false },
        { place: 3, deleted: false },
        { place: 4, deleted: false },
        { place: 5, deleted: true },
        { place: 6, deleted: false },
      ]);
      expect(await selectLostReaders(database, [])).toEqual([]);
    });
  });
}
