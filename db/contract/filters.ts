import { describe, expect, test } from "vitest";
import {
  type CollectionRow,
  type Database,
  findCollection,
  mergeTail,
  type RetrievalFilters,
  type RetrievalRequest,
  retrieve,
  writeDocuments,
} from "../index.ts";
import { makeCollection, makeDocument, spreadVector } from "../testing/corpus.ts";
import { randomFrom } from "../testing/random.ts";
import type { OpenTestDatabase } from "./types.ts";

const records = [
  { id: "year", publishedOn: "2021" },
  { id: "month", publishedOn: "2021-06" },
  { id: "day", publishedOn: "2021-06-15" },
  { id: "later", publishedOn: "2023-02-28" },
  { id: "undated", publishedOn: null },
  { id: "british", language: "en-GB", publicationTypes: ["Journal Article", "Randomized Controlled Trial"] },
  { id: "spanish", language: "es", evidenceLevel: "consumer", populations: ["child", "pregnancy"] },
  { id: "trial", evidenceLevel: "randomised_trial", publicationTypes: ["Randomized Controlled Trial"] },
  { id: "guideline", evidenceLevel: "guideline", populations: ["older_adult"], publishedOn: "2021-12-31" },
];

async function refreshed(database: Database, { slug }: CollectionRow): Promise<CollectionRow> {
  return (await findCollection(database, null, slug)) as CollectionRow;
}

async function found(
  database: Database,
  collections: CollectionRow[],
  filters: RetrievalFilters,
  change: Partial<RetrievalRequest> = {},
): Promise<string[]> {
  const question = change.question ?? "aspirin";
  const { chunks } = await retrieve(database, {
    question,
    collections: collections.map((collection) => ({ collection, vector: spreadVector(question) })),
    configs: ["english"],
    limit: 50,
    filters,
    ...change,
  });
  return chunks.map(({ sourceId }) => sourceId);
}

const size = 1_200;
const texts = Array.from({ length: size }, (_, at) => `aspirin finding${at} ${at % 2 ? "odd" : "even"}`);
/** One in so many documents is of the publication type `One in …`. */
const shares = [2, 10, 100, 1_000];

const similarity = (left: number[], right: number[]) =>
  left.reduce((sum, value, at) => sum + value * (right[at] ?? 0), 0);

export function testFilters(open: OpenTestDatabase): void {
  describe("filters", () => {
    let small: Promise<CollectionRow> | undefined;
    /** The records above, in a collection that all these tests only read. */
    const openSmall = async () => {
      const { database } = await open();
      small ??= (async () => {
        const collection = await makeCollection(database);
        const documents = records.map(({ id, ...change }) =>
          makeDocument(id, [`aspirin for ${id}`], { publishedOn: "1999", ...change }),
        );
        await writeDocuments(database, collection, documents);
        return refreshed(database, collection);
      })();
      return { database, collection: await small };
    };

    let large: Promise<CollectionRow> | undefined;
    const openLarge = async () => {
      const { database } = await open();
      large ??= (async () => {
        const collection = await makeCollection(database);
        const documents = texts.map((text, at) => {
          const publicationTypes = shares.filter((share) => at % share === 0).map((share) => `One in ${share}`);
          return makeDocument(`${at}`, [text], { publicationTypes });
        });
        await writeDocuments(database, collection, documents.slice(0, size - 200));
        await mergeTail(database, collection.spaceId);
        await writeDocuments(database, collection, documents.slice(size - 200)); // some are in the tail
        return refreshed(database, collection);
      })();
      return { database, collection: await large };
    };

    const dated: [RetrievalFilters, string[]][] = [
      [{ from: "2021-06-15" }, ["year", "month", "day", "later", "guideline"]],
      [{ from: "2021-06-16" }, ["year", "month", "later", "guideline"]],
      [{ from: "2021-07-01" }, ["year", "later", "guideline"]],
      [{ from: "2022-01-01" }, ["later"]],
      [{ from: "2021-01-01", to: "2021-01-01" }, ["year"]],
      [{ from: "2021-01-01", to: "2021-06-01" }, ["year", "month"]],
      [{ from: "2021-01-01", to: "2021-12-31" }, ["year", "month", "day", "guideline"]],
      [{ from: "2000-01-01", asOf: "2021-06-15" }, ["day"]],
      [{ from: "2000-01-01", asOf: "2021-06-30" }, ["month", "day"]],
      [{ from: "2000-01-01", asOf: "2021-12-31" }, ["year", "month", "day", "guideline"]],
      [{ from: "2000-01-01", asOf: "2021-12-30", to: "2023-01-01" }, ["month", "day"]],
      [{ to: "1998-12-31" }, []],
    ];
    test.each(dated)("%j leaves %j", async (filters, expected) => {
      const { database, collection } = await openSmall();
      expect((await found(database, [collection], filters)).sort()).toEqual(expected.toSorted());
    });

    const others: [RetrievalFilters, string[]][] = [
      [{ languages: ["es"] }, ["spanish"]],
      [{ languages: ["en-gb"] }, ["british"]],
      [{ languages: ["EN_GB", "es"] }, ["british", "spanish"]],
      [{ languages: ["e"] }, []],
      [{ evidenceLevels: ["guideline", "randomised_trial"] }, ["trial", "guideline"]],
      [{ publicationTypes: ["randomized CONTROLLED trial"] }, ["british", "trial"]],
      [{ publicationTypes: ["Controlled"] }, []],
      [{ populations: ["child", "older_adult"] }, ["spanish", "guideline"]],
      [{ publicationTypes: ["Randomized Controlled Trial"], evidenceLevels: ["randomised_trial"] }, ["trial"]],
      [{ populations: ["older_adult"], from: "2022-01-01" }, []],
    ];
    test.each(others)("%j leaves %j", async (filters, expected) => {
      const { database, collection } = await openSmall();
      expect((await found(database, [collection], filters)).sort()).toEqual(expected.toSorted());
    });

    test("a language is a filter for its regions, and an empty filter none at all", async () => {
      const { database, collection } = await openSmall();
      const english = records.filter(({ language }) => language !== "es").map(({ id }) => id);
      expect((await found(database, [collection], { languages: ["en"] })).sort()).toEqual(english.sort());
      for (const none of [{}, { languages: [] }, { from: undefined, populations: [] }]) {
        expect(await found(database, [collection], none)).toHaveLength(records.length);
      }
    });

    test("what is filtered follows a document that changes or goes", async () => {
      const { database } = await open();
      const collection = await makeCollection(database);
      const write = async (publishedOn: string, deleted: string[] = []) => {
        const documents = deleted.length
          ? []
          : [makeDocument("1", ["aspirin"], { publishedOn, contentHash: Buffer.from(publishedOn) })];
        await writeDocuments(database, collection, documents, deleted);
        return refreshed(database, collection);
      };
      expect(await found(database, [await write("2020")], { from: "2021-01-01" })).toEqual([]);
      expect(await found(database, [await write("2021")], { from: "2021-01-01" })).toEqual(["1"]);
      expect(await found(database, [await write("2021", ["1"])], { from: "2021-01-01" })).toEqual([]);
    });

    // Compared one by one; by the index alone; by the index, and one by one where it comes up short.
    const ways = { few: {}, many: { fewMatches: 1 }, "lexical, within a budget": { lexicalBudget: 1, fewMatches: 1 } };
    const combinations = shares.flatMap((share) =>
      Object.keys(ways).map((way) => [share, way as keyof typeof ways] as const),
    );
    test.each(combinations)(
      "one in %i documents: as many results as there are, the nearest first (%s)",
      async (share, way) => {
        const { database, collection } = await openLarge();
        const filters = { publicationTypes: [`One in ${share}`] };
        const limit = 20;
        const matching = texts.map((text, at) => ({ id: `${at}`, text, at })).filter(({ at }) => at % share === 0);
        for (const question of ["aspirin odd", "even"]) {
          const search = (arms: RetrievalRequest["arms"]) =>
            found(database, [collection], filters, { question, limit, ...(arms && { arms }), ...ways[way] });
          const nearest = matching
            .map(({ id, text }) => ({ id, near: similarity(spreadVector(question), spreadVector(text)) }))
            .sort((left, right) => right.near - left.near)
            .slice(0, 10);
          const dense = await search("dense");
          expect(dense).toHaveLength(Math.min(limit, matching.length));
          const recalled = nearest.filter(({ id }) => dense.includes(id)).length / nearest.length;
          expect(recalled).toBeGreaterThanOrEqual(0.9);
          const hybrid = await search("hybrid");
          expect(hybrid).toHaveLength(Math.min(limit, matching.length));
          const worded = matching.filter(({ text }) =>
            question.split(" ").some((word) => text.split(" ").includes(word)),
          );
          const lexical = await search("lexical");
          expect(lexical).toHaveLength(Math.min(limit, worded.length));
          for (const id of [...dense, ...hybrid, ...lexical]) expect(Number(id) % share).toBe(0);
        }
      },
    );

    test("the filtered lexical arm gives what the whole one gives, less what the filter leaves out", async () => {
      const { database, collection } = await openLarge();
      const question = "finding100 finding140 finding150 even";
      const all = await found(database, [collection], {}, { question, limit: size, arms: "lexical" });
      const filters = { publicationTypes: ["One in 100"] };
      const left = await found(database, [collection], filters, { question, limit: size, arms: "lexical" });
      expect(left).toEqual(all.filter((id) => Number(id) % 100 === 0));
      expect(left[0]).toBe("100");
    });

    test("several collections are filtered together", async () => {
      const { database, collection } = await openSmall();
      const other = await openLarge();
      const filters = { publicationTypes: ["one in 1000", "Randomized controlled trial"] };
      for (const fewMatches of [1, 20_000]) {
        const ids = await found(database, [collection, other.collection], filters, { fewMatches });
        expect(ids.sort()).toEqual(["0", "1000", "british", "trial"]);
      }
    });
  });
}

/** Words by falling frequency: the n-th stands in about 1 of n + 1 chunks. */
const vocabulary = Array.from({ length: 40 }, (_, at) => `q${at}x`);

export function testLexicalBudget(open: OpenTestDatabase): void {
  describe("the budget of postings", () => {
    test("what is said to be exact is, and scores are BM25's whatever the budget", async () => {
      const { database } = await open();
      const random = randomFrom(5); // of which some questions are exact within a budget and some are not
      const collection = await makeCollection(database);
      const documents = Array.from({ length: 700 }, (_, at) => {
        const words = vocabulary.filter((_word, rank) => random.below(rank + 2) === 0);
        return makeDocument(`${at}`, [[...words, ...words.slice(0, random.below(4))].join(" ") || "none"]);
      });
      await writeDocuments(database, collection, documents);
      const filled = await refreshed(database, collection);
      const outcomes = { exact: 0, inexact: 0 };
      for (let round = 0; round < 10; round += 1) {
        const question = Array.from({ length: 2 + random.below(5) }, () => random.pick(vocabulary)).join(" ");
        const search = (lexicalBudget: number) =>
          retrieve(database, {
            question,
            collections: [{ collection: filled, vector: spreadVector(question) }],
            configs: ["english"],
            limit: 50,
            arms: "lexical",
            lexicalBudget,
          });
        const whole = await search(Number.POSITIVE_INFINITY);
        expect(whole.lexicalExact).toBe(true);
        const every = await retrieve(database, {
          question,
          collections: [{ collection: filled, vector: spreadVector(question) }],
          configs: ["english"],
          limit: 700,
          arms: "lexical",
          lexicalBudget: Number.POSITIVE_INFINITY,
        });
        const scores = new Map(every.chunks.map(({ chunkId, lexical }) => [chunkId, lexical]));
        for (const budget of [0, 60, 300]) {
          const bounded = await search(budget);
          const message = `seed ${random.seed}, “${question}” within ${budget}`;
          expect(bounded.chunks, message).toHaveLength(whole.chunks.length);
          for (const { chunkId, lexical } of bounded.chunks)
            expect(lexical, message).toBeCloseTo(scores.get(chunkId) ?? -1, 9);
          outcomes[bounded.lexicalExact ? "exact" : "inexact"] += 1;
          if (!bounded.lexicalExact) continue;
          expect(
            bounded.chunks.map(({ chunkId }) => chunkId),
            message,
          ).toEqual(whole.chunks.map(({ chunkId }) => chunkId));
        }
      }
      expect(outcomes.exact).toBeGreaterThan(0);
      expect(outcomes.inexact).toBeGreaterThan(0);
    });
  });
}
