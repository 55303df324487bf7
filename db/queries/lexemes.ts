/**
 * SQL that yields `(lexeme, tf, len)` for one chunk: the title counts twice, section and body once.
 * `len` is the chunk's length in counted terms. Arguments are SQL expressions, never values.
 */
export function lexemesOf(config: string, title: string, section: string, body: string): string {
  return `(
    select lexeme, tf, sum(tf) over ()::int as len from (
      select t.lexeme, cardinality(t.positions) + coalesce((
        select count(*)::int from unnest(t.weights) weight where weight = 'A'), 0) as tf
      from unnest(setweight(to_tsvector(${config}, ${title}), 'A')
        || setweight(to_tsvector(${config}, coalesce(${section}, '') || ' ' || ${body}), 'D')) t
    ) counted
  )`;
}

/** Postgres' text search configuration for a document's language; others are stemmed as English. */
export function searchConfig(language: string): "english" | "spanish" {
  return language.toLowerCase().startsWith("es") ? "spanish" : "english";
}
