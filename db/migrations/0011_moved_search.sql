-- What search needs of messages that were moved to the object store; their text lies there alone.
CREATE TABLE "moved_messages" (
	"message_id" uuid PRIMARY KEY NOT NULL,
	"tenant_id" uuid NOT NULL REFERENCES "tenants"("id") ON DELETE cascade,
	"conversation_id" uuid NOT NULL REFERENCES "conversations"("id") ON DELETE cascade,
	"sequence_id" bigint NOT NULL,
	"role" text NOT NULL,
	"sender_id" text NOT NULL,
	"search" "tsvector" NOT NULL,
	"embedding" halfvec(384),
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "moved_messages_conversation_sequence" UNIQUE("conversation_id","sequence_id")
);
--> statement-breakpoint
CREATE INDEX "moved_messages_tenant_time" ON "moved_messages" USING btree ("tenant_id","created_at");
--> statement-breakpoint
CREATE INDEX "moved_messages_search" ON "moved_messages" USING gin ("search");
--> statement-breakpoint
CREATE INDEX "moved_messages_unembedded" ON "moved_messages" USING btree ("conversation_id") WHERE embedding is null;
--> statement-breakpoint
-- Conversations that were moved before there was such a table: filled in at night, until none is left.
CREATE INDEX "conversations_moved_unsearchable" ON "conversations" USING btree ("id")
  WHERE moved is not null and not (moved ? 'searchable');
