import type pg from "pg";
import { type CopyColumn, copyRows } from "../copy.ts";
import { type Database, transaction } from "../pool.ts";
import { partition } from "./collections.ts";
import { clusterMates, type Likeness, type Signature, storeSignatures } from "./label-clusters.ts";
import { documentConfig, lexemesOf } from "./lexemes.ts";
import { spaceTables } from "./space-tables.ts";
import { isTombstone, linkName, lockForWrite, settleStatuses, tombstoneHash, type WriteScope } from "./truth.ts";

/** A document ready to be stored: parsed, chunked, embedded, its original kept. */
export interface NewDocument {
  sourceId: string;
  contentHash: Buffer;
  title: string;
  text: string;
  sections: unknown[];
  pages: unknown[];
  language: string;
  url: string | null;
  publishedOn: string | null;
  revisedOn: string | null;
  authors: string[];
  publication: string | null;
  publicationTypes: string[];
  meshTerms: string[];
  evidenceLevel: string;
  /** What the record says of itself. */
  status: string;
  statusNote: string | null;
  identifiers: string[];
  isSample: boolean;
  metadata: Record<string, unknown>;
  objectKey: string | null;
  originalType: string | null;
  links: { kind: string; sourceId: string | null; note: string | null }[];
  /** Of a document that may be a near copy of others in its collection. */
  signature?: Signature;
  chunks: NewChunk[];
}

export interface NewChunk {
  ordinal: number;
  text: string;
  section: string | null;
  sectionPath: string[];
  start: number;
  end: number;
  page: number | null;
  pageEnd: number | null;
  boxes: unknown[];
  /** Flat pairs of offsets into the document's text. */
  sentences: number[];
  /** Of what is embedded. */
  contentHash: Buffer;
  ocrConfidence: number | null;
  embedding: ArrayLike<number>;
}

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
  }
  return cited;
}

function countSamples(documents: { isSample: boolean }[]): number {
  return documents.filter(({ isSample }) => isSample).length;
}

type StoredDocument = NewDocument & { id: string; collectionId: number };

const documentColumns: CopyColumn<StoredDocument>[] = [
  ["id", (to, { id }) => to.bigint(id)],
  ["collection_id", (to, { collectionId }) => to.integer(collectionId)],
  ["source_id", (to, { sourceId }) => to.text(sourceId)],
  ["content_hash", (to, { contentHash }) => to.bytes(contentHash)],
  ["title", (to, { title }) => to.text(title)],
  ["text", (to, { text }) => to.text(text)],
  ["sections", (to, { sections }) => to.json(sections)],
  ["pages", (to, { pages }) => to.json(pages)],
  ["language", (to, { language }) => to.text(language)],
  ["url", (to, { url }) => to.text(url)],
  ["published_on", (to, { publishedOn }) => to.text(publishedOn)],
  ["published_date", (to, { publishedOn }) => to.date(firstDay(publishedOn))],
  ["revised_on", (to, { revisedOn }) => to.text(revisedOn)],
  ["authors", (to, { authors }) => to.texts(authors)],
  ["publication", (to, { publication }) => to.text(publication)],
  ["publication_types", (to, { publicationTypes }) => to.texts(publicationTypes)],
  ["mesh_terms", (to, { meshTerms }) => to.texts(meshTerms)],
  ["evidence_level", (to, { evidenceLevel }) => to.text(evidenceLevel)],
  ["status", (to, { status }) => to.text(status)],
  ["status_note", (to, { statusNote }) => to.text(statusNote)],
  ["record_status", (to, { status }) => to.text(status)],
  ["record_status_note", (to, { statusNote }) => to.text(statusNote)],
  ["identifiers", (to, { identifiers }) => to.texts(identifiers)],
  ["is_sample", (to, { isSample }) => to.boolean(isSample)],
  ["metadata", (to, { metadata }) => to.json(metadata)],
  ["object_key", (to, { objectKey }) => to.text(objectKey)],
  ["original_type", (to, { originalType }) => to.text(originalType)],
];
const documentFields = documentColumns.map(([name]) => name);

/** Adds the new ones and overwrites the known ones, whose ids citations and links hold. Returns their ids in order. */
async function putDocuments(
  client: pg.PoolClient,
  collectionId: number,
  batch: NewDocument[],
  known: ReadonlyMap<string, string>,
): Promise<string[]> {
  if (batch.length === 0) return [];
  const added = batch.filter(({ sourceId }) => !known.has(sourceId)).length;
  const fresh = await nextIds(client, "documents_id_seq", added);
  let next = 0;
  const stored = batch.map(
    (document): StoredDocument => ({
      ...document,
      id: known.get(document.sourceId) ?? (fresh[next++] as string),
      collectionId,
    }),
  );
  const isKnown = (document: StoredDocument) => known.has(document.sourceId);
  await copyRows(
    client,
    "documents",
    documentColumns,
    stored.filter((document) => !isKnown(document)),
  );
  const changed = stored.filter(isKnown);
  if (changed.length > 0) {
    await client.query(
      `create temporary table changed_documents on commit drop as
         select ${documentFields.join(", ")} from documents with no data`,
    );
    await copyRows(client, "changed_documents", documentColumns, changed);
    // What holds today is settled at the end of the write; until then what held before stands.
    const kept = ["id", "collection_id", "source_id", "status", "status_note"];
    const overwritten = documentFields.filter((name) => !kept.includes(name));
    await client.query(
      `update documents d set ${overwritten.map((name) => `${name} = changed.${name}`).join(", ")}, updated_at = now()
       from changed_documents changed where d.id = changed.id`,
    );
    await client.query("drop table changed_documents");
  }
  return stored.map(({ id }) => id);
}

async function replaceLinks(
  client: pg.PoolClient,
  batch: NewDocument[],
  ids: string[],
  known: ReadonlyMap<string, string>,
): Promise<void> {
  if (known.size > 0) {
    await client.query("delete from document_links where document_id = any($1::bigint[])", [[...known.values()]]);
  }
  const links = batch.flatMap((document, at) =>
    document.links.map((link, ordinal) => ({ documentId: ids[at] as string, ordinal, ...link })),
  );
  if (links.length === 0) return;
  await copyRows(
    client,
    "document_links",
    [
      ["document_id", (to, { documentId }) => to.bigint(documentId)],
      ["ordinal", (to, { ordinal }) => to.integer(ordinal)],
      ["kind", (to, { kind }) => to.text(kind)],
      ["source_id", (to, { sourceId }) => to.text(linkName(sourceId))],
      ["note", (to, { note }) => to.text(note)],
    ],
    links,
  );
}

type StoredChunk = NewChunk & { id: string; collectionId: number; documentId: string };

const chunkColumns: CopyColumn<StoredChunk>[] = [
  ["collection_id", (to, { collectionId }) => to.integer(collectionId)],
  ["id", (to, { id }) => to.bigint(id)],
  ["document_id", (to, { documentId }) => to.bigint(documentId)],
  ["ordinal", (to, { ordinal }) => to.integer(ordinal)],
  ["text", (to, { text }) => to.text(text)],
  ["section", (to, { section }) => to.text(section)],
  ["section_path", (to, { sectionPath }) => to.texts(sectionPath)],
  ["start_offset", (to, { start }) => to.integer(start)],
  ["end_offset", (to, { end }) => to.integer(end)],
  ["page", (to, { page }) => to.integer(page)],
  ["page_end", (to, { pageEnd }) => to.integer(pageEnd)],
  ["boxes", (to, { boxes }) => to.json(boxes)],
  ["sentences", (to, { sentences }) => to.integers(sentences)],
  ["content_hash", (to, { contentHash }) => to.bytes(contentHash)],
  ["ocr_confidence", (to, { ocrConfidence }) => to.real(ocrConfidence)],
];

export const vectorColumns: CopyColumn<{ id: string; embedding: ArrayLike<number> }>[] = [
  ["chunk_id", (to, { id }) => to.bigint(id)],
  ["embedding", (to, { embedding }) => to.vector(embedding)],
];

// A title that was made of the text's first words says nothing beyond the text, and must not count twice.
const ownTitle = "(case when d.metadata->>'titleFromText' = 'true' then '' else d.title end)";

async function insertChunks(
  client: pg.PoolClient,
  collection: { id: number; spaceId: number },
  batch: NewDocument[],
  documentIds: string[],
): Promise<number> {
  const count = batch.reduce((sum, document) => sum + document.chunks.length, 0);
  if (count === 0) return 0;
  const ids = await nextIds(client, "chunks_id_seq", count);
  let next = 0;
  const chunks = batch.flatMap((document, at) =>
    document.chunks.map(
      (chunk): StoredChunk => ({
        ...chunk,
        id: ids[next++] as string,
        collectionId: collection.id,
        documentId: documentIds[at] as string,
      }),
    ),
  );
  await copyRows(client, partition("chunks", collection.id), chunkColumns, chunks);
  await copyRows(client, spaceTables(collection.spaceId).tail, vectorColumns, chunks);
  await client.query("update embedding_spaces set tail_count = tail_count + $2 where id = $1", [
    collection.spaceId,
    count,
  ]);
  await insertPostings(client, collection.id, ids);
  return count;
}

async function insertPostings(client: pg.PoolClient, collectionId: number, chunkIds: string[]): Promise<void> {
  await client.query(
    `with postings as materialized (
       select c.id, terms.lexeme, terms.tf, terms.len
       from ${partition("chunks", collectionId)} c join documents d on d.id = c.document_id,
       lateral ${lexemesOf(documentConfig, ownTitle, "c.section", "c.text")} terms
       where c.id = any($2::bigint[])
     ), stored as (
       insert into ${partition("chunk_terms", collectionId)} (collection_id, lexeme, chunk_id, tf, len)
       select $1, lexeme collate "C", id, tf, len from postings order by 2, 3
     ), statistics as (
       insert into term_statistics (collection_id, lexeme, chunk_count)
       select $1, lexeme collate "C", count(*) from postings group by 2 order by 2
       on conflict (collection_id, lexeme) do update
         set chunk_count = term_statistics.chunk_count + excluded.chunk_count
     )
     update collections set chunk_count = chunk_count + cardinality($2::bigint[]),
       term_total = term_total + coalesce((select sum(tf) from postings), 0)
     where id = $1`,
    [collectionId, chunkIds],
  );
}

// The postings of a chunk are found by making its lexemes again from what is stored, in the same way as they were made.
async function removeIndexed(
  client: pg.PoolClient,
  collectionId: number,
  documentIds: string[],
  spaceIds: number[],
): Promise<void> {
  if (documentIds.length === 0) return;
  const { rows } = await client.query<{ ids: string[] }>(
    `with leaving as materialized (
       select c.id, terms.lexeme, terms.tf
       from chunks c join documents d on d.id = c.document_id,
       lateral ${lexemesOf(documentConfig, ownTitle, "c.section", "c.text")} terms
       where c.collection_id = $1 and c.document_id = any($2::bigint[])
     ), postings as (
       delete from chunk_terms p using leaving l
       where p.collection_id = $1 and p.lexeme = l.lexeme collate "C" and p.chunk_id = l.id
     ), counted as (
       select lexeme, count(*)::int as chunk_count from leaving group by lexeme order by lexeme
     ), statistics as (
       update term_statistics s set chunk_count = s.chunk_count - counted.chunk_count
       from counted where s.collection_id = $1 and s.lexeme = counted.lexeme collate "C"
     ), removed as (
       delete from chunks where collection_id = $1 and document_id = any($2::bigint[]) returning id
     ), counters as (
       update collections set chunk_count = chunk_count - (select count(*) from removed),
         term_total = term_total - coalesce((select sum(tf) from leaving), 0)
       where id = $1
     )
     select array_agg(id) as ids from removed`,
    [collectionId, documentIds],
  );
  const chunkIds = rows[0]?.ids ?? [];
  if (chunkIds.length === 0) return;
  for (const { main, tail } of spaceIds.map(spaceTables)) {
    await client.query(`delete from ${tail} where chunk_id = any($1::bigint[])`, [chunkIds]);
    await client.query(`delete from ${main} where chunk_id = any($1::bigint[])`, [chunkIds]);
  }
}

async function nextIds(client: pg.PoolClient, sequence: string, count: number): Promise<string[]> {
  if (count === 0) return [];
  const { rows } = await client.query<{ id: string }>(
    `select nextval('${sequence}')::text as id from generate_series(1, $1)`,
    [count],
  );
  return rows.map(({ id }) => id);
}

function firstDay(date: string | null): string | null {
  const match = /^(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?$/.exec(date ?? "");
  return match ? `${match[1]}-${match[2] ?? "01"}-${match[3] ?? "01"}` : null;
}
