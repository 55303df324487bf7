/**
 * SQL that yields `(lexeme, tf, len)` for one chunk: the title counts twice, section and body once.
 * `len` is the chunk's length in counted terms. Arguments are SQL expressions, never values.
 */
export function lexemesOf(config: string, title: string, section: string, body: string): string {
  return `(
    select lexeme, tf, sum(tf) over ()::int as len from (
      select t.lexeme, cardinality(t.positions)
        + case when t.weights[1] = 'A' then cardinality(array_positions(t.weights, 'A')) else 0 end as tf
      from unnest(setweight(to_tsvector(${config}, ${title}), 'A')
        || setweight(to_tsvector(${config}, coalesce(${section}, '') || ' ' || ${body}), 'D')) t
      offset 0
    ) counted
  )`;
}

/** Text search configuration of the document `d` by its language; others are stemmed as English. */
export const documentConfig = "(case when d.language ilike 'es%' then 'spanish' else 'english' end)::regconfig";
