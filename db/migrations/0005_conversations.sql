CREATE TABLE "conversation_links" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"conversation_id" uuid NOT NULL,
	"token_hash" "bytea" NOT NULL,
	"role" text NOT NULL,
	"created_by" uuid,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"revoked_at" timestamp with time zone,
	CONSTRAINT "conversation_links_token_hash_unique" UNIQUE("token_hash")
);
--> statement-breakpoint
CREATE TABLE "message_feedback" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"tenant_id" uuid NOT NULL,
	"message_id" uuid NOT NULL,
	"month" date NOT NULL,
	"user_id" uuid NOT NULL,
	"sentence_index" integer,
	"kind" text NOT NULL,
	"note" varchar(2000) DEFAULT '' NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"resolved_at" timestamp with time zone,
	"resolved_by" uuid,
	CONSTRAINT "message_feedback_place" UNIQUE NULLS NOT DISTINCT("message_id","user_id","sentence_index")
);
--> statement-breakpoint
CREATE TABLE "moved_citations" (
	"conversation_id" uuid NOT NULL,
	"message_id" uuid NOT NULL,
	"document_id" bigint NOT NULL,
	"answered_at" timestamp with time zone NOT NULL,
	CONSTRAINT "moved_citations_message_id_document_id_pk" PRIMARY KEY("message_id","document_id")
);
--> statement-breakpoint
ALTER TABLE "conversations" ADD COLUMN "deleted_at" timestamp with time zone;
--> statement-breakpoint
ALTER TABLE "conversations" ADD COLUMN "month" date DEFAULT date_trunc('month', now())::date NOT NULL;
--> statement-breakpoint
ALTER TABLE "conversations" ADD COLUMN "revision" bigint DEFAULT 0 NOT NULL;
--> statement-breakpoint
ALTER TABLE "conversations" ADD COLUMN "moved" jsonb;
--> statement-breakpoint
ALTER TABLE "participants" ADD COLUMN "pinned_at" timestamp with time zone;
--> statement-breakpoint
ALTER TABLE "participants" ADD COLUMN "archived_at" timestamp with time zone;
--> statement-breakpoint
ALTER TABLE "participants" ADD COLUMN "labels" text[] DEFAULT '{}' NOT NULL;
--> statement-breakpoint
ALTER TABLE "participants" ADD COLUMN "invited_by" uuid;
--> statement-breakpoint
ALTER TABLE "conversation_links" ADD CONSTRAINT "conversation_links_conversation_id_conversations_id_fk" FOREIGN KEY ("conversation_id") REFERENCES "public"."conversations"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "conversation_links" ADD CONSTRAINT "conversation_links_created_by_users_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "message_feedback" ADD CONSTRAINT "message_feedback_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "message_feedback" ADD CONSTRAINT "message_feedback_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "message_feedback" ADD CONSTRAINT "message_feedback_resolved_by_users_id_fk" FOREIGN KEY ("resolved_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "moved_citations" ADD CONSTRAINT "moved_citations_conversation_id_conversations_id_fk" FOREIGN KEY ("conversation_id") REFERENCES "public"."conversations"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "moved_citations" ADD CONSTRAINT "moved_citations_document_id_documents_id_fk" FOREIGN KEY ("document_id") REFERENCES "public"."documents"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
CREATE INDEX "conversation_links_conversation" ON "conversation_links" USING btree ("conversation_id");
--> statement-breakpoint
CREATE INDEX "message_feedback_tenant_time" ON "message_feedback" USING btree ("tenant_id","updated_at");
--> statement-breakpoint
CREATE INDEX "moved_citations_document" ON "moved_citations" USING btree ("document_id");
--> statement-breakpoint
CREATE INDEX "moved_citations_conversation" ON "moved_citations" USING btree ("conversation_id");
--> statement-breakpoint
ALTER TABLE "participants" ADD CONSTRAINT "participants_invited_by_users_id_fk" FOREIGN KEY ("invited_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;
--> statement-breakpoint
CREATE INDEX "conversations_month" ON "conversations" USING btree ("month","updated_at") WHERE moved is null;
--> statement-breakpoint
CREATE INDEX "conversations_deleted" ON "conversations" USING btree ("deleted_at") WHERE deleted_at is not null;
--> statement-breakpoint
-- Conversations so far: filed under the month they began in.
UPDATE "conversations" SET "month" = date_trunc('month', created_at)::date;
--> statement-breakpoint
-- Put away by those who took part so far; from now on each puts away for themselves. All there is counts as read.
UPDATE "participants" p SET "archived_at" = CASE WHEN c.archived THEN c.updated_at END, "last_read_sequence" = c.last_sequence_id
  FROM "conversations" c WHERE c.id = p.conversation_id AND p.kind = 'human';
--> statement-breakpoint
UPDATE "conversations" SET "archived" = false WHERE "archived";
--> statement-breakpoint
ALTER TABLE "message_citations" DROP CONSTRAINT "message_citations_message_id_messages_id_fk";
--> statement-breakpoint
ALTER TABLE "answer_receipts" DROP CONSTRAINT "answer_receipts_message_id_messages_id_fk";
--> statement-breakpoint
ALTER TABLE "messages" RENAME TO "messages_before";
--> statement-breakpoint
ALTER TABLE "messages_before" DROP CONSTRAINT "messages_pkey", DROP CONSTRAINT "messages_conversation_sequence";
--> statement-breakpoint
DROP INDEX "messages_tenant_time";
--> statement-breakpoint
DROP INDEX "messages_search";
--> statement-breakpoint
DROP INDEX "messages_unfinished";
--> statement-breakpoint
CREATE TABLE "messages" (
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"month" date NOT NULL,
	"tenant_id" uuid NOT NULL,
	"conversation_id" uuid NOT NULL,
	"sequence_id" bigint NOT NULL,
	"parent_id" uuid,
	"sender_id" text NOT NULL,
	"sender_type" text NOT NULL,
	"role" text NOT NULL,
	"content" text NOT NULL,
	"status" text NOT NULL,
	"answer" jsonb,
	"sources" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"model" text,
	"tokens_used" integer,
	"metadata" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"search" "tsvector" GENERATED ALWAYS AS (to_tsvector('english', "content")) STORED,
	"embedding" halfvec(384),
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "messages_id_month_pk" PRIMARY KEY("id","month"),
	CONSTRAINT "messages_conversation_sequence" UNIQUE("conversation_id","sequence_id","month"),
	CONSTRAINT "messages_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "tenants"("id") ON DELETE cascade,
	CONSTRAINT "messages_conversation_id_conversations_id_fk" FOREIGN KEY ("conversation_id") REFERENCES "conversations"("id") ON DELETE cascade
) PARTITION BY RANGE ("month");
--> statement-breakpoint
CREATE INDEX "messages_tenant_time" ON "messages" USING btree ("tenant_id","created_at");
--> statement-breakpoint
CREATE INDEX "messages_search" ON "messages" USING gin ("search");
--> statement-breakpoint
CREATE INDEX "messages_unfinished" ON "messages" USING btree ("updated_at") WHERE status in ('pending', 'streaming');
--> statement-breakpoint
CREATE INDEX "messages_unembedded" ON "messages" USING btree ("created_at") WHERE embedding is null and status in ('complete', 'stopped') and content <> '';
--> statement-breakpoint
-- Makes the partition of a month's conversations where it is missing; any number of callers may do so at once.
CREATE FUNCTION ensure_message_month(wanted date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  first_day date := date_trunc('month', wanted)::date;
  name text := 'messages_' || to_char(first_day, 'YYYY_MM');
BEGIN
  IF to_regclass(name) IS NULL THEN
    PERFORM pg_advisory_xact_lock(hashtext('ensure_message_month'));
    EXECUTE format('CREATE TABLE IF NOT EXISTS %I PARTITION OF messages FOR VALUES FROM (%L) TO (%L)',
      name, first_day, (first_day + interval '1 month')::date);
  END IF;
END $$;
--> statement-breakpoint
SELECT ensure_message_month(month) FROM (SELECT DISTINCT "month" FROM "conversations" UNION SELECT date_trunc('month', now())::date) months;
--> statement-breakpoint
-- Questions asked so far followed the answer before them.
INSERT INTO "messages" (id, month, tenant_id, conversation_id, sequence_id, parent_id, sender_id, sender_type, role, content,
    status, answer, sources, model, tokens_used, metadata, created_at, updated_at)
  SELECT m.id, c.month, m.tenant_id, m.conversation_id, m.sequence_id,
    CASE WHEN m.role = 'user' AND m.parent_id IS NULL THEN (
      SELECT a.id FROM messages_before a WHERE a.conversation_id = m.conversation_id AND a.role = 'assistant'
        AND a.sequence_id < m.sequence_id ORDER BY a.sequence_id DESC LIMIT 1) ELSE m.parent_id END,
    m.sender_id, m.sender_type, m.role, m.content, m.status, m.answer, m.sources, m.model, m.tokens_used, m.metadata,
    m.created_at, m.updated_at
  FROM messages_before m JOIN conversations c ON c.id = m.conversation_id ORDER BY m.conversation_id, m.sequence_id;
--> statement-breakpoint
ALTER TABLE "message_citations" ADD COLUMN "month" date;
--> statement-breakpoint
UPDATE "message_citations" q SET "month" = m.month FROM messages m WHERE m.id = q.message_id;
--> statement-breakpoint
ALTER TABLE "message_citations" ALTER COLUMN "month" SET NOT NULL, ADD CONSTRAINT "message_citations_message_id_month_messages_id_month_fk" FOREIGN KEY ("message_id","month") REFERENCES "messages"("id","month") ON DELETE cascade;
--> statement-breakpoint
ALTER TABLE "answer_receipts" ADD COLUMN "month" date;
--> statement-breakpoint
UPDATE "answer_receipts" r SET "month" = m.month FROM messages m WHERE m.id = r.message_id;
--> statement-breakpoint
ALTER TABLE "answer_receipts" ALTER COLUMN "month" SET NOT NULL, ADD CONSTRAINT "answer_receipts_message_id_month_messages_id_month_fk" FOREIGN KEY ("message_id","month") REFERENCES "messages"("id","month") ON DELETE cascade;
--> statement-breakpoint
ALTER TABLE "message_feedback" ADD CONSTRAINT "message_feedback_message_id_month_messages_id_month_fk" FOREIGN KEY ("message_id","month") REFERENCES "messages"("id","month") ON DELETE cascade;
--> statement-breakpoint
DROP TABLE "messages_before";
