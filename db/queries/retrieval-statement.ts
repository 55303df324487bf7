import { type CollectionRow, partition } from "./collections.ts";
import { filterConditions, type RetrievalFilters } from "./retrieval-filters.ts";
import { indexedEmbedding, spaceTables } from "./space-tables.ts";
import { encodeVector } from "./vectors.ts";

/**
 * BM25's saturation and length normalisation (Robertson & Zaragoza 2009, "The Probabilistic Relevance Framework"), below
 * the usual 1.2 and .75: chunks are about as long as one another, and beside a vector it counts most that a term stands
 * there at all. Chosen on the tuning halves of two sets, on a plateau (k1 .4 to .9, b .3 to .5).
 */
const k1 = 0.6;
const b = 0.4;

/** Weights of the two normalised scores; measured best over five sets. */
const lexicalWeight = 0.4;
const denseWeight = 0.6;

/** Candidates of each arm, at least. */
const leastDepth = 50;

/** Postings that one question reads, at most: the rarest terms' first. What fits is scored exactly. */
const lexicalBudget = 12_000;
/** Collections that have no more chunks than this together are read without a budget. */
const wholeChunks = 50_000;
/** Chunks that are scored on the terms beyond the budget too: the best by the terms within. */
const shortlistSize = 600;
/** The same where each has to be asked first whether a filter leaves it, which costs more than to score it. */
const filteredShortlistSize = 200;
/** Looking up one chunk's posting costs as much as reading so many in a row. */
const probeCost = 4;

/** Rows an HNSW scan keeps in view: for this many chunks, growing by the exponent with their number. */
const efSearch = { least: 60, chunks: 10_000, exponent: 0.2, most: 1_000 };
/** Vectors that a filtered HNSW scan looks at before exact search takes over. */
const mostScanned = 8_000;

export interface StatementRequest {
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
  /** Postings to read at most; `Infinity` for exact BM25 whatever it costs. */
  lexicalBudget?: number;
  /** Chunks that filters may leave for each to be compared with the question; beyond, the index is asked first. */
  fewMatches?: number;
}

/**
 * What is searched: everything; the few chunks that the filters leave, gathered first (`most` at most) and compared one
 * by one; or what the indexes yield in order, each asked whether the filters leave it, as they do to about this share.
 */
export type Scope = { kind: "all" } | { kind: "few"; most: number } | { kind: "many"; share: number };

/** How many candidates each arm supplies. */
export function candidateDepth({ limit }: Pick<StatementRequest, "limit">): number {
  return Math.max(leastDepth, limit);
}

/**
 * Hybrid retrieval in one statement: BM25's and the vectors' best candidates, both scores for their union, each scaled
 * by its minimum and maximum, .4 + .6.
 *
 * BM25 reads the postings of the rarest terms within the budget. The best chunks by these are scored on the other
 * terms, too. As no term can give more than idf · (k1 + 1), it is known when nothing better can have been left out
 * (Turtle & Flood 1995, "Query evaluation: strategies and optimizations").
 */
export function retrievalStatement(
  request: StatementRequest,
  scope: Scope = { kind: "all" },
): { text: string; values: unknown[] } {
  const arms = request.arms ?? "hybrid";
  const depth = candidateDepth(request);
  const ids = request.collections.map(({ collection }) => collection.id);
  const values: unknown[] = [request.question, ids, request.configs, depth, request.limit];
  const bind = (value: unknown) => `$${values.push(value)}`;
  const chunkCount = request.collections.reduce((sum, { collection }) => sum + collection.chunkCount, 0);
  const ownBudget = chunkCount > wholeChunks ? lexicalBudget : Number.POSITIVE_INFINITY;
  const budget = `${bind(request.lexicalBudget ?? ownBudget)}::float8`;
  const shortlist = Math.max(depth, scope.kind === "many" ? filteredShortlistSize : shortlistSize);
  const conditions = scope.kind === "all" ? "true" : filterConditions(request.filters ?? {}, bind);
  const places = request.collections.map(({ collection, vector }) =>
    placeOf(collection, bind(encodeVector(vector)), depth),
  );
  const each = (part: (place: Place) => string | string[]) => places.flatMap(part).join("\n      union all ");

  const terms = `
    corpus as materialized (
      select sum(chunk_count)::float8 as chunks, ${k1 * b} * sum(chunk_count) / nullif(sum(term_total)::float8, 0) as per_length
      from collections where id = any($2)
    ), words as materialized (
      select distinct lexeme from unnest($3::text[]) config, unnest(to_tsvector(config::regconfig, $1))
      where cardinality($3::text[]) = 1 or not exists ( -- one language's stop word is no missing word of another
        select from unnest($3::text[]) other where length(to_tsvector(other::regconfig, lexeme)) = 0)
    ), counted as materialized (
      select lexeme, held, ln(1 + (corpus.chunks - held + .5) / (held + .5)) as idf,
        ${scope.kind === "few" ? `least(held, ${probeCost} * (select n from matched))` : "held"} as cost
      from corpus, words, lateral (
        select coalesce(sum(chunk_count), 0)::float8 as held from term_statistics s
        where s.collection_id = any($2) and s.lexeme = words.lexeme) statistics
    ), terms as materialized ( -- as long as the terms before could not fill the arm, the next is taken whatever it costs
      select lexeme, held, idf, idf * ${k1 + 1} as weight, held > cost as probed,
        sum(cost) over rarest <= ${budget} or coalesce(lag(held) over rarest, 0) < $4 as taken
      from counted window rarest as (order by held, lexeme)
    )`;
  const matching = `
    matching as materialized (
      select * from (${each(
        ({ id, chunks }) => `select ${id} as collection_id, c.id
        from documents d join ${chunks} c on c.document_id = d.id where d.collection_id = ${id} and ${conditions}`,
      )}) matches limit ${scope.kind === "few" && Number.isFinite(scope.most) ? scope.most + 1 : "all"}
    ), matched as materialized (select count(*)::float8 as n from matching
    )`;
  /** True for the chunk of that id; a scalar subquery, so that it is asked row by row, in the order of the rows. */
  const isLeft = ({ id, chunks }: Place, chunkId: string) =>
    `coalesce((select true from ${chunks} c join documents d on d.id = c.document_id
        where c.collection_id = ${id} and c.id = ${chunkId} and ${conditions} offset 0), false)`;

  const partial = `
    shortlist as materialized (
      select collection_id, id, partial from (select * from (${each(({ id, postings }) => {
        const read = `select ${id} as collection_id, p.chunk_id as id, sum(${gain}) as partial from corpus, terms, lateral (
        select chunk_id, tf, len from ${postings} where collection_id = ${id} and lexeme = terms.lexeme offset 0) p`;
        if (scope.kind !== "few") return `${read} where terms.taken group by p.chunk_id`;
        return `select collection_id, id, sum(partial) as partial from (
          ${read} join matching m on m.collection_id = ${id} and m.id = p.chunk_id
          where terms.taken and not terms.probed group by p.chunk_id
          union all
          select ${id}, m.id, ${gain} from corpus, terms, matching m, lateral (
            select tf, len from ${postings} where collection_id = ${id} and lexeme = terms.lexeme and chunk_id = m.id offset 0) p
          where terms.taken and terms.probed and m.collection_id = ${id}
        ) gains group by collection_id, id`;
      })}
      ) partial order by partial desc, id) ranked
      ${scope.kind === "many" ? `where case collection_id ${places.map((place) => `when ${place.id} then ${isLeft(place, "ranked.id")}`).join(" ")} end` : ""}
      limit (select case when bool_and(taken) then $4 else ${shortlist} end from terms)
    ), pool as materialized (
      select collection_id, id, max(partial) as partial from (
        select collection_id, id, partial from shortlist
        ${arms === "hybrid" ? "union all select collection_id, id, null from dense_best" : ""}) found
      group by collection_id, id
    ), rest as (${each(
      ({ id, postings }) => `select ${id} as collection_id, pool.id, ${gain} as gain from corpus, pool, terms, lateral (
        select tf, len from ${postings} where collection_id = ${id} and lexeme = terms.lexeme and chunk_id = pool.id offset 0) p
      where pool.collection_id = ${id} and terms.held > 0 and (not terms.taken or pool.partial is null)`,
    )}
    ), lexical as materialized ( -- rounded: the order in which floats were added must not decide between equals
      select collection_id, id, round((coalesce(partial, 0) + coalesce(sum(gain), 0)) * 1e12) / 1e12 as lexical
      from pool left join rest using (collection_id, id) group by collection_id, id, partial
    ), lexical_best as materialized (
      select collection_id, id from lexical where lexical > 0 order by lexical desc, id limit $4
    ), left_out as ( -- the most that a chunk can have which was not scored
      select (case when (select count(*) from shortlist) < ${shortlist} then 0 else (select min(partial) from shortlist) end)
        + coalesce(sum(weight), 0) as most, count(*) = 0 as is_nothing
      from terms where not taken and held > 0
    )`;
  const dense = `
    dense_best as materialized (
      select collection_id, id, place from (${nearestOf()}) nearest order by distance, id limit $4
    )`;
  function nearestOf(): string {
    return each((place) => {
      const { id, main, tail, indexed, exact, settings } = place;
      const select = (distance: string) =>
        `(select ${id} as collection_id, chunk_id as id, ${distance}::float8 as distance`;
      if (scope.kind === "few") {
        return [main, tail].map(
          (table) => `${select(exact)}, null::bigint as place from matching m join ${table} v on v.chunk_id = m.id
        where m.collection_id = ${id} order by ${exact} limit $4)`,
        );
      }
      const isMany = scope.kind === "many";
      // The tail is searched exactly: what was written since the last merge is found like the rest.
      const scan = `${settings} order by ${indexed}`;
      return [
        isMany
          ? `(select ${id} as collection_id, v.id, v.distance, v.place from (
        select scan.*, row_number() over () as place from (
          select chunk_id as id, ${indexed}::float8 as distance from ${main} where ${scan} limit ${mostScanned}) scan) v
        where ${isLeft(place, "v.id")} limit $4)`
          : `${select(indexed)}, null::bigint as place from ${main} where ${scan} limit $4)`,
        `(select ${id} as collection_id, id, distance, null from (
        select chunk_id as id, ${exact}::float8 as distance from ${tail} order by ${exact}) v
        ${isMany ? `where ${isLeft(place, "v.id")}` : ""} limit $4)`,
      ];
    });
  }
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
  const parts = [
    ...(scope.kind === "few" ? [matching] : []),
    terms,
    ...(arms === "lexical" ? [] : [dense]),
    ...(arms === "dense" ? [] : [partial]),
  ];
  const text = `
    with ${parts.join(",")}, candidates as materialized (${candidates}
    ), near as materialized (${each(({ id, main, tail, exact }) =>
      [main, tail].map(
        (table) => `select ${id} as collection_id, candidates.id, 1 - ${exact}::float8 as dense
      from candidates, lateral (select embedding from ${table} where chunk_id = candidates.id offset 0) v
      where candidates.collection_id = ${id}`,
      ),
    )}
    ), scored as (
      ${
        arms === "dense"
          ? "select collection_id, id, 0::float8 as lexical, dense from near"
          : "select near.collection_id, near.id, lexical.lexical, near.dense from near join lexical using (collection_id, id)"
      }
    ), scaled as (
      select *, coalesce((lexical - min(lexical) over ()) / nullif(max(lexical) over () - min(lexical) over (), 0), 0) as lexical01,
        coalesce((dense - min(dense) over ()) / nullif(max(dense) over () - min(dense) over (), 0), 0) as dense01
      from scored
    ), best as (
      select *, ${score[arms]} as score from scaled order by score desc, id limit $5
    )
    select json_build_object(
      'searched', (select chunks from corpus),
      'matches', ${scope.kind === "few" ? "(select n from matched)" : "null"},
      'denseCandidates', ${arms === "lexical" ? "null" : "(select count(*) from dense_best)"},
      'denseScanned', ${arms === "lexical" ? "null" : "(select max(place) from dense_best)"},
      'lexicalCandidates', ${arms === "dense" ? "null" : "(select count(*) from lexical_best)"},
      'lexicalWhole', (select coalesce(bool_and(taken or held = 0), true) from terms),
      'lexicalExact', ${
        arms === "dense"
          ? "true"
          : `(select is_nothing or most < coalesce((select lexical from lexical order by lexical desc offset $4 - 1 limit 1), 0) from left_out)`
      },
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

/** What the posting `p` of a term adds to its chunk's BM25; it is counted many thousand times for a question. */
const gain = `terms.weight * p.tf / (p.tf + ${k1 * (1 - b)}::float8 + p.len * corpus.per_length)`;

type Place = ReturnType<typeof placeOf>;

/** A collection's tables, and the distances of their vectors from the question's. */
function placeOf(collection: CollectionRow, vector: string, depth: number) {
  const { id, spaceId, embeddingDimensions: dimensions, embeddingIndexType: type, chunkCount } = collection;
  const { least, chunks, exponent, most } = efSearch;
  const scaled = least * Math.max(1, chunkCount / chunks) ** exponent;
  const ef = Math.min(most, Math.max(depth, Math.round(scaled)));
  return {
    id,
    chunks: partition("chunks", id),
    postings: partition("chunk_terms", id),
    ...spaceTables(spaceId),
    indexed: `(${indexedEmbedding(dimensions, type)} <=> ${vector}::vector::${type}(${Number(dimensions)}))`,
    exact: `(embedding <=> ${vector}::vector(${Number(dimensions)}))`,
    // Evaluated once, before the scan begins that reads them, and gone with the statement's transaction.
    settings: `(select set_config('hnsw.ef_search', '${ef}', true) || set_config('hnsw.iterative_scan', 'relaxed_order', true)
        || set_config('hnsw.max_scan_tuples', '${mostScanned}', true)) is not null`,
  };
}
