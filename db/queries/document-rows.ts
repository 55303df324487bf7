import type pg from "pg";
import { type CopyColumn, copyRows } from "../copy.ts";
import type { documentNames } from "../schema/index.ts";
import type { NewChunk } from "./chunk-rows.ts";
import type { Signature } from "./label-clusters.ts";
import { nextIds } from "./sequences.ts";
import { linkName } from "./truth.ts";

/** A document ready to be stored: parsed, chunked, embedded, its original kept. */
export interface NewDocument {
  sourceId: string;
  contentHash: Buffer;
  title: string;
  text: string;
  sections: unknown[];
  pages: unknown[];
  language: string;
  url: string | null;
  publishedOn: string | null;
  revisedOn: string | null;
  authors: string[];
  publication: string | null;
  publicationTypes: string[];
  meshTerms: string[];
  evidenceLevel: string;
  /** Whom it is about. */
  populations: string[];
  /** What the record says of itself. */
  status: string;
  statusNote: string | null;
  identifiers: string[];
  isSample: boolean;
  metadata: Record<string, unknown>;
  objectKey: string | null;
  originalType: string | null;
  links: { kind: string; sourceId: string | null; note: string | null }[];
  /** What it calls things, in lower case. */
  names: DocumentName[];
  /** Of a document that may be a near copy of others in its collection. */
  signature?: Signature;
  chunks: NewChunk[];
}

export type DocumentName = Pick<typeof documentNames.$inferSelect, "kind" | "surface" | "canonical">;

type StoredDocument = NewDocument & { id: string; collectionId: number };

const documentColumns: CopyColumn<StoredDocument>[] = [
  ["id", (to, { id }) => to.bigint(id)],
  ["collection_id", (to, { collectionId }) => to.integer(collectionId)],
  ["source_id", (to, { sourceId }) => to.text(sourceId)],
  ["content_hash", (to, { contentHash }) => to.bytes(contentHash)],
  ["title", (to, { title }) => to.text(title)],
  ["text", (to, { text }) => to.text(text)],
  ["sections", (to, { sections }) => to.json(sections)],
  ["pages", (to, { pages }) => to.json(pages)],
  ["language", (to, { language }) => to.text(language)],
  ["url", (to, { url }) => to.text(url)],
  ["published_on", (to, { publishedOn }) => to.text(publishedOn)],
  ["published_date", (to, { publishedOn }) => to.date(firstDay(publishedOn))],
  ["revised_on", (to, { revisedOn }) => to.text(revisedOn)],
  ["authors", (to, { authors }) => to.texts(authors)],
  ["publication", (to, { publication }) => to.text(publication)],
  ["publication_types", (to, { publicationTypes }) => to.texts(publicationTypes)],
  ["mesh_terms", (to, { meshTerms }) => to.texts(meshTerms)],
  ["evidence_level", (to, { evidenceLevel }) => to.text(evidenceLevel)],
  ["populations", (to, { populations }) => to.texts(populations)],
  ["status", (to, { status }) => to.text(status)],
  ["status_note", (to, { statusNote }) => to.text(statusNote)],
  ["record_status", (to, { status }) => to.text(status)],
  ["record_status_note", (to, { statusNote }) => to.text(statusNote)],
  ["identifiers", (to, { identifiers }) => to.texts(identifiers)],
  ["is_sample", (to, { isSample }) => to.boolean(isSample)],
  ["metadata", (to, { metadata }) => to.json(metadata)],
  ["object_key", (to, { objectKey }) => to.text(objectKey)],
  ["original_type", (to, { originalType }) => to.text(originalType)],
];
const documentFields = documentColumns.map(([name]) => name);

/** Adds the new ones and overwrites the known ones, whose ids citations and links hold. Returns their ids in order. */
export async function putDocuments(
  client: pg.PoolClient,
  collectionId: number,
  batch: NewDocument[],
  known: ReadonlyMap<string, string>,
): Promise<string[]> {
  if (batch.length === 0) return [];
  const added = batch.filter(({ sourceId }) => !known.has(sourceId)).length;
  const fresh = await nextIds(client, "documents_id_seq", added);
  let next = 0;
  const stored = batch.map(
    (document): StoredDocument => ({
      ...document,
      id: known.get(document.sourceId) ?? (fresh[next++] as string),
      collectionId,
    }),
  );
  const isKnown = (document: StoredDocument) => known.has(document.sourceId);
  await copyRows(
    client,
    "documents",
    documentColumns,
    stored.filter((document) => !isKnown(document)),
  );
  const changed = stored.filter(isKnown);
  if (changed.length > 0) {
    await client.query(
      `create temporary table changed_documents on commit drop as
         select ${documentFields.join(", ")} from documents with no data`,
    );
    await copyRows(client, "changed_documents", documentColumns, changed);
    // What holds today is settled at the end of the write; until then what held before stands.
    const kept = ["id", "collection_id", "source_id", "status", "status_note"];
    const overwritten = documentFields.filter((name) => !kept.includes(name));
    await client.query(
      `update documents d set ${overwritten.map((name) => `${name} = changed.${name}`).join(", ")}, updated_at = now()
       from changed_documents changed where d.id = changed.id`,
    );
    await client.query("drop table changed_documents");
  }
  return stored.map(({ id }) => id);
}

export async function replaceLinks(
  client: pg.PoolClient,
  batch: NewDocument[],
  ids: string[],
  known: ReadonlyMap<string, string>,
): Promise<void> {
  if (known.size > 0) {
    await client.query("delete from document_links where document_id = any($1::bigint[])", [[...known.values()]]);
  }
  const links = batch.flatMap((document, at) =>
    document.links.map((link, ordinal) => ({ documentId: ids[at] as string, ordinal, ...link })),
  );
  if (links.length === 0) return;
  await copyRows(
    client,
    "document_links",
    [
      ["document_id", (to, { documentId }) => to.bigint(documentId)],
      ["ordinal", (to, { ordinal }) => to.integer(ordinal)],
      ["kind", (to, { kind }) => to.text(kind)],
      ["source_id", (to, { sourceId }) => to.text(linkName(sourceId))],
      ["note", (to, { note }) => to.text(note)],
    ],
    links,
  );
}

export async function replaceNames(
  client: pg.PoolClient,
  collectionId: number,
  batch: NewDocument[],
  ids: string[],
  known: ReadonlyMap<string, string>,
): Promise<void> {
  if (known.size > 0) {
    await client.query("delete from document_names where document_id = any($1::bigint[])", [[...known.values()]]);
  }
  const names = batch.flatMap((document, at) => {
    const own = new Map(
      document.names.map((name) => [JSON.stringify([name.kind, name.surface, name.canonical]), name]),
    );
    return [...own.values()].map((name) => ({ documentId: ids[at] as string, ...name }));
  });
  if (names.length === 0) return;
  await copyRows(
    client,
    "document_names",
    [
      ["document_id", (to, { documentId }) => to.bigint(documentId)],
      ["collection_id", (to) => to.integer(collectionId)],
      ["kind", (to, { kind }) => to.text(kind)],
      ["surface", (to, { surface }) => to.text(surface)],
      ["canonical", (to, { canonical }) => to.text(canonical)],
    ],
    names,
  );
}

function firstDay(date: string | null): string | null {
  const match = /^(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?$/.exec(date ?? "");
  return match ? `${match[1]}-${match[2] ?? "01"}-${match[3] ?? "01"}` : null;
}
