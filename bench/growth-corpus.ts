import { createHash } from "node:crypto";
import type pg from "pg";
import { type CopyColumn, copyRows } from "#db/copy.ts";
import {
  type CollectionRow,
  type Database,
  ensureCollection,
  findCollection,
  mergeTail,
  withClient,
} from "#db/index.ts";
import { vectorColumns } from "#db/queries/chunk-rows.ts";
import { partition } from "#db/queries/collections.ts";
import { nextIds } from "#db/queries/sequences.ts";
import { spaceTables } from "#db/queries/space-tables.ts";
import { step } from "#lib/terminal.ts";
import { facetsOf, type MadeFacets } from "./growth-facets.ts";
import { drawSentence, type NaturalText, naturalText, naturalVectors } from "./growth-text.ts";

export const growthDimensions = 384;
const chunksPerDocument = 2;
const wordsPerChunk = 110;
const atOnce = 4_000;
const seed = 71;

/**
 * A collection of so many chunks of generated text, with documents, postings, statistics and indexed vectors as an
 * ingest leaves them, written by COPY. One that stands from an earlier run is taken as it is, or completed.
 */
export async function growthCollection(
  database: Database,
  chunkCount: number,
  signal?: AbortSignal,
): Promise<CollectionRow> {
  const slug = `growth_${chunkCount}`;
  const found = await findCollection(database, null, slug);
  if (found?.termTotal) return found; // written last
  const collection = await ensureCollection(database, {
    slug,
    title: `Generated text in ${chunkCount} chunks`,
    description: "",
    sourceType: "beir",
    embeddingProvider: "generated",
    embeddingModel: "generated",
    embeddingDimensions: growthDimensions,
    chunkSettings: {},
  });
  await step(`${chunkCount} chunks`, () => fill(database, collection, chunkCount, signal));
  await step("their postings' index and statistics", () => indexPostings(database, collection.id));
  await step("their vectors' index", () => indexVectors(database, collection, chunkCount, signal));
  await database.pool.query(
    `update collections set chunk_count = $2, corpus_version = 1,
       document_count = (select count(*) from documents where collection_id = $1),
       term_total = (select sum(tf) from ${partition("chunk_terms", collection.id)}) where id = $1`,
    [collection.id, chunkCount],
  );
  return (await findCollection(database, null, slug)) as CollectionRow;
}

interface MadeChunk {
  id: string;
  documentId: string;
  ordinal: number;
  text: string;
  start: number;
  sentences: number[];
  terms: Map<string, number>;
  length: number;
}

interface MadeDocument {
  id: string;
  title: string;
  facets: MadeFacets;
  chunks: MadeChunk[];
}

/** Each batch is one transaction and has its own seeds, so that a build that was ended goes on where it stood. */
async function fill(
  database: Database,
  collection: CollectionRow,
  chunkCount: number,
  signal?: AbortSignal,
): Promise<void> {
  const [chunks, postings] = [partition("chunks", collection.id), partition("chunk_terms", collection.id)];
  const counted = await database.pool.query<{ done: number; attached: boolean }>(
    `select (select count(*)::int from ${chunks}) as done,
       exists (select from pg_inherits where inhrelid = $1::regclass) as attached`,
    [postings],
  );
  let { done = 0, attached = false } = counted.rows[0] ?? {};
  if (done === chunkCount) return;
  if (attached) {
    await database.pool.query(`alter table chunk_terms detach partition ${postings}`);
    await database.pool.query(`alter table ${postings} drop constraint ${postings}_pkey`);
  }
  const lexemes = await lexemesOfWords(database, naturalText(seed).words);
  for (; done < chunkCount; done += atOnce) {
    signal?.throwIfAborted();
    const text = naturalText(seed + done);
    const vectors = naturalVectors(growthDimensions, seed + done);
    const size = Math.min(atOnce, chunkCount - done);
    const drawn: ReturnType<typeof vectors.next>[] = [];
    while (drawn.length < size) {
      // Chunks of one document speak of one subject.
      drawn.push(vectors.next(drawn.length % chunksPerDocument ? drawn.at(-1)?.subject : undefined));
    }
    await inTransaction(database, async (client) => {
      const documents = await makeDocuments(client, text, lexemes, size, drawn);
      await copyRows(client, "documents", documentColumns(collection.id, done / chunksPerDocument), documents);
      const made = documents.flatMap((document) => document.chunks);
      await copyRows(client, chunks, chunkColumns(collection.id), made);
      await copyRows(client, postings, postingColumns(collection.id), postingsOf(made));
      const embedded = made.map(({ id }, at) => ({ id, embedding: drawn[at]?.vector as Float32Array }));
      await copyRows(client, spaceTables(collection.spaceId).tail, vectorColumns, embedded);
    });
  }
}

async function inTransaction(database: Database, work: (client: pg.PoolClient) => Promise<void>): Promise<void> {
  await withClient(database, async (client, discard) => {
    try {
      await client.query("begin");
      await work(client);
      await client.query("commit");
    } catch (error) {
      await client.query("rollback").catch(discard);
      throw error;
    }
  });
}

async function makeDocuments(
  client: pg.PoolClient,
  text: NaturalText,
  lexemes: Map<string, string>,
  chunkCount: number,
  drawn: { subject: number }[],
): Promise<MadeDocument[]> {
  const documentCount = Math.ceil(chunkCount / chunksPerDocument);
  const documentIds = await nextIds(client, "documents_id_seq", documentCount);
  const chunkIds = await nextIds(client, "chunks_id_seq", chunkCount);
  let next = 0;
  return documentIds.map((id) => {
    const title = drawSentence(text, 6 + Math.floor(text.random() * 6)).slice(0, -1);
    const facets = facetsOf(text.random, drawn[next]?.subject ?? 0);
    const chunks: MadeChunk[] = [];
    for (let ordinal = 0, start = 0; ordinal < chunksPerDocument && next < chunkCount; ordinal += 1, next += 1) {
      const { body, sentences } = makeBody(text, start);
      const { terms, length } = countTerms(lexemes, title, body);
      chunks.push({
        id: chunkIds[next] as string,
        documentId: id,
        ordinal,
        text: body,
        start,
        sentences,
        terms,
        length,
      });
      start += body.length + 2;
    }
    return { id, title, facets, chunks };
  });
}

function makeBody(text: NaturalText, start: number): { body: string; sentences: number[] } {
  const sentences: number[] = [];
  let body = "";
  for (let left = wordsPerChunk; left > 0; ) {
    const length = Math.min(left, 8 + Math.floor(text.random() * 20));
    if (body) body += " ";
    sentences.push(start + body.length);
    body += drawSentence(text, length);
    sentences.push(start + body.length);
    left -= length;
  }
  return { body, sentences };
}

/** As the application counts: the title twice. */
function countTerms(lexemes: Map<string, string>, title: string, body: string) {
  const terms = new Map<string, number>();
  let length = 0;
  const count = (words: string, weight: number) => {
    for (const word of words.toLowerCase().split(/[ .]+/)) {
      const lexeme = lexemes.get(word);
      if (lexeme === undefined) continue;
      terms.set(lexeme, (terms.get(lexeme) ?? 0) + weight);
      length += weight;
    }
  };
  count(title, 2);
  count(body, 1);
  return { terms, length };
}

async function lexemesOfWords(database: Database, words: string[]): Promise<Map<string, string>> {
  const { rows } = await database.pool.query<{ word: string; lexeme: string }>(
    `select word, (tsvector_to_array(to_tsvector('english', word)))[1] as lexeme from unnest($1::text[]) word
     where length(to_tsvector('english', word)) > 0`,
    [words],
  );
  return new Map(rows.map(({ word, lexeme }) => [word, lexeme]));
}

function documentColumns(collectionId: number, already: number): CopyColumn<MadeDocument>[] {
  let ordinal = already;
  return [
    ["id", (to, { id }) => to.bigint(id)],
    ["collection_id", (to) => to.integer(collectionId)],
    ["source_id", (to) => to.text(`g${ordinal++}`)],
    ["content_hash", (to, { id }) => to.bytes(sha256(id))],
    ["title", (to, { title }) => to.text(title)],
    ["text", (to, { chunks }) => to.text(chunks.map(({ text }) => text).join("\n\n"))],
    ["language", (to, { facets }) => to.text(facets.language)],
    ["published_on", (to, { facets }) => to.text(facets.publishedOn)],
    ["published_date", (to, { facets }) => to.date(facets.publishedDate)],
    ["publication_types", (to, { facets }) => to.texts(facets.publicationTypes)],
    ["evidence_level", (to, { facets }) => to.text(facets.evidenceLevel)],
    ["populations", (to, { facets }) => to.texts(facets.populations)],
    ["status", (to) => to.text("current")],
    ["record_status", (to) => to.text("current")],
  ];
}

function chunkColumns(collectionId: number): CopyColumn<MadeChunk>[] {
  return [
    ["collection_id", (to) => to.integer(collectionId)],
    ["id", (to, { id }) => to.bigint(id)],
    ["document_id", (to, { documentId }) => to.bigint(documentId)],
    ["ordinal", (to, { ordinal }) => to.integer(ordinal)],
    ["text", (to, { text }) => to.text(text)],
    ["start_offset", (to, { start }) => to.integer(start)],
    ["end_offset", (to, { start, text }) => to.integer(start + text.length)],
    ["sentences", (to, { sentences }) => to.integers(sentences)],
    ["content_hash", (to, { id }) => to.bytes(sha256(id))],
  ];
}

type Posting = { lexeme: string; chunkId: string; tf: number; length: number };

function* postingsOf(chunks: MadeChunk[]): Generator<Posting> {
  for (const { id, terms, length } of chunks) {
    for (const [lexeme, tf] of terms) yield { lexeme, chunkId: id, tf, length };
  }
}

function postingColumns(collectionId: number): CopyColumn<Posting>[] {
  return [
    ["collection_id", (to) => to.integer(collectionId)],
    ["lexeme", (to, { lexeme }) => to.text(lexeme)],
    ["chunk_id", (to, { chunkId }) => to.bigint(chunkId)],
    ["tf", (to, { tf }) => to.integer(tf)],
    ["len", (to, { length }) => to.integer(length)],
  ];
}

/** The postings' key and statistics; then what a server's own upkeep would do in its time. */
async function indexPostings(database: Database, collectionId: number): Promise<void> {
  const postings = partition("chunk_terms", collectionId);
  const { rowCount } = await database.pool.query("select from pg_inherits where inhrelid = $1::regclass", [postings]);
  if (rowCount) return; // done by an earlier run
  await withClient(database, async (client) => {
    await client.query("set maintenance_work_mem = '2GB'; set work_mem = '256MB'");
    await client.query(`alter table ${postings} drop constraint if exists ${postings}_pkey`);
    await client.query(
      `alter table ${postings} add constraint ${postings}_pkey primary key (collection_id, lexeme, chunk_id) include (tf, len)`,
    );
    await client.query("delete from term_statistics where collection_id = $1", [collectionId]);
    await client.query(
      `insert into term_statistics select collection_id, lexeme, count(*) from ${postings} group by collection_id, lexeme`,
    );
    const tables = [postings, partition("chunks", collectionId), "documents", "term_statistics"];
    for (const table of tables) await client.query(`vacuum (analyze) ${table}`);
    await client.query(`alter table chunk_terms attach partition ${postings} for values in (${collectionId})`);
    await client.query("reset maintenance_work_mem; reset work_mem");
  });
}

async function indexVectors(
  database: Database,
  { spaceId }: CollectionRow,
  count: number,
  signal?: AbortSignal,
): Promise<void> {
  await database.pool.query("update embedding_spaces set tail_count = $2 where id = $1", [spaceId, count]);
  await mergeTail(database, spaceId, signal); // nothing to do when the tail is empty
  await database.pool.query(`vacuum (analyze) ${spaceTables(spaceId).main}`);
}

function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
