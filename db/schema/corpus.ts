import { sql } from "drizzle-orm";
import {
  bigint,
  bigserial,
  boolean,
  check,
  date,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  real,
  serial,
  text,
  timestamp,
  unique,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { tenants } from "./accounts.ts";
import { bytea } from "./columns.ts";

const at = (name: string) => timestamp(name, { withTimezone: true });

/** A named corpus with its own embedding settings. `tenant_id` null: shared by all tenants. */
export const collections = pgTable(
  "collections",
  {
    id: serial("id").primaryKey(),
    tenantId: uuid("tenant_id").references(() => tenants.id, { onDelete: "cascade" }),
    slug: text("slug").notNull(),
    title: text("title").notNull(),
    description: text("description").notNull().default(""),
    sourceType: text("source_type", {
      enum: ["pubmed", "pmc", "guideline", "drug_label", "consumer", "beir"],
    }).notNull(),
    chunkSettings: jsonb("chunk_settings").notNull().default({}),
    /** Grows with every change of the collection; part of every cache key. */
    corpusVersion: bigint("corpus_version", { mode: "number" }).notNull().default(0),
    documentCount: integer("document_count").notNull().default(0),
    chunkCount: integer("chunk_count").notNull().default(0),
    sampleCount: integer("sample_count").notNull().default(0),
    /** Sum of the chunks' lengths in index terms; with chunk_count BM25's average length. */
    termTotal: bigint("term_total", { mode: "number" }).notNull().default(0),
    createdAt: at("created_at").notNull().defaultNow(),
    updatedAt: at("updated_at").notNull().defaultNow(),
  },
  (table) => [unique("collections_tenant_slug").on(table.tenantId, table.slug).nullsNotDistinct()],
);

/**
 * Where a collection's vectors live. One space of a collection is `active` and searched; another may be `filling`
 * beside it; a `retired` one is kept for going back. Its vectors stand in two tables of its own, made with it:
 * `vectors_<id>` under an HNSW index, and `vectors_<id>_tail` without one, where new vectors are written and searched
 * exactly until they are merged. Both refuse vectors of another size.
 */
export const embeddingSpaces = pgTable(
  "embedding_spaces",
  {
    id: serial("id").primaryKey(),
    collectionId: integer("collection_id")
      .notNull()
      .references(() => collections.id, { onDelete: "cascade" }),
    provider: text("provider").notNull(),
    model: text("model").notNull(),
    dimensions: integer("dimensions").notNull(),
    /** The type its HNSW index is built on: `halfvec` on native Postgres, `vector` on the embedded one. */
    indexType: text("index_type", { enum: ["vector", "halfvec"] }).notNull(),
    state: text("state", { enum: ["filling", "active", "retired"] }).notNull(),
    /** Vectors written since the last merge; an upper bound, deletions are not counted. */
    tailCount: integer("tail_count").notNull().default(0),
    /** Mean recall@10 of the index against exact search when the space was last checked; null before. */
    recall: real("recall"),
    createdAt: at("created_at").notNull().defaultNow(),
    activatedAt: at("activated_at"),
  },
  (table) => [
    uniqueIndex("embedding_spaces_active").on(table.collectionId).where(sql`state = 'active'`),
    uniqueIndex("embedding_spaces_filling").on(table.collectionId).where(sql`state = 'filling'`),
    check("embedding_spaces_dimensions", sql`dimensions between 1 and 4000`),
  ],
);

/** One article, guideline, label or topic. `text` is what every offset points into (UTF-16 code units). */
export const documents = pgTable(
  "documents",
  {
    id: bigint("id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    collectionId: integer("collection_id")
      .notNull()
      .references(() => collections.id, { onDelete: "cascade" }),
    sourceId: text("source_id").notNull(),
    contentHash: bytea("content_hash").notNull(),
    title: text("title").notNull(),
    text: text("text").notNull(),
    sections: jsonb("sections").notNull().default([]),
    pages: jsonb("pages").notNull().default([]),
    language: text("language").notNull(),
    url: text("url"),
    /** As precise as the source says: 2021, 2021-03 or 2021-03-15. */
    publishedOn: text("published_on"),
    /** The first day `published_on` can mean, for filters and order. */
    publishedDate: date("published_date"),
    /** The last day it can mean. */
    publishedUntil: date("published_until").generatedAlwaysAs(
      sql`case length(published_on) when 4 then (published_date + interval '1 year - 1 day')::date
        when 7 then (published_date + interval '1 month - 1 day')::date else published_date end`,
    ),
    revisedOn: text("revised_on"),
    authors: text("authors").array().notNull().default([]),
    publication: text("publication"),
    publicationTypes: text("publication_types").array().notNull().default([]),
    meshTerms: text("mesh_terms").array().notNull().default([]),
    evidenceLevel: text("evidence_level").notNull(),
    /** Whom it is about, as far as its record and words tell: `child`, `pregnancy`… (lib/domain.ts). */
    populations: text("populations").array().notNull().default([]),
    /** What filters ask for, in one form: `type:clinical trial`, `language:en`, `level:label`, `population:child`. */
    facets: text("facets")
      .array()
      .generatedAlwaysAs(
        sql`filter_facets('language', language_prefixes(language)) || filter_facets('level', array[evidence_level])
        || filter_facets('type', publication_types) || filter_facets('population', populations)`,
      ),
    /** What holds today: the record's own status or a graver one that another document gives it. */
    status: text("status", { enum: ["current", "superseded", "retracted", "withdrawn", "concern"] }).notNull(),
    statusNote: text("status_note"),
    statusChangedAt: at("status_changed_at"),
    /** What the record says of itself. */
    recordStatus: text("record_status", {
      enum: ["current", "superseded", "retracted", "withdrawn", "concern"],
    }).notNull(),
    recordStatusNote: text("record_status_note"),
    /** Names other records may call it by: `pmid:…`, `pmcid:…`, `doi:…`, `setid:…`. */
    identifiers: text("identifiers").array().notNull().default([]),
    /** The first document of a group of near-identical ones; null when it stands alone. */
    clusterId: bigint("cluster_id", { mode: "number" }),
    isSample: boolean("is_sample").notNull().default(false),
    metadata: jsonb("metadata").notNull().default({}),
    objectKey: text("object_key"),
    originalType: text("original_type"),
    createdAt: at("created_at").notNull().defaultNow(),
    updatedAt: at("updated_at").notNull().defaultNow(),
  },
  (table) => [
    unique("documents_collection_source").on(table.collectionId, table.sourceId),
    index("documents_collection_dates").on(table.collectionId, table.publishedDate, table.publishedUntil),
    index("documents_facets").using("gin", table.facets).with({ fastupdate: false }),
    // Every write asks it: a pending list would be read through each time.
    index("documents_identifiers").using("gin", table.identifiers).with({ fastupdate: false }),
    index("documents_cluster").on(table.clusterId).where(sql`cluster_id is not null`),
    index("documents_marked").on(table.collectionId, table.status).where(sql`status <> 'current'`),
  ],
);

/** How a document stands to another: retraction notices, corrections, updates. */
export const documentLinks = pgTable(
  "document_links",
  {
    documentId: bigint("document_id", { mode: "number" })
      .notNull()
      .references(() => documents.id, { onDelete: "cascade" }),
    ordinal: integer("ordinal").notNull(),
    kind: text("kind").notNull(),
    sourceId: text("source_id"),
    note: text("note"),
  },
  (table) => [
    primaryKey({ columns: [table.documentId, table.ordinal] }),
    index("document_links_source").on(table.sourceId),
  ],
);

/** Bands of a document's MinHash signature: documents that share one may be near-identical. */
export const documentBands = pgTable(
  "document_bands",
  {
    collectionId: integer("collection_id")
      .notNull()
      .references(() => collections.id, { onDelete: "cascade" }),
    band: bigint("band", { mode: "bigint" }).notNull(),
    documentId: bigint("document_id", { mode: "number" })
      .notNull()
      .references(() => documents.id, { onDelete: "cascade" }),
  },
  (table) => [
    primaryKey({ columns: [table.collectionId, table.band, table.documentId] }),
    index("document_bands_document").on(table.documentId),
  ],
);

/**
 * What a document calls things: the brand and generic names of a label, abbreviations that a text spells out, the entry
 * terms of a thesaurus. Questions are understood by them.
 */
export const documentNames = pgTable(
  "document_names",
  {
    documentId: bigint("document_id", { mode: "number" })
      .notNull()
      .references(() => documents.id, { onDelete: "cascade" }),
    collectionId: integer("collection_id")
      .notNull()
      .references(() => collections.id, { onDelete: "cascade" }),
    kind: text("kind", { enum: ["brand", "substance", "abbreviation", "entry_term"] }).notNull(),
    /** As a question may write it, in lower case: `coumadin`, `mi`. */
    surface: text("surface").notNull(),
    /** What it stands for, in lower case: `warfarin`, `myocardial infarction`. */
    canonical: text("canonical").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.documentId, table.kind, table.surface, table.canonical] }),
    index("document_names_surface").on(table.collectionId, table.surface, table.kind, table.canonical),
  ],
);

/** A document's whole MinHash signature, to estimate how alike two candidates are. */
export const documentSignatures = pgTable("document_signatures", {
  documentId: bigint("document_id", { mode: "number" })
    .primaryKey()
    .references(() => documents.id, { onDelete: "cascade" }),
  signature: integer("signature").array().notNull(),
});

/** What is searched. The migration makes this table partitioned by list of `collection_id`. */
export const chunks = pgTable(
  "chunks",
  {
    collectionId: integer("collection_id").notNull(),
    id: bigserial("id", { mode: "number" }).notNull(),
    documentId: bigint("document_id", { mode: "number" })
      .notNull()
      .references(() => documents.id, { onDelete: "cascade" }),
    ordinal: integer("ordinal").notNull(),
    text: text("text").notNull(),
    section: text("section"),
    sectionPath: text("section_path").array().notNull().default([]),
    startOffset: integer("start_offset").notNull(),
    endOffset: integer("end_offset").notNull(),
    page: integer("page"),
    pageEnd: integer("page_end"),
    boxes: jsonb("boxes").notNull().default([]),
    /** Flat pairs of sentence offsets into the document's text: start, end, start, end… */
    sentences: integer("sentences").array().notNull().default([]),
    /** Of what is embedded: chunks of equal hash have equal vectors in one space. */
    contentHash: bytea("content_hash").notNull(),
    /** Least confidence, 0 to 1, of recognised pages it stands on; null where the text was written as text. */
    ocrConfidence: real("ocr_confidence"),
  },
  (table) => [
    primaryKey({ columns: [table.collectionId, table.id] }),
    index("chunks_document").on(table.documentId),
    index("chunks_content").using("hash", table.contentHash),
  ],
);

/** The postings of BM25; partitioned like chunks. `tf` counts a lexeme of the title twice. */
export const chunkTerms = pgTable(
  "chunk_terms",
  {
    collectionId: integer("collection_id").notNull(),
    lexeme: text("lexeme").notNull(),
    chunkId: bigint("chunk_id", { mode: "number" }).notNull(),
    tf: integer("tf").notNull(),
    len: integer("len").notNull(),
  },
  (table) => [primaryKey({ columns: [table.collectionId, table.lexeme, table.chunkId] })],
);

/** In how many chunks of the collection a lexeme stands: BM25's document frequency. */
export const termStatistics = pgTable(
  "term_statistics",
  {
    collectionId: integer("collection_id")
      .notNull()
      .references(() => collections.id, { onDelete: "cascade" }),
    lexeme: text("lexeme").notNull(),
    chunkCount: integer("chunk_count").notNull(),
  },
  (table) => [primaryKey({ columns: [table.collectionId, table.lexeme] })],
);
