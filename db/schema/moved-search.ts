import { sql } from "drizzle-orm";
import { bigint, halfvec, index, pgTable, text, timestamp, unique, uuid } from "drizzle-orm/pg-core";
import { tenants } from "./accounts.ts";
import { tsvector } from "./columns.ts";
import { conversations } from "./conversations.ts";

/**
 * What search needs of the finished messages of moved conversations: by it they are found as all others are. It comes
 * in the transaction that takes the messages away, and goes in the one that puts them back.
 */
export const movedMessages = pgTable(
  "moved_messages",
  {
    messageId: uuid("message_id").primaryKey(),
    tenantId: uuid("tenant_id")
      .notNull()
      .references(() => tenants.id, { onDelete: "cascade" }),
    conversationId: uuid("conversation_id")
      .notNull()
      .references(() => conversations.id, { onDelete: "cascade" }),
    sequenceId: bigint("sequence_id", { mode: "number" }).notNull(),
    role: text("role", { enum: ["user", "assistant", "system"] }).notNull(),
    senderId: text("sender_id").notNull(),
    search: tsvector("search").notNull(),
    /** Null for what had none when it was moved: the nightly job makes it from the text. */
    embedding: halfvec("embedding", { dimensions: 384 }),
    createdAt: timestamp("created_at", { withTimezone: true }).notNull(),
  },
  (table) => [
    unique("moved_messages_conversation_sequence").on(table.conversationId, table.sequenceId),
    index("moved_messages_tenant_time").on(table.tenantId, table.createdAt),
    index("moved_messages_search").using("gin", table.search),
    index("moved_messages_unembedded").on(table.conversationId).where(sql`embedding is null`),
  ],
);
