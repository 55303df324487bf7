/**
 * Published nDCG@10 of test sets in BEIR (Thakur et al. 2021; model cards and the MTEB leaderboard for the dense
 * models), to stand beside what was measured. A set is known by its size, since its folder may have any name.
 */
const sets = [
  {
    name: "SciFact",
    documents: 5183,
    queries: 300,
    ndcg10: {
      BM25: 0.679,
      "all-MiniLM-L6-v2": 0.645,
      "bge-small-en-v1.5": 0.713,
      // biome-ignore lint/suspicious/noApproximativeNumericConstant: a measured figure
      "MedEmbed-small": 0.707,
      "text-embedding-3-small": 0.734,
      "BM25 + bge-base, rank fusion": 0.742,
      "text-embedding-3-large": 0.778,
    },
  },
  {
    name: "NFCorpus",
    documents: 3633,
    queries: 323,
    ndcg10: {
      BM25: 0.321,
      "all-MiniLM-L6-v2": 0.316,
      "bge-small-en-v1.5": 0.343,
      "MedEmbed-small": 0.346,
      "text-embedding-3-small": 0.383,
      "text-embedding-3-large": 0.421,
    },
  },
  {
    name: "TREC-COVID",
    documents: 171_332,
    queries: 50,
    ndcg10: {
      BM25: 0.623,
      "all-MiniLM-L6-v2": 0.472,
      "bge-small-en-v1.5": 0.755,
      "MedEmbed-small": 0.777,
      "text-embedding-3-small": 0.779,
      "text-embedding-3-large": 0.796,
    },
  },
  {
    name: "MedicalQARetrieval",
    documents: 2048,
    queries: 2048,
    ndcg10: {
      BM25: 0.458,
      "all-MiniLM-L6-v2": 0.603,
      "bge-small-en-v1.5": 0.647,
      "text-embedding-3-small": 0.7,
      "MedEmbed-small": 0.703,
      "text-embedding-3-large": 0.797,
    },
  },
];

/** The published set of exactly this size, if it is one. */
export function publishedFor(documents: number, queries: number) {
  return sets.find((set) => set.documents === documents && set.queries === queries);
}
