import type pg from "pg";
import { type Database, transaction } from "../pool.ts";
import { lexemesOf, searchConfig } from "./lexemes.ts";
import { encodeVector } from "./vectors.ts";

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
  status: string;
  statusNote: string | null;
  isSample: boolean;
  metadata: Record<string, unknown>;
  objectKey: string | null;
  originalType: string | null;
  links: { kind: string; sourceId: string | null; note: string | null }[];
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
  contentHash: Buffer;
  embedding: ArrayLike<number>;
}

export interface WriteCounts {
  added: number;
  updated: number;
  deleted: number;
  chunks: number;
}

/** What is stored of these source ids, to tell new, changed and unchanged records apart. */
export async function storedDocuments(
  database: Database,
  collectionId: number,
  sourceIds: string[],
): Promise<Map<string, { contentHash: Buffer; revisedOn: string | null }>> {
  const { rows } = await database.pool.query<{ source_id: string; content_hash: Buffer; revised_on: string | null }>(
    "select source_id, content_hash, revised_on from documents where collection_id = $1 and source_id = any($2)",
    [collectionId, sourceIds],
  );
  return new Map(rows.map((row) => [row.source_id, { contentHash: row.content_hash, revisedOn: row.revised_on }]));
}

/**
 * Writes documents with their chunks, postings and statistics, and removes others, in one transaction: a reader sees
 * a document's old version or its new one, never half of either. The collection's version grows once.
 * @param replace documents to add, or to put in the place of the one with the same source id
 * @param remove source ids to delete; unknown ones are ignored
 */
export async function writeDocuments(
  database: Database,
  collectionId: number,
  replace: NewDocument[],
  remove: string[] = [],
): Promise<WriteCounts> {
  return transaction(database, async (client) => {
    // One writer a collection at a time: statistics are sums, and two batches may hold the same document.
    await client.query("select 1 from collections where id = $1 for update", [collectionId]);
    const sourceIds = [...replace.map((document) => document.sourceId), ...remove];
    const old = await client.query<{ id: string; source_id: string; is_sample: boolean }>(
      "select id, source_id, is_sample from documents where collection_id = $1 and source_id = any($2) order by id for update",
      [collectionId, sourceIds],
    );
    await removeIndexed(
      client,
      collectionId,
      old.rows.map((row) => row.id),
    );
    const removed = new Set(remove);
    const deleted = old.rows.filter((row) => removed.has(row.source_id)).map((row) => row.id);
    if (deleted.length > 0) await client.query("delete from documents where id = any($1::bigint[])", [deleted]);
    const ids = await upsertDocuments(client, collectionId, replace);
    await insertChunks(client, collectionId, replace, ids);
    await client.query(
      `update collections set corpus_version = corpus_version + 1, updated_at = now(),
         document_count = document_count + $2, sample_count = sample_count + $3 where id = $1`,
      [collectionId, replace.length - old.rows.length, countSamples(replace) - countSamples(old.rows)],
    );
    const updated = old.rows.length - deleted.length;
    return {
      added: replace.length - updated,
      updated,
      deleted: deleted.length,
      chunks: replace.reduce((sum, document) => sum + document.chunks.length, 0),
    };
  });
}

function countSamples(documents: { isSample?: boolean; is_sample?: boolean }[]): number {
  return documents.filter((document) => document.isSample || document.is_sample).length;
}

async function upsertDocuments(client: pg.PoolClient, collectionId: number, batch: NewDocument[]): Promise<string[]> {
  if (batch.length === 0) return [];
  const rows = batch.map((document, ordinal) => ({
    ordinal,
    ...document,
    contentHash: `\\x${document.contentHash.toString("hex")}`,
    publishedDate: firstDay(document.publishedOn),
    chunks: undefined,
    links: undefined,
  }));
  const { rows: written } = await client.query<{ id: string; source_id: string }>(
    `insert into documents (collection_id, source_id, content_hash, title, text, sections, pages, language, url,
       published_on, published_date, revised_on, authors, publication, publication_types, mesh_terms, evidence_level,
       status, status_note, is_sample, metadata, object_key, original_type)
     select $1, r."sourceId", r."contentHash"::bytea, r.title, r.text, r.sections, r.pages, r.language, r.url,
       r."publishedOn", r."publishedDate", r."revisedOn", r.authors, r.publication, r."publicationTypes",
       r."meshTerms", r."evidenceLevel", r.status, r."statusNote", r."isSample", r.metadata, r."objectKey",
       r."originalType"
     from json_to_recordset($2) as r(ordinal int, "sourceId" text, "contentHash" text, title text, text text,
       sections jsonb, pages jsonb, language text, url text, "publishedOn" text, "publishedDate" date,
       "revisedOn" text, authors text[], publication text, "publicationTypes" text[], "meshTerms" text[],
       "evidenceLevel" text, status text, "statusNote" text, "isSample" boolean, metadata jsonb, "objectKey" text,
       "originalType" text)
     order by r.ordinal
     on conflict (collection_id, source_id) do update set content_hash = excluded.content_hash,
       title = excluded.title, text = excluded.text, sections = excluded.sections, pages = excluded.pages,
       language = excluded.language, url = excluded.url, published_on = excluded.published_on,
       published_date = excluded.published_date, revised_on = excluded.revised_on, authors = excluded.authors,
       publication = excluded.publication, publication_types = excluded.publication_types,
       mesh_terms = excluded.mesh_terms, evidence_level = excluded.evidence_level, status = excluded.status,
       status_note = excluded.status_note, is_sample = excluded.is_sample, metadata = excluded.metadata,
       object_key = excluded.object_key, original_type = excluded.original_type, updated_at = now()
     returning id, source_id`,
    [collectionId, JSON.stringify(rows)],
  );
  const idOf = new Map(written.map((row) => [row.source_id, row.id]));
  const ids = batch.map((document) => {
    const id = idOf.get(document.sourceId);
    if (id === undefined) throw new Error(`document ${document.sourceId} was not written`);
    return id;
  });
  await client.query("delete from document_links where document_id = any($1::bigint[])", [ids]);
  const links = batch.flatMap((document, at) =>
    document.links.map((link, ordinal) => ({ documentId: ids[at], ordinal, ...link })),
  );
  if (links.length > 0) {
    await client.query(
      `insert into document_links (document_id, ordinal, kind, source_id, note)
       select "documentId", ordinal, kind, "sourceId", note
       from json_to_recordset($1) as r("documentId" bigint, ordinal int, kind text, "sourceId" text, note text)`,
      [JSON.stringify(links)],
    );
  }
  return ids;
}

// A title that was made of the text's first words says nothing beyond the text, and must not count twice.
const ownTitle = "(case when d.metadata->>'titleFromText' = 'true' then '' else d.title end)";

/** Chunks a statement; with its vector each takes one of Postgres' 65,535 parameters. */
const chunksPerStatement = 500;

async function insertChunks(client: pg.PoolClient, collectionId: number, batch: NewDocument[], ids: string[]) {
  const chunks = batch.flatMap((document, at) =>
    document.chunks.map((chunk) => ({ chunk, documentId: ids[at], language: document.language })),
  );
  for (let from = 0; from < chunks.length; from += chunksPerStatement) {
    const part = chunks.slice(from, from + chunksPerStatement);
    const rows = part.map(({ chunk, documentId, language }, ordinal) => ({
      at: ordinal,
      ...chunk,
      documentId,
      config: searchConfig(language),
      contentHash: `\\x${chunk.contentHash.toString("hex")}`,
      embedding: undefined,
    }));
    const vectors = part.map(({ chunk }) => encodeVector(chunk.embedding));
    await client.query(
      `with incoming as materialized (
         select nextval('chunks_id_seq') as id, r.*, v.embedding
         from json_to_recordset($2) as r(at int, "documentId" bigint, ordinal int, text text, section text,
           "sectionPath" text[], start int, "end" int, page int, "pageEnd" int, boxes jsonb, sentences int[],
           "contentHash" text, config text)
         join (values ${vectors.map((_, at) => `(${at}, $${at + 3}::vector)`).join(", ")}) v(at, embedding) using (at)
       ), stored as (
         insert into chunks (collection_id, id, document_id, ordinal, text, section, section_path, start_offset,
           end_offset, page, page_end, boxes, sentences, content_hash, embedding)
         select $1, id, "documentId", ordinal, text, section, "sectionPath", start, "end", page, "pageEnd", boxes,
           sentences, "contentHash"::bytea, embedding
         from incoming order by at
       ), postings as (
         insert into chunk_terms (collection_id, lexeme, chunk_id, tf, len)
         select $1, terms.lexeme, i.id, terms.tf, terms.len
         from incoming i join documents d on d.id = i."documentId",
         lateral ${lexemesOf("i.config::regconfig", ownTitle, "i.section", "i.text")} terms
         returning lexeme, chunk_id, len
       ), statistics as (
         insert into term_statistics (collection_id, lexeme, chunk_count)
         select $1, lexeme, count(*) from postings group by lexeme order by lexeme
         on conflict (collection_id, lexeme) do update
           set chunk_count = term_statistics.chunk_count + excluded.chunk_count
       )
       update collections set chunk_count = chunk_count + (select count(*) from incoming),
         term_total = term_total + coalesce((
           select sum(len) from (select distinct chunk_id, len from postings) lengths), 0)
       where id = $1`,
      [collectionId, JSON.stringify(rows), ...vectors],
    );
  }
}

// The postings of a chunk are found by making its lexemes again from what is stored, in the same way as they were made.
async function removeIndexed(client: pg.PoolClient, collectionId: number, documentIds: string[]): Promise<void> {
  if (documentIds.length === 0) return;
  await client.query(
    `with leaving as materialized (
       select c.id, terms.lexeme, terms.len
       from chunks c join documents d on d.id = c.document_id,
       lateral ${lexemesOf(
         "(case when d.language ilike 'es%' then 'spanish' else 'english' end)::regconfig",
         ownTitle,
         "c.section",
         "c.text",
       )} terms
       where c.collection_id = $1 and c.document_id = any($2::bigint[])
     ), postings as (
       delete from chunk_terms p using leaving l
       where p.collection_id = $1 and p.lexeme = l.lexeme and p.chunk_id = l.id
     ), counted as (
       select lexeme, count(*)::int as chunk_count from leaving group by lexeme order by lexeme
     ), statistics as (
       update term_statistics s set chunk_count = s.chunk_count - counted.chunk_count
       from counted where s.collection_id = $1 and s.lexeme = counted.lexeme
     )
     update collections set
       chunk_count = chunk_count - (select count(*) from chunks where collection_id = $1 and document_id = any($2::bigint[])),
       term_total = term_total - coalesce((select sum(len) from (select distinct id, len from leaving) lengths), 0)
     where id = $1`,
    [collectionId, documentIds],
  );
  await client.query("delete from chunks where collection_id = $1 and document_id = any($2::bigint[])", [
    collectionId,
    documentIds,
  ]);
}

function firstDay(date: string | null): string | null {
  const match = /^(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?$/.exec(date ?? "");
  return match ? `${match[1]}-${match[2] ?? "01"}-${match[3] ?? "01"}` : null;
}
