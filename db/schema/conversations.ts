import { type SQL, sql } from "drizzle-orm";
import {
  bigint,
  bigserial,
  boolean,
  date,
  foreignKey,
  halfvec,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  unique,
  uuid,
  varchar,
} from "drizzle-orm/pg-core";
import { tenants, users } from "./accounts.ts";
import { bytea, tsvector } from "./columns.ts";
import { documents } from "./corpus.ts";

const at = (name: string) => timestamp(name, { withTimezone: true });

export const conversations = pgTable(
  "conversations",
  {
    id: uuid("id").primaryKey().default(sql`gen_random_uuid()`),
    tenantId: uuid("tenant_id")
      .notNull()
      .references(() => tenants.id, { onDelete: "cascade" }),
    ownerId: uuid("owner_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    title: varchar("title", { length: 500 }).notNull(),
    archived: boolean("archived").notNull().default(false),
    messageCount: integer("message_count").notNull().default(0),
    /** The last sequence id handed out; only the UPDATE that hands out the next one writes it. */
    lastSequenceId: bigint("last_sequence_id", { mode: "number" }).notNull().default(0),
    /** Not deleted for good before this day, whoever asks. */
    retainUntil: at("retain_until"),
    /** Deleted by its owner; it can be restored until it is purged. */
    deletedAt: at("deleted_at"),
    /** Until when the archive keeps it, whoever deletes it; infinity is a legal hold. Its owner cannot change it. */
    heldUntil: at("held_until"),
    /** Since when the archive has put it away for everybody. */
    archivedSince: at("archived_since"),
    /** The archive deleted it: its owner does not take that back. */
    deletedByArchive: boolean("deleted_by_archive").notNull().default(false),
    /** First day of the month its messages are filed under: their partition. */
    month: date("month").notNull().default(sql`date_trunc('month', now())::date`),
    /** Grows with every change of its messages: what was read under a revision holds as long as the revision does. */
    revision: bigint("revision", { mode: "number" }).notNull().default(0),
    /** Where its messages lie when they have been moved out: an object's key, what it holds, and whether they are `searchable`. */
    moved: jsonb("moved"),
    metadata: jsonb("metadata").notNull().default({}),
    createdAt: at("created_at").notNull().defaultNow(),
    updatedAt: at("updated_at").notNull().defaultNow(),
  },
  (table) => [
    index("conversations_tenant_time").on(table.tenantId, table.updatedAt),
    index("conversations_archive").on(table.tenantId, table.updatedAt, table.id),
    index("conversations_tenant_id").on(table.tenantId, table.id),
    index("conversations_title_words").using("gin", sql`to_tsvector('english', ${table.title})`),
    index("conversations_owner_time").on(table.ownerId, table.updatedAt),
    index("conversations_month").on(table.month, table.updatedAt).where(sql`moved is null`),
    index("conversations_deleted").on(table.deletedAt).where(sql`deleted_at is not null`),
    index("conversations_moved_unsearchable").on(table.id).where(sql`moved is not null and not (moved ? 'searchable')`),
  ],
);

/** Who takes part: people, and the one who answers. */
export const participants = pgTable(
  "participants",
  {
    conversationId: uuid("conversation_id")
      .notNull()
      .references(() => conversations.id, { onDelete: "cascade" }),
    /** A user's id, or `probatum` for the one who answers. */
    participantId: text("participant_id").notNull(),
    kind: text("kind", { enum: ["human", "ai"] }).notNull(),
    role: text("role", { enum: ["owner", "writer", "reader", "answerer"] }).notNull(),
    joinedAt: at("joined_at").notNull().defaultNow(),
    lastReadSequence: bigint("last_read_sequence", { mode: "number" }).notNull().default(0),
    /** Each person's own order: what they pinned, put away and under which labels. */
    pinnedAt: at("pinned_at"),
    archivedAt: at("archived_at"),
    labels: text("labels").array().notNull().default([]),
    invitedBy: uuid("invited_by").references(() => users.id, { onDelete: "set null" }),
    /** The conversation's: a trigger sets it, as in every table that hangs on a conversation or a message. */
    tenantId: uuid("tenant_id").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.conversationId, table.participantId] }),
    index("participants_participant").on(table.participantId),
  ],
);

/** A link by which colleagues of the tenant join a conversation. Of its secret only the hash is kept. */
export const conversationLinks = pgTable(
  "conversation_links",
  {
    id: uuid("id").primaryKey().default(sql`gen_random_uuid()`),
    conversationId: uuid("conversation_id")
      .notNull()
      .references(() => conversations.id, { onDelete: "cascade" }),
    /** SHA-256 of the secret. */
    tokenHash: bytea("token_hash").notNull().unique(),
    role: text("role", { enum: ["writer", "reader"] }).notNull(),
    tenantId: uuid("tenant_id").notNull(),
    createdBy: uuid("created_by").references(() => users.id, { onDelete: "set null" }),
    createdAt: at("created_at").notNull().defaultNow(),
    expiresAt: at("expires_at").notNull(),
    revokedAt: at("revoked_at"),
  },
  (table) => [index("conversation_links_conversation").on(table.conversationId)],
);

/**
 * Partitioned by the month of the conversation, so that all of a conversation lies in one partition, in which its
 * sequence ids are unique, and a month whose conversations have fallen silent can be laid out in their order and moved
 * to the object store.
 */
export const messages = pgTable(
  "messages",
  {
    id: uuid("id").notNull().default(sql`gen_random_uuid()`),
    /** The conversation's. */
    month: date("month").notNull(),
    tenantId: uuid("tenant_id")
      .notNull()
      .references(() => tenants.id, { onDelete: "cascade" }),
    conversationId: uuid("conversation_id")
      .notNull()
      .references(() => conversations.id, { onDelete: "cascade" }),
    sequenceId: bigint("sequence_id", { mode: "number" }).notNull(),
    /** An answer's question; a question's answer before it, null for a first one. Branches share a parent. */
    parentId: uuid("parent_id"),
    senderId: text("sender_id").notNull(),
    senderType: text("sender_type", { enum: ["human", "ai"] }).notNull(),
    role: text("role", { enum: ["user", "assistant", "system"] }).notNull(),
    /** A question's without patient identifiers: placeholders stand for them. */
    content: text("content").notNull(),
    /** What stands behind the placeholders, for those who read it: `[{ placeholder, text, type }]`; null when nothing does. */
    identifiers: jsonb("identifiers"),
    status: text("status", { enum: ["pending", "streaming", "complete", "stopped", "failed"] }).notNull(),
    /** The structured answer (sentences, drops, gap, timings) of an assistant's message. */
    answer: jsonb("answer"),
    /** The cited documents, once each. */
    sources: jsonb("sources").notNull().default([]),
    model: text("model"),
    tokensUsed: integer("tokens_used"),
    metadata: jsonb("metadata").notNull().default({}),
    search: tsvector("search").generatedAlwaysAs((): SQL => sql`to_tsvector('english', ${messages.content})`),
    /** Of the content, for search by meaning; written after the message. */
    embedding: halfvec("embedding", { dimensions: 384 }),
    createdAt: at("created_at").notNull().defaultNow(),
    updatedAt: at("updated_at").notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.id, table.month] }),
    unique("messages_conversation_sequence").on(table.conversationId, table.sequenceId, table.month),
    index("messages_identifiers").on(table.conversationId).where(sql`identifiers is not null`),
    index("messages_tenant_time").on(table.tenantId, table.createdAt),
    index("messages_search").using("gin", table.search),
    index("messages_unfinished").on(table.updatedAt).where(sql`status in ('pending', 'streaming')`),
    index("messages_unembedded")
      .on(table.createdAt)
      .where(sql`embedding is null and status in ('complete', 'stopped') and content <> ''`),
  ],
);

/** Which sentence of which message rests on which quote; a join away from "what cited the article retracted today?". */
export const messageCitations = pgTable(
  "message_citations",
  {
    id: bigserial("id", { mode: "number" }).primaryKey(),
    messageId: uuid("message_id").notNull(),
    month: date("month").notNull(),
    sentenceIndex: integer("sentence_index").notNull(),
    sentenceStart: integer("sentence_start").notNull(),
    sentenceEnd: integer("sentence_end").notNull(),
    /** The marker's number within the answer. */
    number: integer("number").notNull(),
    /** Null once the document is gone; the quote and its naming stay. */
    documentId: bigint("document_id", { mode: "number" }).references(() => documents.id, { onDelete: "set null" }),
    chunkId: bigint("chunk_id", { mode: "number" }),
    collectionSlug: text("collection_slug").notNull(),
    sourceId: text("source_id").notNull(),
    title: text("title").notNull(),
    quote: text("quote").notNull(),
    quoteStart: integer("quote_start").notNull(),
    quoteEnd: integer("quote_end").notNull(),
    tenantId: uuid("tenant_id").notNull(),
  },
  (table) => [
    foreignKey({ columns: [table.messageId, table.month], foreignColumns: [messages.id, messages.month] }).onDelete(
      "cascade",
    ),
    index("message_citations_message").on(table.messageId),
    index("message_citations_document").on(table.documentId),
    index("message_citations_source").on(table.collectionSlug, table.sourceId),
  ],
);

/** Which documents the answers of moved conversations cite: a retraction finds them there too. */
export const movedCitations = pgTable(
  "moved_citations",
  {
    conversationId: uuid("conversation_id")
      .notNull()
      .references(() => conversations.id, { onDelete: "cascade" }),
    messageId: uuid("message_id").notNull(),
    documentId: bigint("document_id", { mode: "number" })
      .notNull()
      .references(() => documents.id, { onDelete: "cascade" }),
    answeredAt: at("answered_at").notNull(),
    tenantId: uuid("tenant_id").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.messageId, table.documentId] }),
    index("moved_citations_document").on(table.documentId),
    index("moved_citations_conversation").on(table.conversationId),
  ],
);

/** What an answer was made from, to be able to make it again. */
export const answerReceipts = pgTable(
  "answer_receipts",
  {
    messageId: uuid("message_id").primaryKey(),
    month: date("month").notNull(),
    model: text("model"),
    promptVersion: text("prompt_version"),
    /** `{ [collection slug]: corpus version }`. */
    corpusVersions: jsonb("corpus_versions").notNull(),
    /** `[{ chunkId, documentId, hash, lexical, dense, score }]` in the order the passages were supplied. */
    passages: jsonb("passages").notNull(),
    /** What else decided the answer: how the question was understood, its filters, the re-ranker. */
    settings: jsonb("settings").notNull().default({}),
    tenantId: uuid("tenant_id").notNull(),
    createdAt: at("created_at").notNull().defaultNow(),
  },
  (table) => [
    foreignKey({ columns: [table.messageId, table.month], foreignColumns: [messages.id, messages.month] }).onDelete(
      "cascade",
    ),
  ],
);

/** What a reader says of an answer, or of one of its sentences; once each, the last word counts. */
export const messageFeedback = pgTable(
  "message_feedback",
  {
    id: uuid("id").primaryKey().default(sql`gen_random_uuid()`),
    tenantId: uuid("tenant_id")
      .notNull()
      .references(() => tenants.id, { onDelete: "cascade" }),
    messageId: uuid("message_id").notNull(),
    month: date("month").notNull(),
    userId: uuid("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    /** Null: of the whole answer. */
    sentenceIndex: integer("sentence_index"),
    kind: text("kind", { enum: ["helpful", "wrong", "unsupported", "outdated"] }).notNull(),
    note: varchar("note", { length: 2000 }).notNull().default(""),
    createdAt: at("created_at").notNull().defaultNow(),
    updatedAt: at("updated_at").notNull().defaultNow(),
    /** When an administrator has dealt with it. */
    resolvedAt: at("resolved_at"),
    resolvedBy: uuid("resolved_by").references(() => users.id, { onDelete: "set null" }),
  },
  (table) => [
    foreignKey({ columns: [table.messageId, table.month], foreignColumns: [messages.id, messages.month] }).onDelete(
      "cascade",
    ),
    unique("message_feedback_place").on(table.messageId, table.userId, table.sentenceIndex).nullsNotDistinct(),
    index("message_feedback_tenant_time").on(table.tenantId, table.updatedAt),
  ],
);
