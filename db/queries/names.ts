import type { Database } from "../pool.ts";
import type { DocumentName } from "./document-rows.ts";

/** How many documents of the searched collections call something so; counted to a hundred in each collection. */
export type NameUse = DocumentName & { documents: number };

export interface LookedUp {
  names: NameUse[];
  /** By text, in how many chunks its rarest word stands; only texts that have a word. */
  held: Map<string, number>;
}

/**
 * What documents of these collections call the given names, and how common the given texts and the found names are in
 * them: one statement that reads indexes alone, whatever the collections' size.
 * @param surfaces names in lower case
 */
export async function lookUpNames(
  database: Database,
  collectionIds: number[],
  surfaces: string[],
  texts: string[],
): Promise<LookedUp> {
  const { rows } = await database.pool.query<{ names: NameUse[]; held: Record<string, number> }>({
    text: lookUpStatement,
    values: [collectionIds, surfaces, texts],
  });
  const row = rows[0];
  if (!row) throw new Error("the look-up of names returned no row");
  return { names: row.names, held: new Map(Object.entries(row.held)) };
}

// A name's meanings are read one by one from the index: a frequent name has many rows and few meanings.
const lookUpStatement = `
  with recursive uses as (
    select surface, collection as id, first.kind, first.canonical, 1 as ordinal
    from unnest($2::text[]) surface, unnest($1::int[]) collection, lateral (
      select kind, canonical from document_names n where n.collection_id = collection and n.surface = surface.surface
      order by kind, canonical limit 1) first
    union all
    select uses.surface, uses.id, next.kind, next.canonical, uses.ordinal + 1
    from uses, lateral (
      select kind, canonical from document_names n where n.collection_id = uses.id and n.surface = uses.surface
        and (n.kind, n.canonical) > (uses.kind, uses.canonical)
      order by kind, canonical limit 1) next
    where uses.ordinal < 200
  ), names as materialized (
    select surface, kind, canonical, sum(counted)::int as documents
    from uses, lateral (
      select count(*) as counted from (
        select from document_names n where n.collection_id = uses.id and n.surface = uses.surface
          and n.kind = uses.kind and n.canonical = uses.canonical limit 100) counted_rows) count_of
    group by surface, kind, canonical
  ), lexemes as (
    select text, lexeme from (select unnest($3::text[]) as text union select canonical from names union select surface from names) texts,
      unnest(to_tsvector('english', text))
  ), held as (
    select text, min(chunks) as chunks from lexemes, lateral (
      select coalesce(sum(chunk_count), 0)::int as chunks from term_statistics s
      where s.collection_id = any($1) and s.lexeme = lexemes.lexeme) statistics
    group by text
  )
  select (select coalesce(json_agg(names), '[]') from names) as names,
    (select coalesce(json_object_agg(text, chunks), '{}') from held) as held`;

/**
 * The drug names of these collections that a misspelt word can stand for: one word of the same first letter and about
 * the same length. Asked for words only that no document holds.
 */
export async function drugNamesLike(
  database: Database,
  collectionIds: number[],
  words: string[],
  slack: number,
): Promise<string[]> {
  const { rows } = await database.pool.query<{ surface: string }>(
    `select distinct n.surface from unnest($2::text[]) word, document_names n
     where n.collection_id = any($1) and n.surface >= left(word, 1) and n.surface < chr(ascii(word) + 1)
       and n.kind in ('brand', 'substance') and n.surface !~ '[^[:alpha:]]'
       and abs(length(n.surface) - length(word)) <= $3`,
    [collectionIds, words, slack],
  );
  return rows.map(({ surface }) => surface);
}

/** How often readings of one abbreviation stand together with the other words of a question. */
export interface Company {
  reading: string;
  /** Chunks looked at, that hold the reading's rarest word: at most 300. */
  chunks: number;
  /** Of those, with the reading's other words, how many hold a word of the context, summed over its words by their rarity. */
  weight: number;
}

/** For readings that nothing else tells apart. Bounded: at most 300 chunks of each reading and eight context words. */
export async function companyOf(
  database: Database,
  collectionIds: number[],
  readings: string[],
  context: string[],
): Promise<Company[]> {
  const { rows } = await database.pool.query<Company>(
    `with lexemes as materialized (
       select reading, lexeme, chunks from (
         select reading, lexeme from unnest($2::text[]) reading, unnest(to_tsvector('english', reading))) parts,
       lateral (select coalesce(sum(chunk_count), 0)::float8 as chunks from term_statistics s
         where s.collection_id = any($1) and s.lexeme = parts.lexeme) statistics
     ), rarest as (
       select distinct on (reading) reading, lexeme from lexemes order by reading, chunks, lexeme
     ), context as materialized (
       select lexeme, 1 / ln(2 + chunks) as weight from (
         select distinct lexeme from unnest($3::text[]) word, unnest(to_tsvector('english', word)) limit 8) words,
       lateral (select coalesce(sum(chunk_count), 0)::float8 as chunks from term_statistics s
         where s.collection_id = any($1) and s.lexeme = words.lexeme) statistics
     ), sampled as materialized (
       select reading, p.collection_id, p.chunk_id from rarest, lateral (
         select collection_id, chunk_id from chunk_terms p
         where p.collection_id = any($1) and p.lexeme = rarest.lexeme limit 300) p
       where not exists (select from lexemes l where l.reading = rarest.reading and l.lexeme <> rarest.lexeme
         and not exists (select from chunk_terms o where o.collection_id = p.collection_id and o.lexeme = l.lexeme
           and o.chunk_id = p.chunk_id))
     )
     select rarest.reading, count(sampled.chunk_id)::int as chunks, coalesce(sum((
       select coalesce(sum(weight), 0) from context where exists (
         select from chunk_terms o where o.collection_id = sampled.collection_id and o.lexeme = context.lexeme
           and o.chunk_id = sampled.chunk_id))), 0)::float8 as weight
     from rarest left join sampled using (reading) group by rarest.reading`,
    [collectionIds, readings, context],
  );
  return rows;
}
