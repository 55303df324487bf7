import { describe, expect, test } from "vitest";
import {
  type CollectionRow,
  type Database,
  ensureCollection,
  findCollection,
  type RetrievalRequest,
  type RetrievedChunk,
  retrieve,
  writeDocuments,
} from "../index.ts";
import { makeCollection, makeDocument, spreadVector, testDimensions } from "../testing/corpus.ts";
import type { OpenTestDatabase } from "./types.ts";

// Words that are their own stems and no stop words, so that BM25 can be computed here without a stemmer.
const corpus = [
  { id: "a", title: "warfarin", section: "aspirin", body: "aspirin aspirin heparin stroke" },
  { id: "b", title: "heparin", section: null, body: "warfarin stroke stroke stroke renal renal" },
  { id: "c", title: "renal", section: null, body: "renal renal" },
  { id: "d", title: "insulin", section: "digoxin", body: "insulin digoxin asthma aspirin" },
  { id: "e", title: "asthma", section: null, body: "asthma" },
];

function termsOf(document: (typeof corpus)[number]): string[] {
  return [document.title, document.title, ...(document.section?.split(" ") ?? []), ...document.body.split(" ")];
}

/** BM25 as Robertson and Zaragoza give it, with k1 .6 and b .4, over whole-collection statistics. */
function bm25(question: string, document: (typeof corpus)[number]): number {
  const mean = corpus.reduce((sum, each) => sum + termsOf(each).length, 0) / corpus.length;
  const own = termsOf(document);
  return [...new Set(question.split(" "))].reduce((score, term) => {
    const held = corpus.filter((each) => termsOf(each).includes(term)).length;
    const idf = Math.log(1 + (corpus.length - held + 0.5) / (held + 0.5));
    const tf = own.filter((word) => word === term).length;
    return score + (idf * tf * 1.6) / (tf + 0.6 * (0.6 + (0.4 * own.length) / mean));
  }, 0);
}

const cosine = (left: number[], right: number[]) => {
  const dot = left.reduce((sum, value, at) => sum + value * (right[at] as number), 0);
  return dot / (Math.hypot(...left) * Math.hypot(...right));
};

const scale = (values: number[]) => {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return values.map((value) => (high === low ? 0 : (value - low) / (high - low)));
};

async function fill(database: Database): Promise<CollectionRow> {
  const collection = await makeCollection(database);
  await writeDocuments(
    database,
    collection,
    corpus.map(({ id, title, section, body }) => makeDocument(id, [body], { title, section })),
  );
  return (await findCollection(database, null, collection.slug)) as CollectionRow;
}

function search(
  database: Database,
  collections: CollectionRow[],
  question: string,
  change: Partial<RetrievalRequest> & { vector?: number[] } = {},
) {
  const { vector = spreadVector(question), ...request } = change;
  return retrieve(database, {
    question,
    collections: collections.map((collection) => ({ collection, vector })),
    configs: ["english"],
    limit: 10,
    ...request,
  });
}

const scores = (chunks: RetrievedChunk[], of: "lexical" | "dense" | "score") =>
  Object.fromEntries(chunks.map((chunk) => [chunk.sourceId, chunk[of]]));

export function testRetrieval(open: OpenTestDatabase): void {
  describe("retrieval", () => {
    test.each(["aspirin", "warfarin stroke", "renal renal asthma", "insulin zzz"])(
      "the lexical score of “%s” is BM25's",
      async (question) => {
        const { database } = await open();
        const collection = await fill(database);
        const { chunks, terms, searched } = await search(database, [collection], question, { arms: "lexical" });
        const expected = corpus
          .map((document) => ({ id: document.id, score: bm25(question, document) }))
          .filter(({ score }) => score > 0)
          .sort((left, right) => right.score - left.score);
        expect(chunks.map(({ sourceId }) => sourceId)).toEqual(expected.map(({ id }) => id));
        for (const { id, score } of expected) expect(scores(chunks, "lexical")[id]).toBeCloseTo(score, 9);
        expect(searched).toBe(corpus.length);
        expect(terms.map(({ lexeme }) => lexeme).sort()).toEqual([...new Set(question.split(" "))].sort());
        expect(terms.find(({ lexeme }) => lexeme === "zzz")?.chunks ?? 0).toBe(0);
      },
    );

    test("the dense score is the exact cosine, best first", async () => {
      const { database } = await open();
      const collection = await fill(database);
      const vector = spreadVector("some question");
      const { chunks } = await search(database, [collection], "question", { vector, arms: "dense" });
      expect(chunks).toHaveLength(corpus.length);
      for (const document of corpus) {
        // A native index holds halves: 11 bits of each number.
        expect(scores(chunks, "dense")[document.id]).toBeCloseTo(cosine(vector, spreadVector(document.body)), 2);
      }
      expect(chunks.map(({ dense }) => dense)).toEqual(chunks.map(({ dense }) => dense).toSorted((a, b) => b - a));
      if (collection.embeddingIndexType === "vector") {
        const first = chunks[0] as RetrievedChunk;
        expect(first.dense).toBeCloseTo(cosine(vector, spreadVector(first.text)), 6);
      }
    });

    test("the hybrid score is .4 lexical and .6 dense, each scaled over the candidates", async () => {
      const { database } = await open();
      const collection = await fill(database);
      const { chunks } = await search(database, [collection], "stroke aspirin");
      const lexical = scale(chunks.map((chunk) => chunk.lexical));
      const dense = scale(chunks.map((chunk) => chunk.dense));
      expect(chunks).toHaveLength(corpus.length);
      chunks.forEach((chunk, at) => {
        expect(chunk.score).toBeCloseTo(0.4 * (lexical[at] as number) + 0.6 * (dense[at] as number), 9);
      });
      expect(chunks.map(({ score }) => score)).toEqual(chunks.map(({ score }) => score).toSorted((a, b) => b - a));
    });

    test("only the given collections are searched, each in its own space", async () => {
      const { database } = await open();
      const one = await fill(database);
      const two = await makeCollection(database, { embeddingDimensions: 3 });
      await writeDocuments(database, two, [makeDocument("other", ["aspirin heparin"], { embedding: () => [0, 1, 0] })]);
      const alone = await search(database, [one], "aspirin");
      expect(new Set(alone.chunks.map(({ collectionId }) => collectionId))).toEqual(new Set([one.id]));
      const both = await retrieve(database, {
        question: "aspirin",
        collections: [
          { collection: one, vector: spreadVector("aspirin") },
          { collection: two, vector: [0, 1, 0] },
        ],
        configs: ["english"],
        limit: 10,
      });
      expect(both.searched).toBe(corpus.length + 1);
      expect(both.chunks.find(({ sourceId }) => sourceId === "other")).toMatchObject({
        collection: two.slug,
        dense: expect.closeTo(1, 3),
      });
    });

    test("a question's vector of another size than the collection's is refused", async () => {
      const { database } = await open();
      const collection = await fill(database);
      await expect(search(database, [collection], "aspirin", { vector: [1, 0] })).rejects.toThrow(/dimensions/);
    });

    test("equal scores come in the same order every time", async () => {
      const { database } = await open();
      const collection = await makeCollection(database);
      const same = Array.from({ length: 20 }, (_, at) => makeDocument(`s${at}`, ["aspirin"], { title: "aspirin" }));
      await writeDocuments(database, collection, same);
      const order = async () =>
        (await search(database, [collection], "aspirin", { limit: 5 })).chunks.map(({ chunkId }) => Number(chunkId));
      const first = await order();
      expect(first).toHaveLength(5);
      expect(first).toEqual(first.toSorted((left, right) => left - right));
      expect(await order()).toEqual(first);
    });

    test("an empty corpus, no collection and more than there is are answered with what there is", async () => {
      const { database } = await open();
      const empty = await makeCollection(database);
      expect(await search(database, [empty], "aspirin")).toMatchObject({ chunks: [], searched: 0 });
      expect(await search(database, [], "aspirin")).toEqual({ chunks: [], terms: [], searched: 0, lexicalExact: true });
      const collection = await fill(database);
      expect((await search(database, [collection], "aspirin", { limit: 500 })).chunks).toHaveLength(corpus.length);
      expect((await search(database, [collection], "aspirin", { limit: 2 })).chunks).toHaveLength(2);
    });

    test("a question of stop words alone has no terms", async () => {
      const { database } = await open();
      const collection = await fill(database);
      const { terms, chunks } = await search(database, [collection], "what is it and why");
      expect(terms).toEqual([]);
      expect(chunks.every(({ lexical }) => lexical === 0)).toBe(true);
    });

    test("Spanish words find each other's forms, and Spanish stop words are no terms", async () => {
      const { database } = await open();
      const collection = await makeCollection(database);
      await writeDocuments(database, collection, [
        makeDocument("es", ["Los riñones enfermos no filtran bien la sangre."], {
          language: "es",
          title: "Enfermedad renal",
        }),
        makeDocument("en", ["Kidneys that are ill do not filter blood."], { title: "Kidney disease" }),
      ]);
      const { chunks, terms } = await search(database, [collection], "¿Qué es la enfermedad del riñón?", {
        configs: ["english", "spanish"],
        arms: "lexical",
      });
      expect(chunks.map(({ sourceId }) => sourceId)).toEqual(["es"]);
      const lexemes = terms.map(({ lexeme }) => lexeme);
      for (const stop of ["qué", "que", "es", "la", "del"]) expect(lexemes).not.toContain(stop);
    });

    test.each([
      "'; drop table documents; --",
      "aspirin' or 1=1 --",
      '" \\ $1 {7*7} %s ? & | ! ( ) <-> :*',
      "aspirin\n\n\t— ☃ 😀 — 10⁹",
      "a ".repeat(1_000),
    ])("a question is only ever words: %s", async (question) => {
      const { database } = await open();
      const collection = await fill(database);
      const { searched } = await search(database, [collection], question);
      expect(searched).toBe(corpus.length);
      expect((await findCollection(database, null, collection.slug))?.documentCount).toBe(corpus.length);
    });

    test("3,072 dimensions can be stored and searched", async () => {
      const { database } = await open();
      if (database.isEmbedded) return; // the embedded index is on `vector`, which stops at 2,000
      const collection = await makeCollection(database, { embeddingDimensions: 3_072 });
      const vector = Array.from({ length: 3_072 }, (_, at) => Math.sin(at));
      await writeDocuments(database, collection, [makeDocument("1", ["aspirin"], { embedding: () => vector })]);
      const { chunks } = await search(database, [collection], "aspirin", { vector });
      expect(chunks[0]?.dense).toBeCloseTo(1, 2);
    });

    test("the vectors' nearest are found among many", async () => {
      const { database } = await open();
      const collection = await ensureCollection(database, {
        slug: `many-${Date.now()}-${database.isEmbedded}`,
        title: "Many",
        description: "",
        sourceType: "beir",
        embeddingProvider: "test",
        embeddingModel: "test",
        embeddingDimensions: testDimensions,
        chunkSettings: {},
      });
      const documents = Array.from({ length: 400 }, (_, at) => makeDocument(`m${at}`, [`word${at}`]));
      await writeDocuments(database, collection, documents);
      const vector = spreadVector("question");
      const exact = documents
        .map(({ sourceId, text }) => ({ sourceId, near: cosine(vector, spreadVector(text)) }))
        .sort((left, right) => right.near - left.near)
        .slice(0, 10);
      const { chunks } = await search(database, [collection], "question", { vector, arms: "dense", limit: 10 });
      const found = exact.filter(({ sourceId }) => chunks.some((chunk) => chunk.sourceId === sourceId));
      expect(found.length).toBeGreaterThanOrEqual(9);
    });
  });
}
