import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import pino from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CollectionRow } from "#db/index.ts";
import { makeCollection } from "#db/testing/corpus.ts";
import type { SourceType } from "#lib/domain.ts";
import { readEnv } from "#lib/env.ts";
import { type ObjectStore, openObjectStore } from "#lib/storage/objects/index.ts";
import { describeDatabases } from "#lib/testing/databases.ts";
import { HashedEmbeddings } from "#lib/testing/deps.ts";
import { defineCollection } from "../define-collection.ts";
import type { RecordFailure } from "../types.ts";
import { type IngestOptions, ingest } from "./ingest.ts";

const day = (date: string) => {
  const [year, month, dayOfMonth] = date.split("-");
  return `<Year>${year}</Year><Month>${month}</Month><Day>${dayOfMonth}</Day>`;
};
const article = (pmid: string, abstract: string, revised = "2023-05-01", title = `Study ${pmid}`) =>
  `<PubmedArticle><MedlineCitation><PMID Version="1">${pmid}</PMID><DateRevised>${day(revised)}</DateRevised>` +
  `<Article><ArticleTitle>${title}</ArticleTitle><Abstract><AbstractText Label="RESULTS">${abstract}</AbstractText>` +
  `<AbstractText Label="CONCLUSIONS">It was safe. It was cheap.</AbstractText></Abstract><Language>eng</Language>` +
  `</Article></MedlineCitation></PubmedArticle>`;
const deletion = (...pmids: string[]) =>
  `<DeleteCitation>${pmids.map((pmid) => `<PMID Version="1">${pmid}</PMID>`).join("")}</DeleteCitation>`;
const articles = (...records: string[]) =>
  `<?xml version="1.0"?>\n<PubmedArticleSet>\n${records.join("\n")}\n</PubmedArticleSet>\n`;
const line = (fields: Record<string, unknown>) => JSON.stringify(fields);
const lines = (count: number) =>
  Array.from({ length: count }, (_, at) => line({ _id: `d${at}`, title: `Trial ${at}`, text: `Arm ${at} did well.` }));

const sha256 = (content: string | Uint8Array) => createHash("sha256").update(content).digest("hex");

let folder: string;
let objects: ObjectStore;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "probatum-pipeline-"));
  objects = await openObjectStore(join(folder, "objects"));
  await objects.ensureBucket();
});
afterAll(async () => {
  await objects.close();
  await rm(folder, { recursive: true, force: true });
});

let files = 0;
async function file(content: string | Uint8Array, ending = ".xml"): Promise<string> {
  files += 1;
  const path = join(folder, `input-${files}${ending}`);
  await writeFile(path, content);
  return path;
}

describeDatabases("ingest", (open) => {
  const deps = async (change: { objects?: ObjectStore; embeddings?: HashedEmbeddings } = {}) => ({
    database: (await open()).database,
    objects: change.objects ?? objects,
    embeddingsOf: async () => change.embeddings ?? new HashedEmbeddings(),
    log: pino({ level: "silent" }),
    env: readEnv({ DATA_DIR: folder }),
  });
  const collectionOf = async (sourceType: SourceType = "pubmed") =>
    makeCollection((await open()).database, { sourceType, embeddingDimensions: 384 });

  /** Runs over the paths and asserts that the counts add up. */
  async function take(collection: CollectionRow, paths: string[], change: Partial<IngestOptions> = {}) {
    const failures: RecordFailure[] = [];
    const counts = await ingest(await deps(), {
      collection,
      request: { kind: "files", paths },
      onFailure: (failure) => failures.push(failure),
      ...change,
    });
    expect(counts.added + counts.updated + counts.unchanged + counts.failed).toBe(counts.read);
    expect(failures).toHaveLength(counts.failed);
    return { counts, failures };
  }

  const query = async <Row extends object>(statement: string, ...values: unknown[]): Promise<Row[]> =>
    (await (await open()).database.pool.query<Row>(statement, values)).rows;

  /** Everything kept of a collection that a repeated run must leave as it is. */
  async function everything({ id }: CollectionRow) {
    return {
      collection: await query("select * from collections where id = $1", id),
      documents: await query("select * from documents where collection_id = $1 order by source_id", id),
      chunks: await query("select * from chunks where collection_id = $1 order by id", id),
      postings: await query("select * from chunk_terms where collection_id = $1 order by chunk_id, lexeme", id),
      statistics: await query("select * from term_statistics where collection_id = $1 order by lexeme", id),
    };
  }

  /** The same without what differs between two collections of the same content. */
  async function content({ id, spaceId }: CollectionRow) {
    return {
      collection: await query("select document_count, chunk_count, term_total from collections where id = $1", id),
      documents: await query(
        `select source_id, encode(content_hash, 'hex') as hash, title, text, published_on, revised_on, metadata
         from documents where collection_id = $1 order by source_id`,
        id,
      ),
      chunks: await query(
        `select d.source_id, c.ordinal, c.text, c.sentences, encode(c.content_hash, 'hex') as hash, v.embedding::text
         from chunks c join documents d on d.id = c.document_id join vectors_${spaceId} v on v.chunk_id = c.id where c.collection_id = $1
         order by d.source_id, c.ordinal`,
        id,
      ),
      statistics: await query(
        `select lexeme, chunk_count from term_statistics where collection_id = $1 and chunk_count > 0 order by lexeme`,
        id,
      ),
    };
  }

  const documents = ({ id }: CollectionRow) =>
    query<{ id: string; source_id: string; text: string; revised_on: string; updated_at: Date }>(
      "select id, source_id, text, revised_on, updated_at from documents where collection_id = $1 order by source_id",
      id,
    );
  const texts = async (collection: CollectionRow) =>
    Object.fromEntries((await documents(collection)).map(({ source_id, text }) => [source_id, text.split("\n")[0]]));
  const version = async ({ id }: CollectionRow) =>
    Number(
      (await query<{ corpus_version: string }>("select corpus_version from collections where id = $1", id))[0]
        ?.corpus_version,
    );
  const lastRun = async ({ id }: CollectionRow) =>
    (
      await query<Record<string, unknown>>(
        "select * from ingest_runs where collection_id = $1 order by created_at desc limit 1",
        id,
      )
    )[0] as Record<string, unknown>;
  /** Chunks that have the word among their postings. */
  const chunksWith = ({ id }: CollectionRow, lexeme: string) =>
    query("select chunk_id from chunk_terms where collection_id = $1 and lexeme = $2", id, lexeme);

  describe("the same again", () => {
    test("files that were taken in already write nothing, whatever they hold", async () => {
      const collection = await collectionOf();
      const paths = [
        await file(articles(article("1", "Aspirin helped."), article("2", "Warfarin helped."))),
        await file(gzipSync(articles(deletion("3", "4"), article("5", "Heparin helped."))), ".xml.gz"),
      ];
      const first = await take(collection, paths);
      expect(first.counts).toMatchObject({ read: 3, added: 3, updated: 0, unchanged: 0, deleted: 0, failed: 0 });
      expect(await lastRun(collection)).toMatchObject({ status: "complete", read: 3, added: 3, error: null });
      const before = await everything(collection);
      expect(before.chunks).toHaveLength(first.counts.chunks);
      const again = await take(collection, paths);
      expect(again.counts).toMatchObject({ read: 3, added: 0, updated: 0, unchanged: 3, chunks: 0 });
      expect(await everything(collection)).toEqual(before);
    });

    test("a changed record replaces its document, chunks and postings in one write and keeps its id", async () => {
      const collection = await collectionOf();
      await take(collection, [await file(articles(article("1", "Aspirin helped."), article("2", "Warfarin helped.")))]);
      const before = await documents(collection);
      const versionBefore = await version(collection);
      const changed = await file(articles(article("1", "Clopidogrel harmed."), article("2", "Warfarin helped.")));
      const { counts } = await take(collection, [changed]);
      expect(counts).toMatchObject({ read: 2, added: 0, updated: 1, unchanged: 1 });
      const after = await documents(collection);
      expect(after.map(({ id }) => id)).toEqual(before.map(({ id }) => id));
      expect(after[0]?.text).toMatch(/^Clopidogrel harmed\./);
      expect(after[1]).toEqual(before[1]);
      expect(await version(collection)).toBe(versionBefore + 1);
      expect(await chunksWith(collection, "aspirin")).toEqual([]);
      expect(await chunksWith(collection, "clopidogrel")).toHaveLength(1);
      const fresh = await collectionOf();
      await take(fresh, [changed]);
      expect(await content(collection)).toEqual(await content(fresh));
    });

    test("a delete list removes what it names, and its absence later writes nothing", async () => {
      const collection = await collectionOf();
      await take(collection, [await file(articles(article("1", "Aspirin helped."), article("2", "Warfarin helped.")))]);
      const list = await file(articles(deletion("1", "99")));
      expect((await take(collection, [list])).counts).toMatchObject({ read: 0, deleted: 1 });
      expect(await texts(collection)).toEqual({ 2: "Warfarin helped." });
      expect(await chunksWith(collection, "aspirin")).toEqual([]);
      const before = await everything(collection);
      expect((await take(collection, [list])).counts).toMatchObject({ read: 0, deleted: 0 });
      expect(await everything(collection)).toEqual(before);
    });
  });

  describe("a record that comes more than once", () => {
    test("the last in a file wins, and what was deleted before it does not come back", async () => {
      const collection = await collectionOf();
      const path = await file(
        articles(
          article("1", "First."),
          article("1", "Second."),
          article("1", "Third."),
          article("2", "Stays away."),
          deletion("2"),
          article("3", "Old."),
          deletion("3"),
          article("3", "Back."),
        ),
      );
      const { counts } = await take(collection, [path]);
      expect(counts).toMatchObject({ read: 6, added: 4, updated: 2, deleted: 2 });
      expect(await texts(collection)).toEqual({ 1: "Third.", 3: "Back." });
    });

    test("the last of successive files wins, an older revision excepted", async () => {
      const collection = await collectionOf();
      const newest = await file(articles(article("1", "Newest.", "2024-02-01"), article("2", "Two.", "2024-02-01")));
      const older = await file(articles(article("1", "Older.", "2023-12-31"), article("3", "Three.")));
      const same = await file(articles(article("2", "Two, put right.", "2024-02-01")));
      const { counts } = await take(collection, [newest, older, same]);
      expect(counts).toMatchObject({ read: 5, added: 3, updated: 1, unchanged: 1 });
      expect(await texts(collection)).toEqual({ 1: "Newest.", 2: "Two, put right.", 3: "Three." });
      expect((await take(collection, [older])).counts).toMatchObject({ read: 2, unchanged: 2 });
      const within = await file(articles(article("4", "New.", "2024-02-01"), article("4", "Old.", "2022-01-01")));
      expect((await take(collection, [within])).counts).toMatchObject({ read: 2, added: 1, unchanged: 1 });
      expect(await texts(collection)).toMatchObject({ 4: "New." });
    });
  });

  describe("bad input", () => {
    test("a bad record is named with file, number, offset and reason, and the rest goes in", async () => {
      const collection = await collectionOf();
      const bad = article("2", "No number.").replace(/<PMID.*?<\/PMID>/, "");
      const broken = article("3", "Broken.").replace("</Abstract>", "");
      const path = await file(articles(article("1", "Ök: Ä."), bad, broken, article("4", "Fine.")));
      const { counts, failures } = await take(collection, [path]);
      expect(counts).toMatchObject({ read: 4, added: 2, failed: 2 });
      expect(await texts(collection)).toEqual({ 1: "Ök: Ä.", 4: "Fine." });
      expect(failures).toMatchObject(
        [
          { position: { file: path, record: 2 }, sourceId: null, code: "missing_field", reason: /PMID/ },
          { position: { file: path, record: 3 }, sourceId: "3", code: "malformed" },
        ].map(({ reason, ...rest }) => ({
          ...rest,
          reason: reason ? expect.stringMatching(reason) : expect.any(String),
        })),
      );
      const bytes = await readFile(path);
      const starts = failures.map(({ position }) => bytes.subarray(position.offset as number).toString());
      expect(starts[0]?.startsWith(bad)).toBe(true);
      expect(starts[1]?.startsWith(broken)).toBe(true);
      const run = await lastRun(collection);
      expect(run).toMatchObject({ status: "complete", read: 4, added: 2, failed: 2 });
      const kept = await query(
        `select file, record, byte_offset::int as offset, source_id as "sourceId", code, reason
         from ingest_failures where run_id = $1 order by id`,
        run.id,
      );
      expect(kept).toEqual(failures.map(({ position, ...rest }) => ({ ...position, ...rest })));
    });

    test("what the stores cannot keep fails as a record, and does not end the run", async () => {
      const collection = await collectionOf("beir");
      const refused = {
        nul: line({ _id: "nul\u0000id", title: "Bad", text: "Text." }),
        metadata: line({ _id: "metadata", title: "Bad", text: "Text.", metadata: { notes: [{ "k\u0000": "a" }] } }),
        half: line({ _id: "half", title: "Bad", text: "Text.", metadata: { note: "\ud83d" } }),
        halfId: line({ _id: "half\udc00", title: "Bad", text: "Text." }),
        long: line({ _id: "x".repeat(9_000), title: "Bad", text: "Text." }),
        noJson: '{ "_id": "😀😀", "text": \u0000}',
      };
      const kept = {
        escaped: line({ _id: "escaped", title: "Kept", text: "Text.", metadata: { path: "C:\\u0000\\ud83d" } }),
        cleaned: line({ _id: "cleaned", title: "Kept\u0000 \ud83d", text: "\ude00 text\u0000" }),
        wide: line({ _id: "é".repeat(250), title: "猫".repeat(400), text: "Text." }),
        pair: line({ _id: "pair", title: `${"a".repeat(199)}😀 b`, text: "Text." }),
        word: line({ _id: "word", title: "Word", text: "w".repeat(20_000) }),
      };
      const path = await file([...Object.values(refused), ...Object.values(kept)].join("\n"), ".jsonl");
      const { counts, failures } = await take(collection, [path]);
      expect(failures.map(({ position }) => position.record)).toEqual([1, 2, 3, 4, 5, 6]);
      expect(failures.map(({ sourceId }) => sourceId?.slice(0, 9))).toEqual(
        expect.arrayContaining(["nulid", "metadata", "half", "half\ufffd", "xxxxxxxxx"]),
      );
      expect(counts).toMatchObject({ read: 11, added: 5, failed: 6 });
      expect(await texts(collection)).toMatchObject({ cleaned: "\ufffd text" });
      const run = await lastRun(collection);
      expect(run).toMatchObject({ status: "complete", failed: 6 });
      expect(await query("select id from ingest_failures where run_id = $1", run.id)).toHaveLength(6);
    });

    test("a collection is not read as another source than it has, nor one made under a name that cannot be one", async () => {
      const defined = await deps();
      await expect(defineCollection(defined, "guidelines", "pubmed")).rejects.toThrow("guideline, not as pubmed");
      await expect(defineCollection(defined, "own", "beer")).rejects.toThrow("pubmed, pmc, guideline");
      await expect(defineCollection(defined, "Own ones", "beir")).rejects.toThrow("lower-case");
      await expect(defineCollection(defined, "own")).rejects.toThrow("pubmed_abstracts");
      const own = await defineCollection(defined, "own_ones", "beir");
      expect(own).toMatchObject({ title: "Own ones", sourceType: "beir", embeddingDimensions: 384 });
      expect(await defineCollection(defined, "own_ones")).toEqual(own);
      await expect(defineCollection(defined, "own_ones", "pmc")).rejects.toThrow("beir, not as pmc");
    });

    test("a file that is missing, of a wrong ending or no sound gzip is a failure, not the end", async () => {
      const collection = await collectionOf();
      const whole = gzipSync(
        articles(...Array.from({ length: 40 }, (_, at) => article(`${at + 100}`, sha256(`${at}`)))),
      );
      const missing = join(folder, "nowhere.xml");
      const wrong = await file("Some text.", ".txt");
      const noGzip = await file("not compressed", ".xml.gz");
      const cut = await file(whole.subarray(0, whole.length - 600), ".xml.gz");
      const good = await file(articles(article("1", "Fine.")));
      const { counts, failures } = await take(collection, [missing, wrong, noGzip, cut, good]);
      const named = new Map(failures.map((failure) => [failure.position.file, failure]));
      for (const path of [missing, wrong, noGzip, cut]) expect(named.get(path)?.reason).toContain(path);
      expect(named.get(missing)).toMatchObject({
        code: "unreadable",
        reason: expect.stringContaining("does not exist"),
      });
      expect(named.get(wrong)?.reason).toContain(".xml");
      expect(named.get(noGzip)?.reason).toContain("gzip");
      expect(named.get(cut)?.reason).toContain("cut short");
      expect(counts.added).toBeGreaterThan(1);
      expect(counts.added).toBeLessThan(41);
      expect(await texts(collection)).toMatchObject({ 1: "Fine.", 100: `${sha256("0")}` });
      expect(await lastRun(collection)).toMatchObject({ status: "complete", failed: counts.failed });
    });
  });

  describe("a run that ends early", () => {
    test("an interrupted one keeps what was committed, and the same run again completes it", async () => {
      const path = await file(lines(1_500).join("\n"), ".jsonl");
      const collection = await collectionOf("beir");
      const abort = new AbortController();
      const running = take(collection, [path], {
        signal: abort.signal,
        onProgress: ({ added }) => added > 0 && abort.abort(new Error("Stopped by hand.")),
      });
      await expect(running).rejects.toThrow("Stopped by hand.");
      const kept = await documents(collection);
      expect(await lastRun(collection)).toMatchObject({
        status: "interrupted",
        error: "Stopped by hand.",
        added: kept.length,
        finished_at: expect.any(Date),
      });
      expect(kept.length).toBeGreaterThan(0);
      expect(kept.length).toBeLessThan(1_500);
      const { counts } = await take(collection, [path]);
      expect(counts).toMatchObject({ read: 1_500, unchanged: kept.length, added: 1_500 - kept.length });
      const whole = await collectionOf("beir");
      await take(whole, [path]);
      expect(await content(collection)).toEqual(await content(whole));
      expect(await documents(collection)).toEqual(expect.arrayContaining(kept));
    });

    test("a store or embeddings that fail end it, with nothing of the batch written", async () => {
      const collection = await collectionOf("beir");
      await take(collection, [await file(line({ _id: "d400", title: "Before", text: "As it was." }), ".jsonl")]);
      const path = await file(lines(500).join("\n"), ".jsonl");
      const failing = {
        objects: {
          ...objects,
          put: async (...parameters: Parameters<ObjectStore["put"]>) => {
            if (parameters[2].metadata?.["source-id"] === "d390") throw new Error("the object store is full");
            return objects.put(...parameters);
          },
        },
        embeddings: new (class extends HashedEmbeddings {
          override embedVectors = async (texts: string[]) => {
            if (texts.some((text) => text.includes("Arm 390 "))) throw new Error("the model is gone");
            return Promise.all(texts.map(async (text) => Float32Array.from(await this.embedQuery(text))));
          };
        })(),
      };
      // The first 256 are written while the second group fails.
      for (const [change, message] of [
        [{ objects: failing.objects }, "the object store is full"],
        [{ embeddings: failing.embeddings }, "the model is gone"],
      ] as const) {
        await expect(
          ingest(await deps(change), { collection, request: { kind: "files", paths: [path] } }),
        ).rejects.toThrow(message);
        expect(await lastRun(collection)).toMatchObject({ status: "failed", error: message });
        const kept = await texts(collection);
        expect(Object.keys(kept)).toHaveLength(257);
        expect(kept).toMatchObject({ d0: "Arm 0 did well.", d255: "Arm 255 did well.", d400: "As it was." });
        const [sums] = await query(
          `select document_count, chunk_count, (select count(*)::int from chunks where collection_id = $1) as chunks
           from collections where id = $1`,
          collection.id,
        );
        expect(sums).toEqual({ document_count: 257, chunk_count: 257, chunks: 257 });
      }
      await take(collection, [path]);
      const whole = await collectionOf("beir");
      await take(whole, [path]);
      expect(await content(collection)).toEqual(await content(whole));
    });

    test("vectors of another size than the collection's are refused, and the old document stays", async () => {
      const collection = await collectionOf();
      await take(collection, [await file(articles(article("1", "As it was.")))]);
      const before = await everything(collection);
      const path = await file(articles(article("1", "Changed."), article("2", "New.")));
      const other = await deps({ embeddings: new HashedEmbeddings(256) });
      await expect(ingest(other, { collection, request: { kind: "files", paths: [path] } })).rejects.toThrow(
        /dimensions/,
      );
      expect(await everything(collection)).toEqual(before);
      expect(await lastRun(collection)).toMatchObject({ status: "failed", added: 0, updated: 0 });
    });
  });

  describe("what is kept", () => {
    test("every chunk is a slice of its document's text, its sentences within it", async () => {
      const collection = await collectionOf();
      const long = Array.from({ length: 60 }, (_, at) => `In arm ${at} 10⁹/L 😀 fell by ${at}.5 % (p &lt; 0.05).`).join(
        " ",
      );
      await take(collection, [await file(articles(article("1", long), article("2", "Short."), article("3", "")))]);
      const rows = await query<{
        text: string;
        chunks: { text: string; start: number; end: number; sentences: number[] }[];
      }>(
        `select d.text, json_agg(json_build_object('text', c.text, 'start', c.start_offset, 'end', c.end_offset,
           'sentences', c.sentences) order by c.ordinal) as chunks
         from documents d join chunks c on c.document_id = d.id where d.collection_id = $1 group by d.id`,
        collection.id,
      );
      expect(rows).toHaveLength(3);
      expect(Math.max(...rows.map(({ chunks }) => chunks.length))).toBeGreaterThan(3);
      for (const { text, chunks } of rows) {
        let visible = "";
        for (const chunk of chunks) {
          expect(text.slice(chunk.start, chunk.end)).toBe(chunk.text);
          visible += chunk.text;
          let at = chunk.start;
          expect(chunk.sentences.length).toBeGreaterThan(0);
          for (const [index, offset] of chunk.sentences.entries()) {
            expect(offset).toBeGreaterThanOrEqual(at);
            if (index % 2) expect(offset).toBeGreaterThan(at);
            at = offset;
          }
          expect(at).toBeLessThanOrEqual(chunk.end);
        }
        expect(visible.replace(/\s/g, "")).toBe(text.replace(/\s/g, ""));
      }
    });

    test("the original of every record, byte for byte under its hash, with its media type", async () => {
      const articleSet = await collectionOf();
      const lineSet = await collectionOf("beir");
      const record = article("1", "Ä &amp; <i>β</i>-blockers");
      const row = '{ "_id": "a",  "title":"Ünïcode", "text":"Spaced  out." }';
      await take(articleSet, [await file(gzipSync(articles(record)), ".xml.gz")]);
      await take(lineSet, [await file(`${row}\n`, ".jsonl")]);
      for (const [collection, original, mediaType] of [
        [articleSet, record, "application/xml"],
        [lineSet, row, "application/json"],
      ] as const) {
        const [document] = await query<{ object_key: string; original_type: string }>(
          "select object_key, original_type from documents where collection_id = $1",
          collection.id,
        );
        const key = `originals/${collection.slug}/${sha256(original)}`;
        expect(document).toEqual({ object_key: key, original_type: mediaType });
        const stored = await objects.get(key);
        expect(stored.contentType).toBe(mediaType);
        expect((await buffer(stored.body)).toString()).toBe(original);
      }
    });
  });
});
