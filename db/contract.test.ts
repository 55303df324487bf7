import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { describeDatabases } from "#lib/testing/databases.ts";
import { openTemporaryPostgres } from "../lib/storage/temporary.ts";
import { testAccounts } from "./contract/accounts.ts";
import { testConfinement } from "./contract/confinement.ts";
import { testConversations } from "./contract/conversations.ts";
import { testDocuments } from "./contract/documents.ts";
import { testFeedback } from "./contract/feedback.ts";
import { testFilters, testLexicalBudget } from "./contract/filters.ts";
import { testMessageMonths } from "./contract/message-months.ts";
import { testMessageSearch } from "./contract/message-search.ts";
import { testMigrations } from "./contract/migrations.ts";
import { testParticipants } from "./contract/participants.ts";
import { testRetrieval } from "./contract/retrieval.ts";
import { testSpaces } from "./contract/spaces.ts";
import { testTruth } from "./contract/truth.ts";
import {
  type CollectionRow,
  findCollection,
  insertQuestion,
  migrateDatabase,
  openDatabase,
  retrieve,
  writeDocuments,
} from "./index.ts";

// One embedded Postgres serves all: opening one takes seconds.
describeDatabases("the database", (open) => {
  testMigrations(open);
  testAccounts(open);
  testDocuments(open);
  testRetrieval(open);
  testFilters(open);
  testLexicalBudget(open);
  testSpaces(open);
  testTruth(open);
  testConversations(open);
  testMessageMonths(open);
  testMessageSearch(open);
  testParticipants(open);
  testFeedback(open);
  testConfinement(open);
});

const server = process.env.DATABASE_URL;

/** The folder's first migrations alone, as an older program had them. */
async function migrationsUntil(count: number): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "probatum-migrations-"));
  await cp(join(import.meta.dirname, "migrations"), folder, { recursive: true });
  const path = join(folder, "meta", "_journal.json");
  const journal = JSON.parse(await readFile(path, "utf8"));
  await writeFile(path, JSON.stringify({ ...journal, entries: journal.entries.slice(0, count) }));
  return folder;
}

test("vectors, documents and runs of a collection made before spaces are all there after the migration", async () => {
  const postgres = await openTemporaryPostgres(server);
  const before = await migrationsUntil(2);
  try {
    await migrateDatabase(postgres.url, before);
    const old = await openDatabase({ url: postgres.url });
    await old.pool.query(`
      insert into collections (slug, title, source_type, embedding_provider, embedding_model, embedding_dimensions,
        embedding_index_type) values ('old', 'Old', 'beir', 'test', 'test', 3, 'vector');
      create table chunks_1 partition of chunks for values in (1);
      alter table chunks_1 add constraint chunks_1_dimensions check (vector_dims(embedding) = 3);
      create index chunks_1_embedding on chunks_1 using hnsw ((embedding::vector(3)) vector_cosine_ops);
      create table chunk_terms_1 partition of chunk_terms for values in (1);
      insert into documents (collection_id, source_id, content_hash, title, text, language, evidence_level, status,
        status_note) values (1, 'd', '\\x00', 'Title', 'Aspirin helps.', 'en', 'other', 'retracted', 'Withdrawn.');
      insert into chunks (collection_id, document_id, ordinal, text, start_offset, end_offset, content_hash, embedding)
        values (1, 1, 0, 'Aspirin helps.', 0, 14, '\\x01', '[0.6,0.8,0]');
      insert into chunk_terms (collection_id, lexeme, chunk_id, tf, len) values (1, 'aspirin', 1, 1, 1);
      insert into term_statistics (collection_id, lexeme, chunk_count) values (1, 'aspirin', 1);
      update collections set document_count = 1, chunk_count = 1, term_total = 1;
      insert into ingest_runs (collection_id, status, inputs) values (1, 'complete', '["a.xml"]');`);
    await old.close();
    expect(await migrateDatabase(postgres.url)).toBeGreaterThan(0);
    const database = await openDatabase({ url: postgres.url });
    try {
      const collection = (await findCollection(database, null, "old")) as CollectionRow;
      expect(collection).toMatchObject({ embeddingModel: "test", embeddingDimensions: 3, documentCount: 1 });
      const found = await retrieve(database, {
        question: "aspirin",
        collections: [{ collection, vector: [0.6, 0.8, 0] }],
        configs: ["english"],
        limit: 5,
      });
      expect(found.chunks).toMatchObject([{ sourceId: "d", status: "retracted", statusNote: "Withdrawn." }]);
      expect(found.chunks[0]?.dense).toBeCloseTo(1, 5);
      const { rows } = await database.pool.query("select request, trigger from ingest_runs");
      expect(rows).toEqual([{ request: { kind: "files", paths: ["a.xml"] }, trigger: "command" }]);
      expect(await writeDocuments(database, collection, [], ["d"])).toMatchObject({ deleted: 1 });
    } finally {
      await database.close();
    }
  } finally {
    await rm(before, { recursive: true, force: true });
    await postgres.close();
  }
});

describe.skipIf(!server)(`two processes at once${server ? "" : " (skipped: DATABASE_URL is not set)"}`, () => {
  test("only one of them migrates a new database", async () => {
    const postgres = await openTemporaryPostgres(server);
    try {
      const applied = await Promise.all([1, 2, 3].map(() => migrateDatabase(postgres.url)));
      const [most = 0, ...others] = applied.toSorted((left, right) => right - left);
      expect(most).toBeGreaterThan(0);
      expect(others).toEqual([0, 0]);
    } finally {
      await postgres.close();
    }
  });
});

test("conversations of before are filed by the month they began in, with their citations and receipts, and go on", async () => {
  const postgres = await openTemporaryPostgres(server);
  const before = await migrationsUntil(5);
  try {
    await migrateDatabase(postgres.url, before);
    const old = await openDatabase({ url: postgres.url });
    await old.pool.query(`
      insert into tenants (slug, name) values ('t', 'T');
      insert into users (name, email) values ('Ada', 'ada@example.org');
      insert into conversations (tenant_id, owner_id, title, created_at, message_count, last_sequence_id)
        select t.id, u.id, 'Old ' || n, '2026-03-15Z'::timestamptz + n * interval '40 days', 4, 4
        from tenants t, users u, generate_series(0, 1) n;
      insert into participants (conversation_id, participant_id, kind, role)
        select id, owner_id::text, 'human', 'owner' from conversations;
      insert into messages (tenant_id, conversation_id, sequence_id, sender_id, sender_type, role, content, status)
        select c.tenant_id, c.id, s, 'x', 'human', case when s % 2 = 1 then 'user' else 'assistant' end, 'Message ' || s,
          'complete' from conversations c, generate_series(1, 4) s;
      update messages a set parent_id = q.id from messages q
        where q.conversation_id = a.conversation_id and q.sequence_id = a.sequence_id - 1 and a.role = 'assistant';
      insert into message_citations (message_id, sentence_index, sentence_start, sentence_end, number, collection_slug,
        source_id, title, quote, quote_start, quote_end)
        select id, 0, 0, 1, 1, 'c', 's', 't', 'q', 0, 1 from messages where role = 'assistant';
      insert into answer_receipts (message_id, corpus_versions, passages)
        select id, '{}', '[]' from messages where role = 'assistant';`);
    await old.close();
    expect(await migrateDatabase(postgres.url)).toBeGreaterThan(0);
    const database = await openDatabase({ url: postgres.url });
    try {
      const { rows } = await database.pool.query(
        `select m.month::text, m.sequence_id::int as sequence, p.sequence_id::int as parent,
           (select count(*)::int from message_citations q where q.message_id = m.id and q.month = m.month) as citations,
           (select count(*)::int from answer_receipts r where r.message_id = m.id and r.month = m.month) as receipts
         from messages m left join messages p on p.id = m.parent_id order by m.month, m.sequence_id`,
      );
      const filed = (month: string) =>
        [1, 2, 3, 4].map((sequence) => ({
          month,
          sequence,
          parent: sequence === 1 ? null : sequence - 1,
          citations: (sequence + 1) % 2,
          receipts: (sequence + 1) % 2,
        }));
      expect(rows).toEqual([...filed("2026-03-01"), ...filed("2026-04-01")]);
      const [conversation] = (await database.pool.query("select id, tenant_id, owner_id from conversations")).rows;
      const stored = await insertQuestion(
        database,
        { tenantId: conversation.tenant_id, userId: conversation.owner_id },
        conversation.id,
        { question: "And now?", collections: [], eventsAfter: "1-0" },
      );
      expect(stored?.question.sequenceId).toBe(5);
    } finally {
      await database.close();
    }
  } finally {
    await postgres.close();
    await rm(before, { recursive: true, force: true });
  }
});
