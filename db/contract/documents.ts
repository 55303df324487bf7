import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import {
  type CollectionRow,
  type Database,
  dropCollection,
  findCollection,
  listCollections,
  listSpaces,
  type NewDocument,
  type SpaceRow,
  selectDocumentBySource,
  storedDocuments,
  writeDocuments,
} from "../index.ts";
import { lexemesOf } from "../queries/lexemes.ts";
import { spaceTables } from "../queries/space-tables.ts";
import { makeCollection, makeDocument } from "../testing/corpus.ts";
import { type Random, randomFrom } from "../testing/random.ts";
import type { OpenTestDatabase } from "./types.ts";

/** Everything that is kept as a sum or an index beside the rows themselves. */
async function kept(database: Database, id: number) {
  const [counts, statistics, postings] = await Promise.all([
    database.pool.query(
      `select document_count, chunk_count, sample_count, term_total::int from collections where id = $1`,
      [id],
    ),
    database.pool.query(
      `select lexeme, chunk_count from term_statistics where collection_id = $1 and chunk_count <> 0 order by lexeme collate "C"`,
      [id],
    ),
    database.pool.query(
      `select chunk_id, lexeme, tf, len from chunk_terms where collection_id = $1 order by chunk_id, lexeme collate "C"`,
      [id],
    ),
  ]);
  const space = (await listSpaces(database, id))[0] as SpaceRow;
  const { main, tail } = spaceTables(space.id);
  const vectors = await database.pool.query<{ id: string }>(
    `select chunk_id as id from ${main} union all select chunk_id from ${tail} order by id`,
  );
  const vectorIds = vectors.rows.map((row) => row.id);
  return { ...counts.rows[0], statistics: statistics.rows, postings: postings.rows, vectorIds };
}

/** The same, counted from the documents and chunks alone. */
async function recounted(database: Database, id: number): Promise<Awaited<ReturnType<typeof kept>>> {
  const postings = await database.pool.query<{ chunk_id: string; lexeme: string; tf: number; len: number }>(
    `select c.id as chunk_id, t.lexeme, t.tf, t.len from chunks c join documents d on d.id = c.document_id, lateral ${lexemesOf(
      "(case when d.language = 'es' then 'spanish' else 'english' end)::regconfig",
      "d.title",
      "c.section",
      "c.text",
    )} t where c.collection_id = $1 order by c.id, t.lexeme collate "C"`,
    [id],
  );
  const counts = await database.pool.query(
    `select (select count(*)::int from documents where collection_id = $1) as document_count,
       (select count(*)::int from chunks where collection_id = $1) as chunk_count,
       (select count(*)::int from documents where collection_id = $1 and is_sample) as sample_count`,
    [id],
  );
  const chunks = await database.pool.query<{ id: string }>(
    "select id from chunks where collection_id = $1 order by id",
    [id],
  );
  const byLexeme = Map.groupBy(postings.rows, (row) => row.lexeme);
  const lengths = new Map(postings.rows.map((row) => [row.chunk_id, row.len]));
  return {
    ...counts.rows[0],
    term_total: [...lengths.values()].reduce((sum, length) => sum + length, 0),
    statistics: [...byLexeme]
      .map(([lexeme, rows]) => ({ lexeme, chunk_count: rows.length }))
      .sort((left, right) => Buffer.compare(Buffer.from(left.lexeme), Buffer.from(right.lexeme))),
    postings: postings.rows,
    vectorIds: chunks.rows.map((row) => row.id),
  };
}

const words =
  "aspirin warfarin dosis riñón la the of renal failure 2.5 mg/kg beta-blocker β-lactam 血圧 http://a.example/b café's NULL \\ ' \" {} 10⁹".split(
    " ",
  );

function randomDocument(random: Random, sourceId: string): NewDocument {
  const sentence = () => Array.from({ length: 1 + random.below(12) }, () => random.pick(words)).join(" ");
  return makeDocument(sourceId, Array.from({ length: random.below(5) }, sentence), {
    title: sentence(),
    language: random.pick(["en", "es"]),
    isSample: random.below(3) === 0,
    section: random.pick([null, "Dosis", "Warnings and precautions"]),
    publishedOn: random.pick([null, "2021", "2021-03", "2021-03-15"]),
    links: random.below(2) ? [{ kind: "other", sourceId: "1", note: null }] : [],
  });
}

export function testDocuments(open: OpenTestDatabase): void {
  describe("collections", () => {
    test("many callers at once make one collection and all get it", async () => {
      const { database } = await open();
      const slug = `c-${randomUUID()}`;
      const made = await Promise.all(Array.from({ length: 8 }, () => makeCollection(database, { slug })));
      expect(new Set(made.map(({ id }) => id)).size).toBe(1);
      const own = await listCollections(database, null);
      expect(own.filter((collection) => collection.slug === slug)).toHaveLength(1);
    });

    test("a tenant's own collection is seen by that tenant alone, and hides the shared one of its name", async () => {
      const { database } = await open();
      const slug = `c-${randomUUID()}`;
      const tenants = await database.pool.query<{ id: string }>(
        "insert into tenants (slug, name) values ($1, 'One'), ($2, 'Two') returning id",
        [randomUUID(), randomUUID()],
      );
      const [one, two] = tenants.rows.map((row) => row.id) as [string, string];
      const shared = await makeCollection(database, { slug });
      const made = await makeCollection(database, { slug, tenantId: one });
      expect((await findCollection(database, one, slug))?.id).toBe(made.id);
      expect((await findCollection(database, two, slug))?.id).toBe(shared.id);
      const seenByTwo = (await listCollections(database, two)).filter((collection) => collection.slug === slug);
      expect(seenByTwo.map(({ id }) => id)).toEqual([shared.id]);
    });

    test("a tenant makes its own collection although a shared one has the name", async () => {
      const { database } = await open();
      const slug = `c-${randomUUID()}`;
      const { rows } = await database.pool.query<{ id: string }>(
        "insert into tenants (slug, name) values ($1, 'One') returning id",
        [slug],
      );
      const shared = await makeCollection(database, { slug });
      const own = await makeCollection(database, { slug, tenantId: rows[0]?.id as string });
      expect(own.id).not.toBe(shared.id);
      expect(own.tenantId).toBe(rows[0]?.id);
    });

    test("a dropped collection leaves nothing behind", async () => {
      const { database } = await open();
      const collection = await makeCollection(database);
      await writeDocuments(database, collection, [makeDocument("1", ["aspirin"])]);
      await dropCollection(database, collection.id);
      const { rows } = await database.pool.query(
        `select (select count(*)::int from documents where collection_id = $1) as documents,
           (select count(*)::int from chunks where collection_id = $1) as chunks,
           (select count(*)::int from term_statistics where collection_id = $1) as terms,
           to_regclass('chunks_' || $1::int) as partition`,
        [collection.id],
      );
      expect(rows).toEqual([{ documents: 0, chunks: 0, terms: 0, partition: null }]);
    });

    test("a size of vector past what can be indexed is refused", async () => {
      const { database } = await open();
      await expect(makeCollection(database, { embeddingDimensions: 4_001 })).rejects.toThrow(/dimensions/);
    });
  });

  describe("writing documents", () => {
    test("sums and postings equal a count from scratch after any sequence of writes", {
      timeout: 120_000,
    }, async () => {
      const { database } = await open();
      const random = randomFrom();
      const collection = await makeCollection(database);
      const ids = Array.from({ length: 12 }, (_, index) => `d${index}`);
      for (let round = 0; round < 12; round += 1) {
        const chosen = ids.filter(() => random.below(3) === 0);
        const removed = ids.filter((id) => !chosen.includes(id) && random.below(5) === 0);
        await writeDocuments(
          database,
          collection,
          chosen.map((id) => randomDocument(random, id)),
          removed,
        );
        const context = `TEST_SEED=${random.seed}, round ${round}`;
        expect(await kept(database, collection.id), context).toEqual(await recounted(database, collection.id));
      }
      await writeDocuments(database, collection, [], ids);
      expect(await kept(database, collection.id), `TEST_SEED=${random.seed}`).toEqual({
        document_count: 0,
        chunk_count: 0,
        sample_count: 0,
        term_total: 0,
        statistics: [],
        postings: [],
        vectorIds: [],
      });
    });

    test("several writers of the same documents leave one version of each and right sums", async () => {
      const { database } = await open();
      const collection = await makeCollection(database);
      const versions = Array.from({ length: 6 }, (_, version) =>
        ["a", "b", "c"].map((id) => makeDocument(id, [`${id} version${version} aspirin`, "warfarin"])),
      );
      await Promise.all(
        versions.map((batch, at) =>
          writeDocuments(database, collection, at % 2 ? batch : batch.toReversed(), at === 3 ? ["gone"] : []),
        ),
      );
      const state = await kept(database, collection.id);
      expect(state).toMatchObject({ document_count: 3, chunk_count: 6 });
      expect(state).toEqual(await recounted(database, collection.id));
    });

    test("counts what was added, updated and deleted, and its version grows once a write", async () => {
      const { database } = await open();
      const collection = await makeCollection(database);
      const write = (replace: NewDocument[], remove: string[] = []) =>
        writeDocuments(database, collection, replace, remove);
      expect(await write([makeDocument("1", ["a b", "c d"]), makeDocument("2", ["e"])])).toEqual({
        added: 2,
        updated: 0,
        deleted: 0,
        chunks: 3,
        marked: 0,
      });
      expect(await write([makeDocument("1", ["new"]), makeDocument("3", ["f"])], ["2", "unknown"])).toEqual({
        added: 1,
        updated: 1,
        deleted: 1,
        chunks: 2,
        marked: 0,
      });
      const after = (await findCollection(database, null, collection.slug)) as CollectionRow;
      expect(after.corpusVersion).toBe(collection.corpusVersion + 2);
      const stored = await storedDocuments(database, collection.id, ["1", "2", "3"]);
      expect([...stored.keys()].sort()).toEqual(["1", "3"]);
    });

    test("an updated document keeps its id, so that what cites it still does", async () => {
      const { database } = await open();
      const collection = await makeCollection(database);
      await writeDocuments(database, collection, [makeDocument("1", ["old"])]);
      const before = await selectDocumentBySource(database, null, collection.slug, "1");
      await writeDocuments(database, collection, [makeDocument("1", ["new"], { publishedOn: "2021-03" })]);
      const after = await selectDocumentBySource(database, null, collection.slug, "1");
      expect(after).toMatchObject({ id: before?.id, text: "new", publishedOn: "2021-03" });
    });

    test.each([
      ["a vector of another size", { embedding: () => [1, 2, 3] }, /dimensions/],
      ["a status that is none", { status: null as unknown as string }, /null value/],
    ])("a write that fails for %s leaves nothing", async (_, change, message) => {
      const { database } = await open();
      const collection = await makeCollection(database);
      await writeDocuments(database, collection, [makeDocument("1", ["aspirin"])]);
      const before = await kept(database, collection.id);
      const write = writeDocuments(
        database,
        collection,
        [makeDocument("2", ["good"]), makeDocument("3", ["bad"], change)],
        ["1"],
      );
      await expect(write).rejects.toThrow(message);
      expect(await kept(database, collection.id)).toEqual(before);
      expect(await storedDocuments(database, collection.id, ["1", "2", "3"])).toHaveLength(1);
    });

    test("text comes back as it went in", async () => {
      const { database } = await open();
      const collection = await makeCollection(database);
      const text = `It's "5 \\ 6" {a,b} — 10⁹/L, 𝒳 😀, \t tab\nand '); drop table documents; --`;
      await writeDocuments(database, collection, [
        makeDocument("1", [text], { authors: ["O'Neil", 'A "B" C', "{x}"], metadata: { deep: { '"': "\\" } } }),
      ]);
      expect(await selectDocumentBySource(database, null, collection.slug, "1")).toMatchObject({
        text,
        authors: ["O'Neil", 'A "B" C', "{x}"],
      });
    });
  });
}
