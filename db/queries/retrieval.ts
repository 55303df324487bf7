import type { Database } from "../pool.ts";
import { estimateMatches, isNarrowing } from "./retrieval-filters.ts";
import { candidateDepth, retrievalStatement, type Scope, type StatementRequest } from "./retrieval-statement.ts";

export type { RetrievalFilters } from "./retrieval-filters.ts";
export { retrievalStatement } from "./retrieval-statement.ts";

export type RetrievalRequest = StatementRequest;

/** Chunks that filters may leave for each to be compared with the question; beyond, the index is asked first. */
const defaultFewMatches = 40_000;
/** An estimate is wrong when so many times as many are found. */
const estimateTolerance = 4;
/**
 * A scan that meets what a filter leaves so many times later than chance would is looking in the wrong place: what is
 * left lies far from the question, and the index' order says little there.
 */
const scanTolerance = 2;

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
  /** Chunks of the searched collections. */
  searched: number;
  /** False when a chunk that was not scored on all terms might belong among BM25's candidates. */
  lexicalExact: boolean;
}

type StatementResult = Retrieval & {
  /** Chunks that the filters leave; null when they were not counted. */
  matches: number | null;
  /** What each arm supplied; null for an arm that was not asked. */
  denseCandidates: number | null;
  /** Vectors that the index yielded until a filter had left enough. */
  denseScanned: number | null;
  lexicalCandidates: number | null;
  /** Every term's postings were read. */
  lexicalWhole: boolean;
};

/**
 * The best chunks for a question, by words and by meaning. Filters never lead to fewer results than there are: what an
 * index' scan leaves short is searched again exactly.
 */
export async function retrieve(database: Database, request: RetrievalRequest): Promise<Retrieval> {
  if (request.collections.length === 0) return { chunks: [], terms: [], searched: 0, lexicalExact: true };
  // Row-level security would keep the filters from their index and their statistics, since their operator is not
  // leakproof: filtered searches run without, and what they found is looked up again under it.
  const searched = isNarrowing(request.filters) ? database.root : database;
  const result = await search(searched, request, await chooseScope(searched, request));
  if (searched !== database) await requireVisible(database, result.chunks);
  const { chunks, terms, searched: chunkCount, lexicalExact } = result;
  return { chunks, terms, searched: chunkCount, lexicalExact };
}

/** @throws Error when any of these is in a collection that the database's tenant may not see */
async function requireVisible(database: Database, chunks: RetrievedChunk[]): Promise<void> {
  const ids = [...new Set(chunks.map(({ documentId }) => documentId))];
  const { rows } = await database.pool.query<{ seen: number }>(
    "select count(*)::int as seen from documents where id = any($1::bigint[])",
    [ids],
  );
  if (rows[0]?.seen !== ids.length)
    throw new Error("a search found documents of collections that are not the tenant's");
}

async function chooseScope(database: Database, request: RetrievalRequest): Promise<Scope> {
  const { collections, filters, fewMatches = defaultFewMatches } = request;
  if (!isNarrowing(filters)) return { kind: "all" };
  const rows = collections.map(({ collection }) => collection);
  const chunks = rows.reduce((sum, { chunkCount }) => sum + chunkCount, 0);
  const matches = chunks > fewMatches ? await estimateMatches(database, rows, filters) : 0;
  if (matches > fewMatches) return { kind: "many", share: matches / chunks };
  return { kind: "few", most: fewMatches * estimateTolerance };
}

async function search(database: Database, request: RetrievalRequest, scope: Scope): Promise<StatementResult> {
  const result = await run(database, request, scope);
  const depth = candidateDepth(request);
  if (scope.kind === "few" && (result.matches ?? 0) > scope.most) {
    return search(database, request, { kind: "many", share: scope.most / Math.max(1, result.searched) });
  }
  const isShort = (result.denseCandidates ?? depth) < depth;
  if (scope.kind === "many" && (isShort || (result.denseScanned ?? 0) > (scanTolerance * depth) / scope.share)) {
    return search(database, request, { kind: "few", most: Number.POSITIVE_INFINITY });
  }
  if ((result.lexicalCandidates ?? depth) < depth && !result.lexicalWhole) {
    return run(database, { ...request, lexicalBudget: Number.POSITIVE_INFINITY }, scope);
  }
  return result;
}

async function run(database: Database, request: RetrievalRequest, scope: Scope): Promise<StatementResult> {
  const statement = retrievalStatement(request, scope);
  const name = nameOf(statement.text);
  const { rows } = await database.pool.query<{ result: StatementResult }>(name ? { ...statement, name } : statement);
  const result = rows[0]?.result;
  if (!result) throw new Error("retrieval returned no row");
  return result;
}

/** Statements that may be named: each connection keeps what it has parsed of them, .7 MB for five collections. */
const namesAtMost = 8;
const names = new Map<string, string>();

/** A name for the statement over the same collections, with the same filters, as long as there are few of them. */
function nameOf(text: string): string | undefined {
  const known = names.get(text);
  if (known || names.size === namesAtMost) return known;
  const name = `retrieve-${names.size + 1}`;
  names.set(text, name);
  return name;
}
