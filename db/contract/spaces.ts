import { describe, expect, test } from "vitest";
import {
  activateSpace,
  type CollectionRow,
  checkSpace,
  chunksWithoutVector,
  countVectors,
  countWithoutVector,
  type Database,
  dropSpace,
  ensureFillingSpace,
  findCollection,
  listSpaces,
  mergeTail,
  retrieve,
  SpaceChangedError,
  type SpaceRow,
  vectorsByContent,
  writeDocuments,
  writeVectors,
} from "../index.ts";
import { makeCollection, makeDocument, spreadVector, testDimensions } from "../testing/corpus.ts";
import type { OpenTestDatabase } from "./types.ts";

const texts = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => `finding number ${from + at}`);
const documents = (from: number, to: number) =>
  texts(from, to).map((text, at) => makeDocument(`d${from + at}`, [text]));

async function activeSpace(database: Database, collection: CollectionRow): Promise<SpaceRow> {
  return (await listSpaces(database, collection.id))[0] as SpaceRow;
}

/** Texts by their nearness to the one given, all of the collection. */
async function nearest(database: Database, collection: CollectionRow, text: string, limit: number): Promise<string[]> {
  const found = await retrieve(database, {
    question: text,
    collections: [{ collection, vector: spreadVector(text) }],
    configs: ["english"],
    limit,
    arms: "dense",
  });
  return found.chunks.map((chunk) => chunk.text);
}

export function testSpaces(open: OpenTestDatabase): void {
  describe("embedding spaces", () => {
    test("what was just written is found before it is under the index, and after, however it came there", async () => {
      const { database } = await open();
      const collection = await makeCollection(database);
      const space = await activeSpace(database, collection);
      const expectAll = async (count: number) => {
        expect((await nearest(database, collection, "finding number 3", 200)).sort()).toEqual(texts(0, count).sort());
        expect((await nearest(database, collection, "finding number 3", 1))[0]).toBe("finding number 3");
      };
      await writeDocuments(database, collection, documents(0, 20));
      expect(await countVectors(database.pool, space)).toEqual({ main: 0, tail: 20 });
      await expectAll(20);
      expect(await mergeTail(database, space.id)).toBe(20); // the tail becomes the main table
      expect(await countVectors(database.pool, space)).toEqual({ main: 20, tail: 0 });
      await expectAll(20);
      await writeDocuments(database, collection, documents(20, 30));
      expect(await mergeTail(database, space.id)).toBe(10); // both go into a new table
      expect(await countVectors(database.pool, space)).toEqual({ main: 30, tail: 0 });
      await expectAll(30);
      await writeDocuments(database, collection, documents(30, 32));
      expect(await mergeTail(database, space.id)).toBe(2); // moved into the living index
      expect(await countVectors(database.pool, space)).toEqual({ main: 32, tail: 0 });
      await expectAll(32);
      expect(await mergeTail(database, space.id)).toBe(0);
      expect((await activeSpace(database, collection)).tailCount).toBe(0);
    });

    test("a replaced or removed document leaves no vector, wherever it stood", async () => {
      const { database } = await open();
      const collection = await makeCollection(database);
      const space = await activeSpace(database, collection);
      await writeDocuments(database, collection, documents(0, 12));
      await mergeTail(database, space.id);
      await writeDocuments(database, collection, [...documents(12, 14), makeDocument("d0", ["changed"])], ["d1", "d2"]);
      expect(await countVectors(database.pool, space)).toEqual({ main: 9, tail: 3 });
      await writeDocuments(database, collection, [], ["d12", "d0"]);
      expect(await countVectors(database.pool, space)).toEqual({ main: 9, tail: 1 });
      expect(await nearest(database, collection, "x", 50)).toHaveLength(10);
    });

    test("another space is filled beside the one that serves, and takes its place only when it is whole", async () => {
      const { database } = await open();
      const collection = await makeCollection(database);
      const other = { collectionId: collection.id, provider: "test", model: "other", dimensions: 3 };
      await writeDocuments(database, collection, documents(0, 8));
      const filling = (await ensureFillingSpace(database, other)) as SpaceRow;
      expect(filling).toMatchObject({ state: "filling", dimensions: 3 });
      expect((await ensureFillingSpace(database, other))?.id).toBe(filling.id);
      expect(await ensureFillingSpace(database, { ...other, model: "third" })).toBeNull();

      const fill = async (limit: number) => {
        const chunks = await chunksWithoutVector(database, filling, limit);
        await writeVectors(
          database,
          filling,
          chunks.map(({ id }) => ({ id, embedding: [Number(id), 1, 0] })),
        );
        return chunks.length;
      };
      expect(await fill(5)).toBe(5);
      expect(await activateSpace(database, filling.id)).toBe(3);
      expect(await nearest(database, collection, "finding number 3", 1)).toEqual(["finding number 3"]);
      expect(await fill(5)).toBe(3);
      await writeDocuments(database, collection, documents(8, 9)); // while it waits
      expect(await activateSpace(database, filling.id)).toBe(1);
      expect(await fill(5)).toBe(1);
      await mergeTail(database, filling.id);
      expect(await checkSpace(database, filling)).toBe(1);
      expect(await activateSpace(database, filling.id)).toBe(0);

      const swapped = (await findCollection(database, null, collection.slug)) as CollectionRow;
      expect(swapped).toMatchObject({ spaceId: filling.id, embeddingDimensions: 3, embeddingModel: "other" });
      expect(swapped.corpusVersion).toBeGreaterThan(collection.corpusVersion);
      // A vector of the old size is refused by the new space, and a writer who knows only the old one is too.
      await expect(nearest(database, swapped, "x", 1)).rejects.toThrow(/dimensions/);
      await expect(writeDocuments(database, collection, documents(9, 10))).rejects.toThrow(SpaceChangedError);
      // A reader who began before the swap still gets the old space's answer.
      expect(await nearest(database, collection, "finding number 3", 1)).toEqual(["finding number 3"]);

      // Back again: the old space has all it had, and needs only what came since.
      await writeDocuments(database, swapped, [makeDocument("d9", ["later"], { embedding: () => [1, 1, 1] })]);
      const old = { ...other, model: "test", dimensions: testDimensions };
      const refilled = (await ensureFillingSpace(database, old)) as SpaceRow;
      expect(refilled.id).toBe(collection.spaceId);
      expect(await countWithoutVector(database, refilled)).toBe(1);
      expect(await dropSpace(database, filling.id)).toBe(false);
      expect(await dropSpace(database, refilled.id)).toBe(true);
      expect((await listSpaces(database, collection.id)).map(({ id }) => id)).toEqual([filling.id]);
    });

    test("vectors are written once, and only for chunks that are there", async () => {
      const { database } = await open();
      const collection = await makeCollection(database);
      await writeDocuments(database, collection, documents(0, 2));
      const space = await activeSpace(database, collection);
      const { rows } = await database.pool.query<{ id: string }>("select id from chunks where collection_id = $1", [
        collection.id,
      ]);
      const vectors = [...rows.map(({ id }) => id), "999999999"].map((id) => ({ id, embedding: spreadVector(id) }));
      expect(await writeVectors(database, space, vectors)).toBe(0);
    });

    test("a text that was embedded before gives its vector back, from either table", async () => {
      const { database } = await open();
      const collection = await makeCollection(database);
      const space = await activeSpace(database, collection);
      const [one, two] = [makeDocument("1", ["aspirin"]), makeDocument("2", ["warfarin"])];
      const hashOf = (document: typeof one) => document.chunks[0]?.contentHash as Buffer;
      await writeDocuments(database, collection, [one]);
      await mergeTail(database, space.id);
      await writeDocuments(database, collection, [two]);
      const found = await vectorsByContent(database, space, [hashOf(one), hashOf(two), Buffer.alloc(32)]);
      expect(found.size).toBe(2);
      for (const [document, text] of [
        [one, "aspirin"],
        [two, "warfarin"],
      ] as const) {
        const vector = found.get(hashOf(document).toString("hex")) as Float32Array;
        spreadVector(text).forEach((value, at) => {
          expect(vector[at]).toBeCloseTo(value, 6);
        });
      }
    });
  });
}
