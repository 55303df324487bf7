import type { Database } from "../pool.ts";
import type { CollectionRow } from "./collections.ts";

/**
 * What searched documents have to be; the fields mean what `questionFilters` in lib/domain.ts says of them. Given
 * fields are joined by AND, the values of one by OR; an empty list narrows nothing.
 */
export interface RetrievalFilters {
  from?: string | undefined;
  to?: string | undefined;
  asOf?: string | undefined;
  evidenceLevels?: string[] | undefined;
  publicationTypes?: string[] | undefined;
  languages?: string[] | undefined;
  populations?: string[] | undefined;
}

/** Adds a value to the statement and returns its placeholder. */
type Bind = (value: unknown) => string;

const lists = [
  ["evidenceLevels", "level"],
  ["publicationTypes", "type"],
  ["languages", "language"],
  ["populations", "population"],
] as const;

/** True when the filters leave any document out. */
export function isNarrowing(filters: RetrievalFilters | undefined): filters is RetrievalFilters {
  if (!filters) return false;
  return Boolean(filters.from || filters.to || filters.asOf) || lists.some(([field]) => filters[field]?.length);
}

/** Conditions on the document `d`, for its indexes to serve. */
export function filterConditions(filters: RetrievalFilters, bind: Bind): string {
  const conditions = facetConditions(filters, bind);
  const { from, to, asOf } = filters;
  // No date is wider than a year: what the first day can be bounds the index' range.
  if (from)
    conditions.push(`d.published_until >= ${bind(from)}::date and d.published_date >= ${bind(from)}::date - 366`);
  if (to) conditions.push(`d.published_date <= ${bind(to)}::date`);
  if (asOf) conditions.push(`d.published_until <= ${bind(asOf)}::date and d.published_date <= ${bind(asOf)}::date`);
  return conditions.join(" and ");
}

function facetConditions(filters: RetrievalFilters, bind: Bind): string[] {
  return lists.flatMap(([field, kind]) => {
    const values = filters[field]?.map((value) => (kind === "language" ? value.replaceAll("_", "-") : value));
    return values?.length ? [`d.facets && filter_facets('${kind}', ${bind(values)}::text[])`] : [];
  });
}

/**
 * About how many chunks the filters leave, by the planner's statistics: nothing is read. Dates stand as one range of
 * one column here, which the planner knows how to estimate.
 */
export async function estimateMatches(
  database: Database,
  collections: CollectionRow[],
  filters: RetrievalFilters,
): Promise<number> {
  const values: unknown[] = [];
  const bind: Bind = (value) => `$${values.push(value)}`;
  const conditions = [`d.collection_id = any(${bind(collections.map(({ id }) => id))}::int[])`];
  conditions.push(...facetConditions(filters, bind));
  const until = [filters.to, filters.asOf].filter((day) => day !== undefined).sort()[0];
  if (filters.from) conditions.push(`d.published_date >= ${bind(filters.from)}::date`);
  if (until) conditions.push(`d.published_date <= ${bind(until)}::date`);
  const { rows } = await database.pool.query<{ "QUERY PLAN": { Plan: { "Plan Rows": number } }[] }>({
    text: `explain (format json) select from documents d where ${conditions.join(" and ")}`,
    values,
  });
  const documents = rows[0]?.["QUERY PLAN"][0]?.Plan["Plan Rows"];
  if (documents === undefined) throw new Error("the planner gave no estimate of what the filters leave");
  const sum = (of: "chunkCount" | "documentCount") => collections.reduce((all, one) => all + one[of], 0);
  return documents * (sum("chunkCount") / Math.max(1, sum("documentCount")));
}
