import { type SQL, sql } from "drizzle-orm";
import {
  bigint,
  bigserial,
  boolean,
  check,
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
import { tsvector, vector } from "./columns.ts";
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
    retainUntil: at("retain_until"),
    metadata: jsonb("metadata").notNull().default({}),
    createdAt: at("created_at").notNull().defaultNow(),
    updatedAt: at("updated_at").notNull().defaultNow(),
  },
  (table) => [
    index("conversations_tenant_time").on(table.tenantId, table.updatedAt),
    index("conversations_owner_time").on(table.ownerId, table.updatedAt),
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
  },
  (table) => [
    primaryKey({ columns: [table.conversationId, table.participantId] }),
    index("participants_participant").on(table.participantId),
  ],
);

export const messages = pgTable(
  "messages",
  {
    id: uuid("id").primaryKey().default(sql`gen_random_uuid()`),
    tenantId: uuid("tenant_id")
      .notNull()
      .references(() => tenants.id, { onDelete: "cascade" }),
    conversationId: uuid("conversation_id")
      .notNull()
      .references(() => conversations.id, { onDelete: "cascade" }),
    sequenceId: bigint("sequence_id", { mode: "number" }).notNull(),
    /** The message this one answers or continues; branches share a parent. */
    parentId: uuid("parent_id"),
    senderId: text("sender_id").notNull(),
    senderType: text("sender_type", { enum: ["human", "ai"] }).notNull(),
    role: text("role", { enum: ["user", "assistant", "system"] }).notNull(),
    content: text("content").notNull(),
    status: text("status", { enum: ["pending", "streaming", "complete", "stopped", "failed"] }).notNull(),
    /** The structured answer (sentences, drops, gap, timings) of an assistant's message. */
    answer: jsonb("answer"),
    /** The cited documents, once each. */
    sources: jsonb("sources").notNull().default([]),
    model: text("model"),
    tokensUsed: integer("tokens_used"),
    metadata: jsonb("metadata").notNull().default({}),
    search: tsvector("search").generatedAlwaysAs((): SQL => sql`to_tsvector('english', ${messages.content})`),
    embedding: vector("embedding"),
    createdAt: at("created_at").notNull().defaultNow(),
    updatedAt: at("updated_at").notNull().defaultNow(),
  },
  (table) => [
    unique("messages_conversation_sequence").on(table.conversationId, table.sequenceId),
    index("messages_tenant_time").on(table.tenantId, table.createdAt),
    index("messages_search").using("gin", table.search),
    index("messages_unfinished").on(table.updatedAt).where(sql`status in ('pending', 'streaming')`),
    check("messages_embedding_size", sql`embedding is null or vector_dims(embedding) = 384`),
  ],
);

/** Which sentence of which message rests on which quote; a join away from "what cited the article retracted today?". */
export const messageCitations = pgTable(
  "message_citations",
  {
    id: bigserial("id", { mode: "number" }).primaryKey(),
    messageId: uuid("message_id")
      .notNull()
      .references(() => messages.id, { onDelete: "cascade" }),
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
  },
  (table) => [
    index("message_citations_message").on(table.messageId),
    index("message_citations_document").on(table.documentId),
    index("message_citations_source").on(table.collectionSlug, table.sourceId),
  ],
);

/** What an answer was made from, to be able to make it again. */
export const answerReceipts = pgTable("answer_receipts", {
  messageId: uuid("message_id")
    .primaryKey()
    .references(() => messages.id, { onDelete: "cascade" }),
  model: text("model"),
  promptVersion: text("prompt_version"),
  /** `{ [collection slug]: corpus version }`. */
  corpusVersions: jsonb("corpus_versions").notNull(),
  /** `[{ chunkId, documentId, hash, lexical, dense, score }]` in the order the passages were supplied. */
  passages: jsonb("passages").notNull(),
  /** What else decided the answer: how the question was understood, its filters, the re-ranker. */
  settings: jsonb("settings").notNull().default({}),
  createdAt: at("created_at").notNull().defaultNow(),
});
