import type { Database } from "../pool.ts";

/** The label that speaks for a drug, with the parts of it that warn. */
export interface DrugLabel {
  /** The substance as the searched collections know it, in lower case. */
  drug: string;
  documentId: string;
  sourceId: string;
  collection: string;
  collectionTitle: string;
  sourceType: string;
  title: string;
  language: string;
  publishedOn: string | null;
  evidenceLevel: string;
  status: string;
  isSample: boolean;
  clusterSize: number;
  /** Boxed warnings and contraindications; offsets are UTF-16 code units into the document's text. */
  sections: { label: string; path: string[]; start: number; end: number; boxed: boolean }[];
  /** The document's text as far as its last such section. */
  text: string;
}

/** Of a drug that thousands of labels describe, the newest are looked at. */
const looked = 40;

/**
 * For each drug that one of the given names means, the newest current label of these collections that warns of
 * something: of the drug alone before combinations. One statement over the index of names. A collection whose labels
 * were taken in before their names were learnt is asked by the names in its records.
 * @param names as a question may write them, in lower case
 */
export async function findDrugLabels(
  database: Database,
  collectionIds: number[],
  names: string[],
): Promise<DrugLabel[]> {
  if (collectionIds.length === 0 || names.length === 0) return [];
  const { rows } = await database.pool.query<DrugLabel>({ text: statement, values: [collectionIds, names] });
  return rows;
}

const warns = `(@.boxed == true || @.label like_regex "contraindicat|^(do )?not use" flag "i" || @.path[*] like_regex "contraindicat" flag "i")`;

const statement = `
  with unnamed as materialized (
    select c.id from collections c where c.id = any($1) and c.source_type = 'drug_label'
      and not exists (select from document_names n where n.collection_id = c.id and n.kind in ('brand', 'substance'))
  ), named as materialized (
    select distinct n.document_id as id, n.canonical as drug from document_names n
    where n.collection_id = any($1) and n.surface = any($2) and n.kind in ('brand', 'substance')
    union
    select d.id, name.name from unnamed join documents d on d.collection_id = unnamed.id, lateral (
      select distinct name from unnest($2::text[]) name
      where lower(d.metadata->>'brandName') = name or lower(d.metadata->>'genericName') = name
        or lower(d.metadata->>'genericName') like name || ' %'
        or exists (select from jsonb_array_elements_text(case jsonb_typeof(d.metadata->'substances') when 'array'
          then d.metadata->'substances' else '[]' end) substance where lower(substance) = name or lower(substance) like name || ' %')) name
  ), candidates as materialized (
    select named.drug, d.id, d.published_date, others.others, row_number() over (
      partition by named.drug order by others.others, d.published_date desc nulls last, d.id) as place
    from named join documents d on d.id = named.id, lateral (
      select count(distinct s.canonical) as others from document_names s
      where s.document_id = d.id and s.kind = 'substance' and s.canonical <> named.drug) others
    where d.status in ('current', 'concern') and d.evidence_level = 'label'
  ), best as (
    select distinct on (drug) drug, id, warning.sections
    from candidates, lateral (
      -- the offset keeps the planner from reading the sections of every document
      select jsonb_path_query_array(d.sections, '$[*] ? ${warns}') as sections from documents d where d.id = candidates.id
      offset 0) warning
    where place <= ${looked} and jsonb_array_length(warning.sections) > 0
    order by drug, others, exists (select from jsonb_array_elements(warning.sections) one where (one->>'boxed')::boolean) desc,
      published_date desc nulls last, id
  )
  select best.drug, d.id::text as "documentId", d.source_id as "sourceId", c.slug as collection,
    c.title as "collectionTitle", c.source_type as "sourceType", d.title, d.language, d.published_on as "publishedOn",
    d.evidence_level as "evidenceLevel", d.status, d.is_sample as "isSample",
    case when d.cluster_id is null then 1 else
      (select count(*)::int from documents mate where mate.cluster_id = d.cluster_id) end as "clusterSize",
    best.sections,
    left(d.text, (select max((one->>'end')::int) from jsonb_array_elements(best.sections) one)) as text
  from best join documents d on d.id = best.id join collections c on c.id = d.collection_id
  order by best.drug`;
