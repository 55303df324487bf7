import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import {
  type CollectionRow,
  type Database,
  findCollection,
  finishAnswer,
  insertConversation,
  insertQuestion,
  listAnswersWithChangedSources,
  type NewDocument,
  type Reader,
  retrieve,
  selectCitationStandings,
  storedDocuments,
  writeDocuments,
} from "../index.ts";
import { makeCollection, makeDocument, spreadVector } from "../testing/corpus.ts";
import { type Random, randomFrom } from "../testing/random.ts";
import type { OpenTestDatabase } from "./types.ts";

type Change = Partial<NewDocument>;

let lastNumber = 0;
/** Numbers that no other test's records have. */
const freshPmid = () => String(700_000_000 + ++lastNumber + (process.pid % 1_000) * 100_000);

const record = (pmid: string, change: Change = {}) =>
  makeDocument(pmid, [`Record ${pmid} about aspirin.`], { identifiers: [`pmid:${pmid}`], ...change });
const notice = (pmid: string, target: string, change: Change = {}) =>
  record(pmid, {
    title: "Retraction notice",
    links: [{ kind: "retraction_of", sourceId: target, note: null }],
    ...change,
  });
const pmcOf = (pmid: string, change: Change = {}) =>
  makeDocument(`PMC${pmid}`, [`Full text of ${pmid}.`], {
    identifiers: [`pmcid:PMC${pmid}`, `pmid:${pmid}`],
    ...change,
  });

async function standing(database: Database, collection: CollectionRow, sourceId: string) {
  const { rows } = await database.pool.query<{
    id: string;
    status: string;
    note: string | null;
    record: string;
    changed: Date | null;
  }>(
    `select id::text, status, status_note as note, record_status as record, status_changed_at as changed
     from documents where collection_id = $1 and source_id = $2`,
    [collection.id, sourceId],
  );
  return rows[0];
}

const statusOf = async (...place: Parameters<typeof standing>) => (await standing(...place))?.status;
const version = async (database: Database, { slug, tenantId }: CollectionRow) =>
  (await findCollection(database, tenantId, slug))?.corpusVersion ?? -1;

async function makeReader(database: Database): Promise<Reader> {
  const { rows } = await database.pool.query<Reader>(
    `with tenant as (insert into tenants (slug, name) values ($1, 'Clinic') returning id),
       person as (insert into users (name, email) values ('A Person', $1) returning id)
     select tenant.id as "tenantId", person.id as "userId" from tenant, person`,
    [randomUUID()],
  );
  return rows[0] as Reader;
}

/** An answer that cites the first chunk of a document. */
async function cite(database: Database, reader: Reader, collection: CollectionRow, sourceId: string) {
  const { rows } = await database.pool.query<{ id: string; text: string }>(
    "select id::text, text from documents where collection_id = $1 and source_id = $2",
    [collection.id, sourceId],
  );
  const document = rows[0] as { id: string; text: string };
  const conversationId = await insertConversation(database, reader, "About aspirin");
  const posted = await insertQuestion(database, reader, conversationId, {
    question: "Aspirin?",
    collections: [],
    eventsAfter: "0",
  });
  if (!posted) throw new Error("the question was refused");
  const messageId = posted.answer.id;
  const quote = document.text.slice(0, 12);
  const place = { sentenceIndex: 0, sentenceStart: 0, sentenceEnd: 1, number: 1, chunkId: null };
  await finishAnswer(database, posted.answer, {
    content: quote,
    status: "complete",
    answer: {},
    sources: [],
    model: null,
    tokensUsed: null,
    citations: [
      {
        ...place,
        documentId: document.id,
        collection: collection.slug,
        sourceId,
        title: "T",
        quote,
        start: 0,
        end: 12,
      },
    ],
    receipt: null,
  });
  return { messageId, conversationId, documentId: document.id };
}

async function twoCollections(database: Database, tenantId?: string) {
  const change = tenantId ? { tenantId } : {};
  return {
    pubmed: await makeCollection(database, { sourceType: "pubmed", ...change }),
    pmc: await makeCollection(database, { sourceType: "pmc", ...change }),
  };
}

export function testTruth(open: OpenTestDatabase): void {
  describe("marks that one record gives another", () => {
    test.each(["notice first", "article first", "both at once"])(
      "a retraction notice marks the article and its full text elsewhere: %s",
      async (order) => {
        const { database } = await open();
        const { pubmed, pmc } = await twoCollections(database);
        const [article, told] = [freshPmid(), freshPmid()];
        const articles = async () => {
          await writeDocuments(database, pmc, [pmcOf(article)]);
          return writeDocuments(database, pubmed, [record(article)]);
        };
        const tell = () => writeDocuments(database, pubmed, [notice(told, article)]);
        if (order === "notice first") {
          expect((await tell()).marked).toBe(0);
          expect((await articles()).marked).toBe(1);
        } else if (order === "article first") {
          await articles();
          const before = await version(database, pmc);
          expect((await tell()).marked).toBe(2);
          expect(await version(database, pmc)).toBe(before + 1);
        } else await Promise.all([articles(), tell()]);
        for (const [collection, id] of [
          [pubmed, article],
          [pmc, `PMC${article}`],
        ] as const) {
          expect(await standing(database, collection, id)).toMatchObject({
            status: "retracted",
            note: `Retracted by the notice “Retraction notice” (PMID ${told}).`,
            changed: expect.any(Date),
          });
        }
        expect(await statusOf(database, pubmed, told)).toBe("current");
      },
    );

    test.each<[string, (pmid: string) => Change, (pmid: string) => string]>([
      ["a bare PMID", () => ({}), (pmid) => pmid],
      ["a PMID with its prefix", () => ({}), (pmid) => `pmid:${pmid}`],
      ["a DOI", (pmid) => ({ identifiers: [`doi:10.1000/a${pmid}`] }), (pmid) => `doi:10.1000/A${pmid}`],
      ["a bare DOI", (pmid) => ({ identifiers: [`doi:10.1000/b${pmid}`] }), (pmid) => `10.1000/b${pmid}`],
      ["a PMCID", (pmid) => ({ identifiers: [`pmcid:PMC${pmid}`] }), (pmid) => `PMC${pmid}`],
      ["the collection's own id", () => ({ identifiers: [] }), (pmid) => pmid],
    ])("an article is named by %s", async (_, change, name) => {
      const { database } = await open();
      const { pubmed } = await twoCollections(database);
      const article = freshPmid();
      await writeDocuments(database, pubmed, [record(article, change(article)), notice(freshPmid(), name(article))]);
      expect(await statusOf(database, pubmed, article)).toBe("retracted");
    });

    test("a notice reaches a copy that bears none of the names it uses, by way of the record that bears both", async () => {
      const { database } = await open();
      const { pubmed, pmc } = await twoCollections(database);
      const article = freshPmid();
      const doi = `doi:10.1000/bridge${article}`;
      await writeDocuments(database, pmc, [makeDocument("by-doi", ["text"], { identifiers: [doi] })]);
      await writeDocuments(database, pubmed, [notice(freshPmid(), article)]);
      expect(await statusOf(database, pmc, "by-doi")).toBe("current");
      await writeDocuments(database, pubmed, [record(article, { identifiers: [`pmid:${article}`, doi] })]);
      expect(await statusOf(database, pmc, "by-doi")).toBe("retracted");
    });

    test("a record that says it is retracted marks the same article's full text, and one that no longer does lifts it", async () => {
      const { database } = await open();
      const { pubmed, pmc } = await twoCollections(database);
      const article = freshPmid();
      await writeDocuments(database, pmc, [pmcOf(article)]);
      const retracted = { status: "retracted", statusNote: "This article was retracted. Notice: 9." };
      expect((await writeDocuments(database, pubmed, [record(article, retracted)])).marked).toBe(1);
      expect(await standing(database, pmc, `PMC${article}`)).toMatchObject({
        status: "retracted",
        note: `Another record of this article (PMID ${article}, Test collection): This article was retracted. Notice: 9.`,
        record: "current",
      });
      await writeDocuments(database, pmc, [pmcOf(article, { title: "Read again, still without the mark" })]);
      expect(await statusOf(database, pmc, `PMC${article}`)).toBe("retracted");
      expect((await writeDocuments(database, pubmed, [record(article)])).marked).toBe(1);
      expect(await standing(database, pmc, `PMC${article}`)).toMatchObject({ status: "current", note: null });
    });

    test("reading the article again without a mark changes nothing, not even since when", async () => {
      const { database } = await open();
      const { pubmed } = await twoCollections(database);
      const article = freshPmid();
      await writeDocuments(database, pubmed, [record(article), notice(freshPmid(), article)]);
      const before = await standing(database, pubmed, article);
      expect((await writeDocuments(database, pubmed, [record(article, { title: "Anew" })])).marked).toBe(0);
      expect(await standing(database, pubmed, article)).toEqual(before);
    });

    test("the gravest mark holds, and the lighter comes back when it goes", async () => {
      const { database } = await open();
      const { pubmed } = await twoCollections(database);
      const [article, concern, retraction, update] = [freshPmid(), freshPmid(), freshPmid(), freshPmid()];
      const by = (pmid: string, kind: string) =>
        notice(pmid, article, { links: [{ kind, sourceId: article, note: null }] });
      await writeDocuments(database, pubmed, [record(article), by(update, "update_of")]);
      expect(await statusOf(database, pubmed, article)).toBe("superseded");
      await writeDocuments(database, pubmed, [by(concern, "concern_for"), by(retraction, "retraction_of")]);
      expect(await statusOf(database, pubmed, article)).toBe("retracted");
      expect((await writeDocuments(database, pubmed, [], [retraction])).marked).toBe(1);
      expect(await statusOf(database, pubmed, article)).toBe("concern");
      await writeDocuments(database, pubmed, [by(concern, "comment_on")]);
      expect(await statusOf(database, pubmed, article)).toBe("superseded");
      await writeDocuments(database, pubmed, [], [update]);
      expect(await standing(database, pubmed, article)).toMatchObject({ status: "current", note: null });
    });

    test("corrections change no status", async () => {
      const { database } = await open();
      const { pubmed } = await twoCollections(database);
      const article = freshPmid();
      const erratum = notice(freshPmid(), article, { links: [{ kind: "erratum_for", sourceId: article, note: null }] });
      expect((await writeDocuments(database, pubmed, [record(article), erratum])).marked).toBe(0);
      expect(await statusOf(database, pubmed, article)).toBe("current");
    });

    test("a tenant's own notice marks its own records alone; a shared one marks everybody's", async () => {
      const { database } = await open();
      const [one, two] = [await makeReader(database), await makeReader(database)];
      const shared = await twoCollections(database);
      const ofOne = await twoCollections(database, one.tenantId);
      const ofTwo = await twoCollections(database, two.tenantId);
      const article = freshPmid();
      for (const { pmc } of [shared, ofOne, ofTwo]) await writeDocuments(database, pmc, [pmcOf(article)]);
      const statuses = () =>
        Promise.all([shared, ofOne, ofTwo].map(({ pmc }) => statusOf(database, pmc, `PMC${article}`)));
      const own = freshPmid();
      expect((await writeDocuments(database, ofOne.pubmed, [notice(own, article)])).marked).toBe(1);
      expect(await statuses()).toEqual(["current", "retracted", "current"]);
      for (const { pmc } of [shared, ofTwo]) await writeDocuments(database, pmc, [pmcOf(article, { title: "Anew" })]);
      expect(await statuses()).toEqual(["current", "retracted", "current"]);
      await writeDocuments(database, ofOne.pubmed, [], [own]);
      expect(await statuses()).toEqual(["current", "current", "current"]);
      await writeDocuments(database, ofOne.pubmed, [record(article, { status: "retracted" })]);
      expect(await statuses()).toEqual(["current", "retracted", "current"]);
      expect((await writeDocuments(database, shared.pubmed, [notice(freshPmid(), article)])).marked).toBe(2);
      expect(await statuses()).toEqual(["retracted", "retracted", "retracted"]);
    });

    test("product codes of labels are no names of articles", async () => {
      const { database } = await open();
      const { pubmed } = await twoCollections(database);
      const labels = await makeCollection(database, { sourceType: "drug_label" });
      const article = freshPmid();
      await writeDocuments(database, labels, [makeDocument("l", ["Label."], { identifiers: [`pmid:${article}`] })]);
      await writeDocuments(database, pubmed, [notice(freshPmid(), article)]);
      expect(await statusOf(database, labels, "l")).toBe("current");
    });

    test("writers of notices and articles across two collections never wait for each other forever nor miss a mark", {
      timeout: 120_000,
    }, async () => {
      const { database } = await open();
      const { pubmed, pmc } = await twoCollections(database);
      const random = randomFrom();
      const articles = Array.from({ length: 24 }, freshPmid);
      // PubMed's notices name what stands in PMC, PMC's what stands in PubMed; each article has one of either.
      const writes = articles.flatMap((article) => [
        () => writeDocuments(database, pubmed, [record(article)]),
        () => writeDocuments(database, pmc, [pmcOf(article)]),
        () => writeDocuments(database, pubmed, [notice(freshPmid(), `pmcid:PMC${article}`)]),
        () =>
          writeDocuments(database, pmc, [
            makeDocument(`N${article}`, ["Notice."], {
              links: [{ kind: "concern_for", sourceId: article, note: null }],
              identifiers: [`doi:10.1000/n${article}`],
            }),
          ]),
      ]);
      const shuffled = writes
        .map((write) => ({ write, at: random.below(1_000_000) }))
        .sort((left, right) => left.at - right.at);
      await Promise.all(shuffled.map(({ write }) => write()));
      for (const article of articles) {
        expect(await statusOf(database, pmc, `PMC${article}`), `TEST_SEED=${random.seed}`).toBe("retracted");
        expect(await statusOf(database, pubmed, article), `TEST_SEED=${random.seed}`).toBe("retracted");
      }
    });

    test("after any sequence of writes every status is what a reading of all records from scratch gives", {
      timeout: 120_000,
    }, async () => {
      const { database } = await open();
      const random = randomFrom();
      const { pubmed, pmc } = await twoCollections(database);
      const world = new Map<string, { collection: CollectionRow; document: NewDocument }>();
      const names = Array.from({ length: 6 }, freshPmid);
      for (let round = 0; round < 40; round += 1) {
        const collection = random.pick([pubmed, pmc]);
        const keys = Array.from({ length: 1 + random.below(3) }, () => `d${random.below(8)}`);
        const ids = [...new Set(keys)];
        const removed = random.below(4) === 0 ? ids.splice(0, 1) : [];
        const documents = ids.map((id) => randomRecord(random, id, names));
        await writeDocuments(database, collection, documents, removed);
        for (const id of removed) world.delete(`${collection.id}:${id}`);
        for (const document of documents) world.set(`${collection.id}:${document.sourceId}`, { collection, document });
        const { rows } = await database.pool.query<{ key: string; status: string }>(
          "select collection_id || ':' || source_id as key, status from documents where collection_id = any($1)",
          [[pubmed.id, pmc.id]],
        );
        expect(
          Object.fromEntries(rows.map(({ key, status }) => [key, status])),
          `TEST_SEED=${random.seed}, round ${round}`,
        ).toEqual(Object.fromEntries([...world].map(([key]) => [key, expected(world, key)])));
      }
    });
  });

  describe("deleted documents", () => {
    test("one that an answer cites stays to be read, and is found by no search", async () => {
      const { database } = await open();
      const { pubmed } = await twoCollections(database);
      const reader = await makeReader(database);
      const [cited, uncited] = [freshPmid(), freshPmid()];
      await writeDocuments(database, pubmed, [record(cited, { publishedOn: "2024", isSample: true }), record(uncited)]);
      const { documentId } = await cite(database, reader, pubmed, cited);
      expect(await writeDocuments(database, pubmed, [], [cited, uncited])).toMatchObject({ deleted: 2, marked: 0 });
      expect(await standing(database, pubmed, uncited)).toBeUndefined();
      expect(await standing(database, pubmed, cited)).toMatchObject({ id: documentId, status: "withdrawn" });
      const collection = (await findCollection(database, null, pubmed.slug)) as CollectionRow;
      expect(collection).toMatchObject({ documentCount: 0, chunkCount: 0, sampleCount: 0, termTotal: 0 });
      const found = await retrieve(database, {
        question: "aspirin record",
        collections: [{ collection, vector: spreadVector("aspirin") }],
        configs: ["english"],
        limit: 10,
      });
      expect(found.chunks).toEqual([]);
      expect(await storedDocuments(database, pubmed.id, [cited])).toEqual(new Map());
    });

    test("comes back under its id when its source has it again; deleting it twice counts once", async () => {
      const { database } = await open();
      const { pubmed } = await twoCollections(database);
      const article = freshPmid();
      await writeDocuments(database, pubmed, [record(article)]);
      const { documentId } = await cite(database, await makeReader(database), pubmed, article);
      await writeDocuments(database, pubmed, [], [article]);
      expect((await writeDocuments(database, pubmed, [], [article])).deleted).toBe(0);
      expect(await writeDocuments(database, pubmed, [record(article)])).toMatchObject({
        added: 1,
        updated: 0,
        chunks: 1,
      });
      expect(await standing(database, pubmed, article)).toMatchObject({
        id: documentId,
        status: "current",
        note: null,
      });
      expect(await findCollection(database, null, pubmed.slug)).toMatchObject({ documentCount: 1, chunkCount: 1 });
    });

    test("a deleted record says nothing of others any more, but is still told what is said of it", async () => {
      const { database } = await open();
      const { pubmed, pmc } = await twoCollections(database);
      const article = freshPmid();
      await writeDocuments(database, pmc, [pmcOf(article)]);
      await writeDocuments(database, pubmed, [record(article, { status: "concern", statusNote: "Concern." })]);
      expect(await statusOf(database, pmc, `PMC${article}`)).toBe("concern");
      await cite(database, await makeReader(database), pubmed, article);
      await writeDocuments(database, pubmed, [], [article]);
      expect(await statusOf(database, pmc, `PMC${article}`)).toBe("current");
      await writeDocuments(database, pubmed, [notice(freshPmid(), article)]);
      expect(await statusOf(database, pubmed, article)).toBe("retracted");
    });
  });

  describe("stored answers", () => {
    test("are told what holds today of what they cite, and their administrators since when", async () => {
      const { database } = await open();
      const { pubmed } = await twoCollections(database);
      const [reader, stranger] = [await makeReader(database), await makeReader(database)];
      const [article, other, told] = [freshPmid(), freshPmid(), freshPmid()];
      await writeDocuments(database, pubmed, [record(article), record(other)]);
      const citing = await cite(database, reader, pubmed, article);
      const calm = await cite(database, reader, pubmed, other);
      const read = async () => {
        const found = await selectCitationStandings(database, reader.tenantId, [citing.messageId, calm.messageId]);
        return Map.groupBy(found, ({ messageId }) => messageId);
      };
      expect((await read()).get(citing.messageId)).toMatchObject([{ status: "current", isRevised: false }]);
      const page = { limit: 10, before: null };
      expect(await listAnswersWithChangedSources(database, reader.tenantId, page)).toEqual([]);
      await writeDocuments(database, pubmed, [notice(told, article)]);
      expect((await read()).get(citing.messageId)).toMatchObject([
        { number: 1, status: "retracted", note: expect.stringContaining(told), isRevised: false },
      ]);
      expect((await read()).get(calm.messageId)).toMatchObject([{ status: "current" }]);
      const marked = await listAnswersWithChangedSources(database, reader.tenantId, page);
      expect(marked).toMatchObject([
        {
          messageId: citing.messageId,
          conversationId: citing.conversationId,
          conversationTitle: "About aspirin",
          documentId: citing.documentId,
          status: "retracted",
          since: expect.any(Date),
        },
      ]);
      expect(await listAnswersWithChangedSources(database, stranger.tenantId, page)).toEqual([]);
      await writeDocuments(database, pubmed, [], [told]);
      expect(await listAnswersWithChangedSources(database, reader.tenantId, page)).toEqual([]);
    });

    test("are told when the quoted words no longer stand, and what corrects a source", async () => {
      const { database } = await open();
      const { pubmed } = await twoCollections(database);
      const reader = await makeReader(database);
      const article = freshPmid();
      await writeDocuments(database, pubmed, [record(article)]);
      const { messageId } = await cite(database, reader, pubmed, article);
      const read = () => selectCitationStandings(database, reader.tenantId, [messageId]);
      const erratum = freshPmid();
      await writeDocuments(database, pubmed, [
        notice(erratum, article, { links: [{ kind: "erratum_for", sourceId: article, note: null }] }),
        record(article, { links: [{ kind: "erratum_in", sourceId: erratum, note: null }] }),
      ]);
      expect(await read()).toMatchObject([{ isRevised: false, corrections: [{ isUpdate: false, name: erratum }] }]);
      await writeDocuments(database, pubmed, [makeDocument(article, ["Other words altogether."])]);
      expect(await read()).toMatchObject([{ isRevised: true }]);
    });

    test("are listed page by page, the latest change first, each once", async () => {
      const { database } = await open();
      const { pubmed } = await twoCollections(database);
      const reader = await makeReader(database);
      const articles = Array.from({ length: 7 }, freshPmid);
      await writeDocuments(
        database,
        pubmed,
        articles.map((article) => record(article)),
      );
      for (const article of articles) await cite(database, reader, pubmed, article);
      await writeDocuments(
        database,
        pubmed,
        articles.map((article) => notice(freshPmid(), article)),
      );
      const seen: string[] = [];
      let before: Parameters<typeof listAnswersWithChangedSources>[2]["before"] = null;
      for (;;) {
        const rows = await listAnswersWithChangedSources(database, reader.tenantId, { limit: 3, before });
        if (rows.length === 0) break;
        seen.push(...rows.map(({ messageId }) => messageId));
        const last = rows.at(-1);
        before = last
          ? { since: last.since.toISOString(), messageId: last.messageId, documentId: last.documentId }
          : null;
      }
      expect(seen).toHaveLength(7);
      expect(new Set(seen).size).toBe(7);
    });
  });

  describe("near-identical documents", () => {
    const likeness = { threshold: 0.75 };

    test("are clustered under the oldest, whatever is written, changed or deleted in between", {
      timeout: 120_000,
    }, async () => {
      const { database } = await open();
      const random = randomFrom();
      const labels = await makeCollection(database, { sourceType: "drug_label" });
      const signatures = new Map<string, number[]>();
      for (let round = 0; round < 30; round += 1) {
        const ids = [...new Set(Array.from({ length: 1 + random.below(3) }, () => `l${random.below(12)}`))];
        const removed = random.below(3) === 0 ? ids.splice(0, 1) : [];
        for (const id of removed) signatures.delete(id);
        const documents = ids.map((id) => {
          const values = random.below(8) === 0 ? null : randomSignature(random);
          if (values) signatures.set(id, values);
          else signatures.delete(id);
          return makeDocument(id, [id], values ? { signature: { values, bands: bandsOf(values) } } : {});
        });
        await writeDocuments(database, labels, documents, removed, { likeness });
        const { rows } = await database.pool.query<{ id: string; source: string; cluster: string | null }>(
          `select id::text, source_id as source, cluster_id::text as cluster from documents where collection_id = $1 order by id`,
          [labels.id],
        );
        const oldest = components(
          rows.map(({ source }) => source),
          signatures,
        );
        const idOf = new Map(rows.map(({ source, id }) => [source, id]));
        expect(
          rows.map(({ source, cluster }) => [source, cluster]),
          `TEST_SEED=${random.seed}, round ${round}`,
        ).toEqual(rows.map(({ source }) => [source, idOf.get(oldest.get(source) ?? "") ?? null]));
      }
    });

    test("metadata may keep alike texts apart, and retrieval says which belong together", async () => {
      const { database } = await open();
      const labels = await makeCollection(database, { sourceType: "drug_label" });
      const values = [1, 2, 3, 4];
      const label = (id: string, substance: string) =>
        makeDocument(id, [`Aspirin label ${id}`], {
          metadata: { substance },
          signature: { values, bands: bandsOf(values) },
        });
      await writeDocuments(database, labels, [label("a", "x"), label("b", "y"), label("c", "x")], [], {
        likeness: { threshold: 0.9, mayMatch: (one, other) => one.substance === other.substance },
      });
      const collection = (await findCollection(database, null, labels.slug)) as CollectionRow;
      const { chunks } = await retrieve(database, {
        question: "aspirin label",
        collections: [{ collection, vector: spreadVector("aspirin") }],
        configs: ["english"],
        limit: 10,
      });
      const bySource = new Map(chunks.map((chunk) => [chunk.sourceId, chunk]));
      const first = bySource.get("a");
      expect(bySource.get("c")).toMatchObject({ clusterId: first?.documentId, clusterSize: 2 });
      expect(first).toMatchObject({ clusterId: first?.documentId, clusterSize: 2 });
      expect(bySource.get("b")).toMatchObject({ clusterId: null, clusterSize: 1 });
    });
  });
}

const kinds = ["retraction_of", "concern_for", "update_of", "comment_on"];

function randomRecord(random: Random, id: string, names: string[]): NewDocument {
  const identifiers = names.flatMap((name) =>
    random.below(5) === 0 ? [random.pick([`pmid:${name}`, `doi:10.1/${name}`])] : [],
  );
  const links =
    random.below(3) === 0
      ? [
          {
            kind: random.pick(kinds),
            sourceId: random.pick([(n: string) => n, (n: string) => `doi:10.1/${n}`])(random.pick(names)),
            note: null,
          },
        ]
      : [];
  const status = random.below(5) === 0 ? random.pick(["retracted", "withdrawn", "concern", "superseded"]) : "current";
  return makeDocument(id, [`text of ${id}`], { identifiers, links, status });
}

const gravity = ["current", "superseded", "concern", "withdrawn", "retracted"];
const said: Record<string, string> = { retraction_of: "retracted", concern_for: "concern", update_of: "superseded" };

/** The status by definition: the gravest of the record's own, its copies' own, and what notices say of any of them. */
function expected(world: Map<string, { document: NewDocument }>, key: string): string {
  const self = (world.get(key) as { document: NewDocument }).document;
  const others = [...world].filter(([other]) => other !== key).map(([, { document }]) => document);
  const copies = others.filter(({ identifiers }) => identifiers.some((name) => self.identifiers.includes(name)));
  const names = new Set([self, ...copies].flatMap(({ identifiers }) => identifiers));
  const notices = others.flatMap(({ links }) =>
    links.filter(({ sourceId }) => names.has(/^\d+$/.test(sourceId ?? "") ? `pmid:${sourceId}` : (sourceId ?? ""))),
  );
  const statuses = [
    self.status,
    ...copies.map(({ status }) => status),
    ...notices.map(({ kind }) => said[kind] ?? "current"),
  ];
  return statuses.reduce((best, next) => (gravity.indexOf(next) > gravity.indexOf(best) ? next : best));
}

function randomSignature(random: Random): number[] {
  const family = random.below(3) * 100;
  return Array.from({ length: 8 }, (_, row) => (random.below(6) === 0 ? random.below(1_000) : family + row));
}

/** One band for two rows. */
function bandsOf(values: number[]): bigint[] {
  const keys: bigint[] = [];
  for (let row = 0; row < values.length; row += 2)
    keys.push((BigInt(row) << 40n) | (BigInt(values[row] as number) << 20n) | BigInt(values[row + 1] as number));
  return keys;
}

/** By definition: who is connected, directly or not, and the first of them. @param sources the oldest first */
function components(sources: string[], signatures: Map<string, number[]>): Map<string, string> {
  const alike = (one: string, other: string) => {
    const [left, right] = [signatures.get(one), signatures.get(other)];
    if (!left || !right || !bandsOf(left).some((band) => bandsOf(right).includes(band))) return false;
    return left.filter((value, row) => value === right[row]).length / left.length >= 0.75;
  };
  const oldest = new Map<string, string>();
  for (const source of sources) {
    if (oldest.has(source)) continue;
    const group = [source];
    for (const member of group) {
      group.push(...sources.filter((other) => !group.includes(other) && alike(member, other)));
    }
    if (group.length > 1) for (const member of group) oldest.set(member, source);
  }
  return oldest;
}
