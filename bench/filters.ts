import type { CollectionRow, Database, RetrievalFilters } from "#db/index.ts";
import { exactNearest, find, type GrowthQuestion, growthQuestions, idsOf, mean, overlap, shareRow } from "./growth.ts";
import { growthCollection } from "./growth-corpus.ts";
import { openGrowthDatabase } from "./growth-database.ts";
import { typeShares } from "./growth-facets.ts";
import { type BenchRow, interleave, rowOf, timed } from "./measure.ts";

const questionCount = 15;
const timedQuestions = 10;

/** Filters with what they mean, said another way than the retriever says it. */
const cases: [name: string, filters: RetrievalFilters, condition: string][] = [
  ...Object.entries(typeShares).map(([type, share]): (typeof cases)[number] => [
    `${100 * share} % of documents`,
    { publicationTypes: [type.toUpperCase()] },
    `'${type}' = any(d.publication_types)`,
  ]),
  ["the few subjects that are Spanish", { languages: ["es"] }, "d.language = 'es'"],
  [
    "from 2020 to 2022, British",
    { from: "2020-01-01", to: "2022-12-31", languages: ["en-gb"] },
    "d.language = 'en-GB' and left(d.published_on, 4) between '2020' and '2022'",
  ],
];

/** Filtered searches of a large collection against exact search: recall, results, and time against no filter. */
export async function filtersAgainstExact(
  serverUrl: string | undefined,
  chunks: number,
  signal?: AbortSignal,
): Promise<BenchRow[]> {
  const database = await openGrowthDatabase(serverUrl);
  try {
    const collection = await growthCollection(database, chunks, signal);
    const questions = growthQuestions(questionCount);
    const rows: BenchRow[] = [];
    for (const one of cases) rows.push(...(await measure(database, collection, questions, one, signal)));
    return rows;
  } finally {
    await database.close();
  }
}

async function measure(
  database: Database,
  collection: CollectionRow,
  questions: GrowthQuestion[],
  [name, filters, condition]: (typeof cases)[number],
  signal?: AbortSignal,
): Promise<BenchRow[]> {
  const recalls: number[] = [];
  const returned: number[] = [];
  for (const question of questions) {
    signal?.throwIfAborted();
    const exact = await exactNearest(database, collection, question.vector, 10, condition);
    const found = await find(database, collection, question, { arms: "dense", limit: 10, filters });
    recalls.push(overlap(idsOf(found, 10), exact));
    const hybrid = await find(database, collection, question, { limit: 10, filters });
    returned.push(hybrid.chunks.length / Math.max(1, exact.length));
  }
  for (const question of questions.slice(0, timedQuestions)) {
    for (const change of [{}, { filters }]) await find(database, collection, question, change); // caches hold it
  }
  const at = (round: number) => questions[round % timedQuestions] as GrowthQuestion;
  const times = await interleave({
    rounds: 2 * timedQuestions,
    signal,
    value: (round) => timed(() => find(database, collection, at(round), { filters })),
    baseline: (round) => timed(() => find(database, collection, at(round))),
  });
  return [
    shareRow(`filter “${name}” against exact search`, "recall@10", mean(recalls)),
    shareRow(`filter “${name}”: results of the worst question against what there is`, "of 10", Math.min(...returned)),
    rowOf(`filter “${name}” against no filter`, "ms", "postgres", times),
  ];
}
