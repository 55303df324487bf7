import type pg from "pg";
import { type CopyColumn, copyRows } from "../copy.ts";
import { partition } from "./collections.ts";
import { documentConfig, lexemesOf } from "./lexemes.ts";
import { nextIds } from "./sequences.ts";
import { spaceTables } from "./space-tables.ts";

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

export async function insertChunks(
  client: pg.PoolClient,
  collection: { id: number; spaceId: number },
  batch: readonly { chunks: NewChunk[] }[],
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
export async function removeIndexed(
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
