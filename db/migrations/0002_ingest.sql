CREATE TABLE "document_bands" (
	"collection_id" integer NOT NULL,
	"band" bigint NOT NULL,
	"document_id" bigint NOT NULL,
	CONSTRAINT "document_bands_collection_id_band_document_id_pk" PRIMARY KEY("collection_id","band","document_id")
);
--> statement-breakpoint
CREATE TABLE "document_signatures" (
	"document_id" bigint PRIMARY KEY NOT NULL,
	"signature" integer[] NOT NULL
);
--> statement-breakpoint
CREATE TABLE "embedding_spaces" (
	"id" serial PRIMARY KEY NOT NULL,
	"collection_id" integer NOT NULL,
	"provider" text NOT NULL,
	"model" text NOT NULL,
	"dimensions" integer NOT NULL,
	"index_type" text NOT NULL,
	"state" text NOT NULL,
	"tail_count" integer DEFAULT 0 NOT NULL,
	"recall" real,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"activated_at" timestamp with time zone,
	CONSTRAINT "embedding_spaces_dimensions" CHECK (dimensions between 1 and 4000)
);
--> statement-breakpoint
CREATE TABLE "ingest_checkpoints" (
	"run_id" uuid NOT NULL,
	"input" text NOT NULL,
	"counts" jsonb NOT NULL,
	"finished_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "ingest_checkpoints_run_id_input_pk" PRIMARY KEY("run_id","input")
);
--> statement-breakpoint
CREATE TABLE "ingest_progress" (
	"run_id" uuid NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"read" integer NOT NULL,
	"chunks" integer NOT NULL,
	"failed" integer NOT NULL,
	CONSTRAINT "ingest_progress_run_id_at_pk" PRIMARY KEY("run_id","at")
);
--> statement-breakpoint
CREATE TABLE "ingest_schedules" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"collection_id" integer NOT NULL,
	"request" jsonb NOT NULL,
	"cron" text NOT NULL,
	"time_zone" text DEFAULT 'UTC' NOT NULL,
	"enabled" boolean DEFAULT true NOT NULL,
	"created_by" uuid,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "source_cursors" (
	"collection_id" integer NOT NULL,
	"source" text NOT NULL,
	"cursor" jsonb NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "source_cursors_collection_id_source_pk" PRIMARY KEY("collection_id","source")
);
--> statement-breakpoint
ALTER TABLE "collections" DROP CONSTRAINT "collections_dimensions";--> statement-breakpoint
DROP INDEX "ingest_runs_collection_time";--> statement-breakpoint
ALTER TABLE "ingest_runs" ALTER COLUMN "started_at" DROP DEFAULT;--> statement-breakpoint
ALTER TABLE "ingest_runs" ALTER COLUMN "started_at" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "chunks" ADD COLUMN "ocr_confidence" real;--> statement-breakpoint
ALTER TABLE "documents" ADD COLUMN "status_changed_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "documents" ADD COLUMN "record_status" text;--> statement-breakpoint
ALTER TABLE "documents" ADD COLUMN "record_status_note" text;--> statement-breakpoint
UPDATE "documents" SET "record_status" = "status", "record_status_note" = "status_note";--> statement-breakpoint
ALTER TABLE "documents" ALTER COLUMN "record_status" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "documents" ADD COLUMN "identifiers" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "documents" ADD COLUMN "cluster_id" bigint;--> statement-breakpoint
ALTER TABLE "ingest_failures" ADD COLUMN "input" text;--> statement-breakpoint
ALTER TABLE "ingest_failures" ADD COLUMN "occurred_at" timestamp with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
ALTER TABLE "ingest_failures" ADD COLUMN "resolved_by" uuid;--> statement-breakpoint
ALTER TABLE "ingest_runs" ADD COLUMN "kind" text DEFAULT 'ingest' NOT NULL;--> statement-breakpoint
ALTER TABLE "ingest_runs" ADD COLUMN "wanted" text;--> statement-breakpoint
ALTER TABLE "ingest_runs" ADD COLUMN "request" jsonb;--> statement-breakpoint
UPDATE "ingest_runs" SET "request" = jsonb_build_object('kind', 'files', 'paths', "inputs");--> statement-breakpoint
ALTER TABLE "ingest_runs" ALTER COLUMN "request" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "ingest_runs" ADD COLUMN "is_sample" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "ingest_runs" ADD COLUMN "dry_run" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "ingest_runs" ADD COLUMN "trigger" text DEFAULT 'command' NOT NULL;--> statement-breakpoint
ALTER TABLE "ingest_runs" ALTER COLUMN "trigger" DROP DEFAULT;--> statement-breakpoint
ALTER TABLE "ingest_runs" ADD COLUMN "requested_by" uuid;--> statement-breakpoint
ALTER TABLE "ingest_runs" ADD COLUMN "schedule_id" uuid;--> statement-breakpoint
ALTER TABLE "ingest_runs" ADD COLUMN "retry_of" uuid;--> statement-breakpoint
ALTER TABLE "ingest_runs" ADD COLUMN "worker" text;--> statement-breakpoint
ALTER TABLE "ingest_runs" ADD COLUMN "heartbeat_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "ingest_runs" ADD COLUMN "attempts" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "ingest_runs" ADD COLUMN "position" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "ingest_runs" ADD COLUMN "reused" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "ingest_runs" ADD COLUMN "marked" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "ingest_runs" ADD COLUMN "created_at" timestamp with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
ALTER TABLE "document_bands" ADD CONSTRAINT "document_bands_collection_id_collections_id_fk" FOREIGN KEY ("collection_id") REFERENCES "public"."collections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "document_bands" ADD CONSTRAINT "document_bands_document_id_documents_id_fk" FOREIGN KEY ("document_id") REFERENCES "public"."documents"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "document_signatures" ADD CONSTRAINT "document_signatures_document_id_documents_id_fk" FOREIGN KEY ("document_id") REFERENCES "public"."documents"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "embedding_spaces" ADD CONSTRAINT "embedding_spaces_collection_id_collections_id_fk" FOREIGN KEY ("collection_id") REFERENCES "public"."collections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ingest_checkpoints" ADD CONSTRAINT "ingest_checkpoints_run_id_ingest_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."ingest_runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ingest_progress" ADD CONSTRAINT "ingest_progress_run_id_ingest_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."ingest_runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ingest_schedules" ADD CONSTRAINT "ingest_schedules_collection_id_collections_id_fk" FOREIGN KEY ("collection_id") REFERENCES "public"."collections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ingest_schedules" ADD CONSTRAINT "ingest_schedules_created_by_users_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "source_cursors" ADD CONSTRAINT "source_cursors_collection_id_collections_id_fk" FOREIGN KEY ("collection_id") REFERENCES "public"."collections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "document_bands_document" ON "document_bands" USING btree ("document_id");--> statement-breakpoint
CREATE UNIQUE INDEX "embedding_spaces_active" ON "embedding_spaces" USING btree ("collection_id") WHERE state = 'active';--> statement-breakpoint
CREATE UNIQUE INDEX "embedding_spaces_filling" ON "embedding_spaces" USING btree ("collection_id") WHERE state = 'filling';--> statement-breakpoint
CREATE INDEX "ingest_schedules_collection" ON "ingest_schedules" USING btree ("collection_id");--> statement-breakpoint
ALTER TABLE "ingest_failures" ADD CONSTRAINT "ingest_failures_resolved_by_ingest_runs_id_fk" FOREIGN KEY ("resolved_by") REFERENCES "public"."ingest_runs"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ingest_runs" ADD CONSTRAINT "ingest_runs_requested_by_users_id_fk" FOREIGN KEY ("requested_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "chunks_content" ON "chunks" USING hash ("content_hash");--> statement-breakpoint
CREATE INDEX "documents_identifiers" ON "documents" USING gin ("identifiers") WITH (fastupdate=false);--> statement-breakpoint
CREATE INDEX "documents_cluster" ON "documents" USING btree ("cluster_id") WHERE cluster_id is not null;--> statement-breakpoint
CREATE INDEX "ingest_runs_open" ON "ingest_runs" USING btree ("status") WHERE status in ('queued', 'running', 'paused');--> statement-breakpoint
CREATE INDEX "ingest_runs_collection_time" ON "ingest_runs" USING btree ("collection_id","created_at");--> statement-breakpoint
-- Every collection's vectors move into the tables of a space of its own.
INSERT INTO "embedding_spaces" (collection_id, provider, model, dimensions, index_type, state, activated_at)
SELECT id, embedding_provider, embedding_model, embedding_dimensions, embedding_index_type, 'active', now() FROM "collections";
--> statement-breakpoint
DO $$ DECLARE space record; BEGIN
  FOR space IN SELECT * FROM "embedding_spaces" LOOP
    EXECUTE format('CREATE TABLE vectors_%1$s (chunk_id bigint CONSTRAINT vectors_%1$s_pkey PRIMARY KEY, embedding vector NOT NULL CONSTRAINT vectors_%1$s_dimensions CHECK (vector_dims(embedding) = %2$s))', space.id, space.dimensions);
    EXECUTE format('CREATE TABLE vectors_%1$s_tail (chunk_id bigint CONSTRAINT vectors_%1$s_tail_pkey PRIMARY KEY, embedding vector NOT NULL CONSTRAINT vectors_%1$s_tail_dimensions CHECK (vector_dims(embedding) = %2$s))', space.id, space.dimensions);
    EXECUTE format('INSERT INTO vectors_%s SELECT id, embedding FROM chunks_%s', space.id, space.collection_id);
    EXECUTE format('CREATE INDEX vectors_%1$s_embedding ON vectors_%1$s USING hnsw ((embedding::%2$s(%3$s)) %2$s_cosine_ops) WITH (m = 16, ef_construction = 100)', space.id, space.index_type, space.dimensions);
  END LOOP;
END $$;
--> statement-breakpoint
-- A vocabulary is not for reading in order: bytes compare faster than a language's letters.
ALTER TABLE "chunk_terms" ALTER COLUMN "lexeme" TYPE text COLLATE "C";--> statement-breakpoint
ALTER TABLE "term_statistics" ALTER COLUMN "lexeme" TYPE text COLLATE "C";--> statement-breakpoint
DO $$ DECLARE part record; BEGIN
  FOR part IN SELECT inhrelid::regclass AS name FROM pg_inherits WHERE inhparent = 'chunks'::regclass LOOP
    EXECUTE format('ALTER TABLE %s DROP CONSTRAINT IF EXISTS %I', part.name, part.name || '_dimensions');
  END LOOP;
END $$;
--> statement-breakpoint
ALTER TABLE "chunks" DROP COLUMN "embedding";--> statement-breakpoint
ALTER TABLE "collections" DROP COLUMN "embedding_provider";--> statement-breakpoint
ALTER TABLE "collections" DROP COLUMN "embedding_model";--> statement-breakpoint
ALTER TABLE "collections" DROP COLUMN "embedding_dimensions";--> statement-breakpoint
ALTER TABLE "collections" DROP COLUMN "embedding_index_type";--> statement-breakpoint
ALTER TABLE "ingest_runs" DROP COLUMN "inputs";