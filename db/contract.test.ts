import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { describeDatabases } from "#lib/testing/databases.ts";
import { openTemporaryPostgres } from "../lib/storage/temporary.ts";
import { testAccounts } from "./contract/accounts.ts";
import { testConversations } from "./contract/conversations.ts";
import { testDocuments } from "./contract/documents.ts";
import { testFeedback } from "./contract/feedback.ts";
import { testFilters, testLexicalBudget } from "./contract/filters.ts";
import { testMessageSearch } from "./contract/message-search.ts";
import { testMigrations } from "./contract/migrations.ts";
import { testParticipants } from "./contract/participants.ts";
import { testRetrieval } from "./contract/retrieval.ts";
import { testSpaces } from "./contract/spaces.ts";
import { testTruth } from "./contract/truth.ts";
import {
  type CollectionRow,
  findCollection,
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
  testMessageSearch(open);
  testParticipants(open);
  testFeedback(open);
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
