import type { Database } from "../pool.ts";
import type { CollectionRow } from "./collections.ts";
import { indexedEmbedding, spaceTables } from "./space-tables.ts";
import { encodeVector } from "./vectors.ts";

/** BM25's saturation and length normalisation (Robertson & Zaragoza 2009, "The Probabilistic Relevance Framework"). */
const k1 = 1.2;
const b = 0.75;

/** Weights of the two normalised scores; measured best over five sets. */
const lexicalWeight = 0.4;
const denseWeight = 0.6;

export interface RetrievalRequest {
  question: string;
  /** Collections to search, each with the question's vector in that collection's own embedding space. */
  collections: { collection: CollectionRow; vector: ArrayLike<number> }[];
  /** Text search configurations whose lexemes are looked up, e.g. `english`. */
  configs: string[];
  /** Best chunks to return. Each arm supplies max(50, limit) candidates. */
  limit: number;
  /** Which arms rank: both (the default), or one alone for evaluation. */
  arms?: "hybrid" | "lexical" | "dense";
  /** What the documents have to be; each given field narrows. */
  filters?: RetrievalFilters;
}

/** The fields mean what `questionFilters` in lib/domain.ts says of them. */
export interface RetrievalFilters {
  from?: string | undefined;
  to?: string | undefined;
  asOf?: string | undefined;
  evidenceLevels?: string[] | undefined;
  publicationTypes?: string[] | undefined;
  languages?: string[] | undefined;
  populations?: string[] | undefined;
}

export interface RetrievedChunk {
  chunkId: string;
  collectionId: number;
  collection: string;
  collectionTitle: string;
  sourceType: string;
  documentId: string;
  sourceId: string;
  title: string;
  text: string;
  section: string | null;
  sectionPath: string[];
  start: number;
  end: number;
  page: number | null;
  /** Flat pairs of offsets into the document's text. */
  sentences: number[];
  contentHash: string;
  language: string;
  publishedOn: string | null;
  evidenceLevel: string;
  status: string;
  statusNote: string | null;
  isSample: boolean;
  /** Of near-identical documents, which are shown once; null for one that stands alone. */
  clusterId: string | null;
  /** Documents of the cluster, this one included. */
  clusterSize: number;
  /** Least confidence, 0 to 1, of recognised pages it stands on; null where the text was written as text. */
  ocr: number | null;
  /** BM25; 0 when no term of the question stands in the chunk. */
  lexical: number;
  /** Cosine similarity, −1 to 1. */
  dense: number;
  /** .4 lexical + .6 dense, each scaled to 0…1 over the candidates. */
  score: number;
}

/** A lexeme of the question with its weight in the searched collections. */
export interface QuestionTerm {
  lexeme: string;
  /** Chunks that hold it; 0 when the searched collections never use it. */
  chunks: number;
  /** BM25's inverse document frequency. */
  idf: number;
}

export interface Retrieval {
  chunks: RetrievedChunk[];
  terms: QuestionTerm[];
  /** Chunks searched. */
  searched: number;
}

/**
 * Hybrid retrieval in one statement: BM25's and the vectors' best candidates, both scores for their union, each scaled
 * by its minimum and maximum, .4 + .6.
 */
export async function retrieve(database: Database, request: RetrievalRequest): Promise<Retrieval> {
  if (request.collections.length === 0) return { chunks: [], terms: [], searched: 0 };
  const { text, values } = retrievalStatement(request);
  const { rows } = await database.pool.query<{ result: Retrieval }>({ text, values });
  const result = rows[0]?.result;
  if (!result) throw new Error("retrieval returned no row");
  return result;
}

/** The statement itself, for the bench that measures it bare. */
export function retrievalStatement(request: RetrievalRequest): { text: string; values: unknown[] } {
  const arms = request.arms ?? "hybrid";
  const depth = Math.max(50, request.limit);
  const ids = request.collections.map(({ collection }) => collection.id);
  const values: unknown[] = [request.question, ids, request.configs, depth, request.limit];
  const spaces = request.collections.map(({ collection, vector }) => {
    values.push(encodeVector(vector));
    const { embeddingDimensions: dimensions, embeddingIndexType: type } = collection;
    return {
      id: collection.id,
      ...spaceTables(collection.spaceId),
      indexed: `(${indexedEmbedding(dimensions, type)} <=> $${values.length}::vector::${type}(${Number(dimensions)}))`,
      exact: `(embedding <=> $${values.length}::vector(${Number(dimensions)}))`,
    };
  });
  // The tail is searched exactly: what was written since the last merge is found like the rest.
  const nearest = spaces.flatMap(({ id, main, tail, indexed, exact }) =>
    [
      [main, indexed],
      [tail, exact],
    ].map(
      ([table, distance]) => `(select ${id} as collection_id, chunk_id as id, ${distance}::float8 as distance
      from ${table} order by ${distance} limit $4)`,
    ),
  );
  const similarities = spaces.flatMap(({ id, main, tail, exact }) =>
    [main, tail].map(
      (table) => `select ${id} as collection_id, v.chunk_id as id, 1 - ${exact}::float8 as dense
      from candidates join ${table} v on v.chunk_id = candidates.id where candidates.collection_id = ${id}`,
    ),
  );
  const candidates = {
    hybrid: "select collection_id, id from lexical_best union select collection_id, id from dense_best",
    lexical: "select collection_id, id from lexical_best",
    dense: "select collection_id, id from dense_best",
  }[arms];
  const score = {
    hybrid: `${lexicalWeight} * lexical01 + ${denseWeight} * dense01`,
    lexical: "lexical",
    dense: "dense",
  };
  const text = `
    with corpus as materialized (
      select sum(chunk_count)::float8 as chunks, sum(term_total)::float8 / greatest(sum(chunk_count), 1) as mean_length
      from collections where id = any($2)
    ), words as materialized (
      select distinct lexeme from unnest($3::text[]) config, unnest(to_tsvector(config::regconfig, $1))
      where cardinality($3::text[]) = 1 or not exists ( -- one language's stop word is no missing word of another
        select from unnest($3::text[]) other where length(to_tsvector(other::regconfig, lexeme)) = 0)
    ), terms as materialized (
      select lexeme, held, ln(1 + (corpus.chunks - held + .5) / (held + .5)) as idf
      from corpus, words, lateral (
        select coalesce(sum(chunk_count), 0)::float8 as held from term_statistics s
        where s.collection_id = any($2) and s.lexeme = words.lexeme) statistics
    ), lexical as materialized (
      select p.collection_id, p.chunk_id as id, sum(terms.idf * p.tf::float8 * ${k1 + 1}
        / (p.tf::float8 + ${k1} * (${1 - b} + ${b} * p.len::float8 / corpus.mean_length))) as lexical
      from corpus, terms join chunk_terms p on p.lexeme = terms.lexeme and p.collection_id = any($2)
      group by p.collection_id, p.chunk_id
    ), lexical_best as materialized (
      select collection_id, id from lexical order by lexical desc, id limit $4
    ), dense_best as materialized (
      select collection_id, id from (${nearest.join(" union all ")}) nearest order by distance, id limit $4
    ), candidates as materialized (${candidates}
    ), near as materialized (${similarities.join(" union all ")}
    ), scored as (
      select near.collection_id, near.id, coalesce(lexical.lexical, 0) as lexical, near.dense
      from near left join lexical using (collection_id, id)
    ), scaled as (
      select *, coalesce((lexical - min(lexical) over ()) / nullif(max(lexical) over () - min(lexical) over (), 0), 0) as lexical01,
        coalesce((dense - min(dense) over ()) / nullif(max(dense) over () - min(dense) over (), 0), 0) as dense01
      from scored
    ), best as (
      select *, ${score[arms]} as score from scaled order by score desc, id limit $5
    )
    select json_build_object(
      'searched', (select chunks from corpus),
      'terms', (select coalesce(json_agg(json_build_object('lexeme', lexeme, 'chunks', held, 'idf', idf)), '[]') from terms),
      'chunks', (select coalesce(json_agg(json_build_object(
          'chunkId', best.id::text, 'collectionId', c.collection_id, 'collection', collections.slug,
          'collectionTitle', collections.title, 'sourceType', collections.source_type, 'documentId', d.id::text, 'sourceId', d.source_id, 'title', d.title,
          'text', c.text, 'section', c.section, 'sectionPath', c.section_path, 'start', c.start_offset,
          'end', c.end_offset, 'page', c.page, 'sentences', c.sentences, 'contentHash', encode(c.content_hash, 'hex'),
          'language', d.language, 'publishedOn', d.published_on, 'evidenceLevel', d.evidence_level,
          'status', d.status, 'statusNote', d.status_note, 'isSample', d.is_sample, 'ocr', c.ocr_confidence,
          'clusterId', d.cluster_id::text, 'clusterSize', case when d.cluster_id is null then 1
            else (select count(*) from documents mate where mate.cluster_id = d.cluster_id) end, 'lexical', best.lexical,
          'dense', best.dense, 'score', best.score) order by best.score desc, best.id), '[]')
        from best join chunks c on c.collection_id = best.collection_id and c.id = best.id
          join documents d on d.id = c.document_id join collections on collections.id = c.collection_id)
    ) as result`;
  return { text, values };
}
