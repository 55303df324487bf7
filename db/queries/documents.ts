import type pg from "pg";
import { type Database, transaction } from "../pool.ts";
import { insertChunks, removeIndexed } from "./chunk-rows.ts";
import { type NewDocument, putDocuments, replaceLinks, replaceNames } from "./document-rows.ts";
import { clusterMates, type Likeness, storeSignatures } from "./label-clusters.ts";
import { isTombstone, lockForWrite, settleStatuses, tombstoneHash, type WriteScope } from "./truth.ts";

export type { NewChunk } from "./chunk-rows.ts";
export type { DocumentName, NewDocument } from "./document-rows.ts";

export interface WriteCounts {
  added: number;
  updated: number;
  deleted: number;
  chunks: number;
  /** Documents, of any collection, whose status this write changed although their own record says otherwise. */
  marked: number;
}

/** The collection's space was swapped since the vectors were made: they belong to another one. */
export class SpaceChangedError extends Error {
  override name = "SpaceChangedError";
}

/** What is stored of these source ids, to tell new, changed and unchanged records apart. */
export async function storedDocuments(
  database: Database,
  collectionId: number,
  sourceIds: string[],
): Promise<Map<string, { contentHash: Buffer; revisedOn: string | null }>> {
  const { rows } = await database.pool.query<{ source_id: string; content_hash: Buffer; revised_on: string | null }>(
    `select source_id, content_hash, revised_on from documents d
     where collection_id = $1 and source_id = any($2) and not ${isTombstone("d")}`,
    [collectionId, sourceIds],
  );
  return new Map(rows.map((row) => [row.source_id, { contentHash: row.content_hash, revisedOn: row.revised_on }]));
}

/**
 * Writes documents with their chunks, vectors, postings and statistics, and removes others, in one transaction: a
 * reader sees a document's old version or its new one, never half of either. The collection's version grows once.
 * A deleted document that an answer cites stays as a withdrawn one, found by its readers and by no search, and comes
 * back under its id when its source has it again. Marks that the records give each other are settled in the same go.
 * @param collection with the space its vectors were made for
 * @param replace documents to add, or to put in the place of the one with the same source id; each id once
 * @param remove source ids to delete; unknown ones are ignored
 * @throws SpaceChangedError when another space has become the collection's active one
 */
export async function writeDocuments(
  database: Database,
  collection: { id: number; spaceId: number },
  replace: NewDocument[],
  remove: string[] = [],
  options: { likeness?: Likeness } = {},
): Promise<WriteCounts> {
  const write = (isWide: boolean) =>
    transaction(database, async (client) => {
      // One writer a collection at a time: statistics are sums, and two batches may hold the same document.
      const scope = await lockForWrite(client, collection.id, replace, remove, isWide);
      return scope && writeUnderLock(client, scope, collection, replace, remove, options.likeness ?? wholly);
    });
  const counts = (await write(false)) ?? (await write(true));
  if (!counts) throw new Error("a write with all its locks asked for more");
  return counts;
}

const wholly: Likeness = { threshold: 1 };

async function writeUnderLock(
  client: pg.PoolClient,
  scope: WriteScope,
  collection: { id: number; spaceId: number },
  replace: NewDocument[],
  remove: string[],
  likeness: Likeness,
): Promise<WriteCounts> {
  const spaces = await client.query<{ id: number; state: string }>(
    "select id, state from embedding_spaces where collection_id = $1",
    [collection.id],
  );
  if (!spaces.rows.some(({ id, state }) => id === collection.spaceId && state === "active")) {
    throw new SpaceChangedError(`embedding space ${collection.spaceId} is no longer the active one`);
  }
  const before = scope.before;
  const beforeIds = before.map(({ id }) => id);
  const isSigned = replace.some(({ signature }) => signature) || before.some((document) => document.isSigned);
  const mates = isSigned ? await clusterMates(client, beforeIds) : [];
  await removeIndexed(
    client,
    collection.id,
    beforeIds,
    spaces.rows.map((space) => space.id),
  );
  const removed = new Set(remove);
  const leaving = before.filter(({ sourceId }) => removed.has(sourceId));
  const tombstones = await removeDocuments(client, leaving);
  const known = new Map(before.map(({ sourceId, id }) => [sourceId, id]));
  const ids = await putDocuments(client, collection.id, replace, known);
  await replaceLinks(client, replace, ids, known);
  await replaceNames(client, collection.id, replace, ids, known);
  const chunks = await insertChunks(client, collection, replace, ids);
  if (isSigned) {
    const signed = replace.flatMap(({ signature }, at) =>
      signature ? [{ documentId: ids[at] as string, signature }] : [],
    );
    await storeSignatures(client, collection.id, { rewritten: [...ids, ...tombstones], signed, mates }, likeness);
  }
  const marked = await settleStatuses(client, scope, [...ids, ...tombstones], replace);
  const living = before.filter((document) => !document.isTombstone);
  await client.query(
    `update collections set corpus_version = corpus_version + 1, updated_at = now(),
       document_count = document_count + $2, sample_count = sample_count + $3 where id = $1`,
    [collection.id, replace.length - living.length, countSamples(replace) - countSamples(living)],
  );
  const deleted = leaving.filter((document) => !document.isTombstone).length;
  const updated = living.length - deleted;
  return { added: replace.length - updated, updated, deleted, chunks, marked };
}

/** Removes documents; those that are cited stay as tombstones, whose ids are returned. */
async function removeDocuments(client: pg.PoolClient, leaving: WriteScope["before"]): Promise<string[]> {
  const cited = leaving.filter(({ isCited }) => isCited).map(({ id }) => id);
  const uncited = leaving.filter(({ isCited }) => !isCited).map(({ id }) => id);
  if (uncited.length > 0) await client.query("delete from documents where id = any($1::bigint[])", [uncited]);
  const entombed = leaving.filter(({ isCited, isTombstone }) => isCited && !isTombstone).map(({ id }) => id);
  if (entombed.length > 0) {
    await client.query(
      `update documents set content_hash = $2, record_status = 'withdrawn', revised_on = null, published_date = null,
         record_status_note = 'Its source no longer holds it. What was quoted from it is kept to be checked.'
       where id = any($1::bigint[])`,
      [entombed, tombstoneHash],
    );
    await client.query("delete from document_names where document_id = any($1::bigint[])", [entombed]);
  }
  return cited;
}

function countSamples(documents: { isSample: boolean }[]): number {
  return documents.filter(({ isSample }) => isSample).length;
}
