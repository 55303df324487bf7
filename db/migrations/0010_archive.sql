-- How a tenant's administrators may look into other people's conversations.
ALTER TABLE "tenants" ADD COLUMN "archive_mode" text DEFAULT 'normal' NOT NULL
  CONSTRAINT "tenants_archive_mode" CHECK ("archive_mode" IN ('normal', 'pseudonymised', 'off'));
--> statement-breakpoint
-- What pseudonyms are made with; in a table of its own, so that nobody reads it along with a tenant's name.
CREATE TABLE "archive_keys" (
	"tenant_id" uuid PRIMARY KEY NOT NULL REFERENCES "tenants"("id") ON DELETE cascade,
	"key" "bytea" NOT NULL
);
--> statement-breakpoint
-- Until when the archive keeps a conversation, whoever deletes it; infinity is a legal hold. Owners cannot change it.
ALTER TABLE "conversations" ADD COLUMN "held_until" timestamp with time zone;
--> statement-breakpoint
-- Set while an archivist has put it away for everybody, and while one has deleted it: its owner takes neither back.
ALTER TABLE "conversations" ADD COLUMN "archived_since" timestamp with time zone;
--> statement-breakpoint
ALTER TABLE "conversations" ADD COLUMN "deleted_by_archive" boolean DEFAULT false NOT NULL;
--> statement-breakpoint
CREATE INDEX "conversations_archive" ON "conversations" USING btree ("tenant_id","updated_at","id");
--> statement-breakpoint
-- In an order that nobody's asking changes: exports and changes of many go through it.
CREATE INDEX "conversations_tenant_id" ON "conversations" USING btree ("tenant_id","id");
--> statement-breakpoint
CREATE INDEX "conversations_title_words" ON "conversations" USING gin (to_tsvector('english', "title"));
--> statement-breakpoint
-- Conversations with an answer that failed or found no evidence.
CREATE INDEX "messages_unanswered" ON "messages" USING btree ("tenant_id","conversation_id")
  WHERE role = 'assistant' AND (status = 'failed' OR answer ->> 'status' IN ('gap', 'failed'));
--> statement-breakpoint
-- Why somebody reads another's conversation, and until when that holds.
CREATE TABLE "archive_openings" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"tenant_id" uuid NOT NULL REFERENCES "tenants"("id") ON DELETE cascade,
	"user_id" uuid NOT NULL REFERENCES "users"("id") ON DELETE cascade,
	"conversation_id" uuid NOT NULL REFERENCES "conversations"("id") ON DELETE cascade,
	"reason_kind" text NOT NULL,
	"reason" varchar(1000) NOT NULL,
	"opened_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE INDEX "archive_openings_place" ON "archive_openings" USING btree ("conversation_id","user_id","expires_at");
--> statement-breakpoint
-- Work on many conversations, done beside the asking: exports, changes, a person's own data. A row is the whole truth
-- of its job; whoever carries it out beats, and goes on from the cursor of one that fell silent.
CREATE TABLE "archive_jobs" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"tenant_id" uuid NOT NULL REFERENCES "tenants"("id") ON DELETE cascade,
	"user_id" uuid NOT NULL REFERENCES "users"("id") ON DELETE cascade,
	"kind" text NOT NULL CHECK ("kind" IN ('export', 'change', 'own-data')),
	"request" jsonb NOT NULL,
	"status" text DEFAULT 'queued' NOT NULL CHECK ("status" IN ('queued', 'running', 'complete', 'failed', 'cancelled')),
	"cancel_requested" boolean DEFAULT false NOT NULL,
	"cursor" jsonb,
	"counts" jsonb DEFAULT '{}' NOT NULL,
	"outcome" jsonb DEFAULT '[]' NOT NULL,
	"pieces" integer DEFAULT 0 NOT NULL,
	"bytes" bigint DEFAULT 0 NOT NULL,
	"error" text,
	"worker" text,
	"attempts" integer DEFAULT 0 NOT NULL,
	"heartbeat_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"finished_at" timestamp with time zone,
	"expires_at" timestamp with time zone,
	"removed_at" timestamp with time zone
);
--> statement-breakpoint
CREATE INDEX "archive_jobs_person" ON "archive_jobs" USING btree ("tenant_id","user_id","created_at");
--> statement-breakpoint
CREATE INDEX "archive_jobs_open" ON "archive_jobs" USING btree ("created_at") WHERE status IN ('queued', 'running');
--> statement-breakpoint
CREATE INDEX "archive_jobs_kept" ON "archive_jobs" USING btree ("expires_at") WHERE removed_at IS NULL AND expires_at IS NOT NULL;
--> statement-breakpoint
-- What was asked on one day, added up: no person, no word. `collection` is empty in the row of all, `model` where none wrote.
CREATE TABLE "usage_days" (
	"tenant_id" uuid NOT NULL REFERENCES "tenants"("id") ON DELETE cascade,
	"day" date NOT NULL,
	"collection" text NOT NULL,
	"model" text NOT NULL,
	"figures" jsonb NOT NULL,
	PRIMARY KEY ("tenant_id","day","collection","model")
);
--> statement-breakpoint
-- Days that are added up for all tenants.
CREATE TABLE "usage_days_done" ("day" date PRIMARY KEY NOT NULL, "done_at" timestamp with time zone DEFAULT now() NOT NULL);
--> statement-breakpoint
CREATE INDEX "audit_log_tenant_id" ON "audit_log" USING btree ("tenant_id","id");
--> statement-breakpoint
CREATE INDEX "audit_log_actor" ON "audit_log" USING btree ("tenant_id","actor_id","id");
--> statement-breakpoint
CREATE INDEX "audit_log_action" ON "audit_log" USING btree ("tenant_id","action" text_pattern_ops,"id");
--> statement-breakpoint
CREATE INDEX "audit_log_subject" ON "audit_log" USING btree ("tenant_id","subject_id","id");
--> statement-breakpoint
-- Where each tenant's chain ends ('' for the chain of no tenant), and where it begins once old rows were let go.
CREATE TABLE "audit_heads" (
	"chain" text PRIMARY KEY NOT NULL,
	"tenant_id" uuid,
	"last_id" bigint NOT NULL,
	"hash" "bytea" NOT NULL,
	"rows" bigint NOT NULL,
	"cut_id" bigint,
	"cut_hash" "bytea",
	"cut_rows" bigint DEFAULT 0 NOT NULL
);
--> statement-breakpoint
INSERT INTO "audit_heads" (chain, tenant_id, last_id, hash, rows)
  SELECT DISTINCT ON (tenant_id) coalesce(tenant_id::text, ''), tenant_id, id, hash,
    count(*) OVER (PARTITION BY tenant_id)
  FROM audit_log ORDER BY tenant_id, id DESC;
--> statement-breakpoint
-- Runs as the tables' owner: whoever may only add to the log must neither write its heads nor read others' rows.
CREATE OR REPLACE FUNCTION audit_log_chain() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  of_chain text := coalesce(NEW.tenant_id::text, '');
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('audit_log:' || of_chain, 0));
  -- Drawn under the lock: an id that the column's default drew before it may come after a later row's.
  NEW.id := nextval('audit_log_id_seq');
  SELECT h.hash INTO NEW.previous_hash FROM audit_heads h WHERE h.chain = of_chain;
  NEW.hash := sha256(convert_to(
    encode(coalesce(NEW.previous_hash, ''::bytea), 'hex') || '|' || NEW.id || '|' || of_chain
      || '|' || NEW.actor_id || '|' || NEW.action || '|' || NEW.subject_type || '|' || NEW.subject_id
      || '|' || NEW.details::text || '|' || extract(epoch FROM NEW.occurred_at)::text,
    'UTF8'));
  INSERT INTO audit_heads AS h (chain, tenant_id, last_id, hash, rows) VALUES (of_chain, NEW.tenant_id, NEW.id, NEW.hash, 1)
    ON CONFLICT (chain) DO UPDATE SET last_id = EXCLUDED.last_id, hash = EXCLUDED.hash, rows = h.rows + 1;
  RETURN NEW;
END $$;
--> statement-breakpoint
-- The one way in which rows leave: from a chain's beginning, a year old at least, by cut_audit_log, which says so.
CREATE OR REPLACE FUNCTION audit_log_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND TG_LEVEL = 'STATEMENT' AND current_setting('probatum.audit_cut', true) = 'on' THEN
    RETURN NULL;
  END IF;
  IF TG_OP = 'DELETE' AND TG_LEVEL = 'ROW' AND OLD.occurred_at < now() - interval '1 year' THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'the audit log is append-only: % refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
--> statement-breakpoint
CREATE TRIGGER audit_log_recent_stays BEFORE DELETE ON audit_log FOR EACH ROW EXECUTE FUNCTION audit_log_append_only();
--> statement-breakpoint
-- Lets go of what is older than so many years, in each chain from its beginning, and keeps the hash that what is left
-- follows on. Returns how many rows went.
CREATE FUNCTION cut_audit_log(years integer) RETURNS bigint LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  head record;
  cut record;
  gone bigint;
  total bigint := 0;
BEGIN
  IF years < 1 THEN RAISE EXCEPTION 'the audit log is kept for a year at least'; END IF;
  FOR head IN SELECT chain, tenant_id FROM audit_heads ORDER BY chain LOOP
    PERFORM pg_advisory_xact_lock(hashtextextended('audit_log:' || head.chain, 0));
    -- A row older than the limit that follows one that is not stays: a chain is cut, not holed. Its last row stays too.
    SELECT a.id, a.hash INTO cut FROM audit_log a
      WHERE a.tenant_id IS NOT DISTINCT FROM head.tenant_id
        AND a.id < coalesce((SELECT min(y.id) FROM audit_log y WHERE y.tenant_id IS NOT DISTINCT FROM head.tenant_id
          AND y.occurred_at >= now() - make_interval(years => years)),
          (SELECT max(l.id) FROM audit_log l WHERE l.tenant_id IS NOT DISTINCT FROM head.tenant_id))
      ORDER BY a.id DESC LIMIT 1;
    CONTINUE WHEN cut.id IS NULL;
    PERFORM set_config('probatum.audit_cut', 'on', true);
    DELETE FROM audit_log a WHERE a.tenant_id IS NOT DISTINCT FROM head.tenant_id AND a.id <= cut.id;
    GET DIAGNOSTICS gone = ROW_COUNT;
    PERFORM set_config('probatum.audit_cut', 'off', true);
    UPDATE audit_heads SET cut_id = cut.id, cut_hash = cut.hash, cut_rows = cut_rows + gone WHERE chain = head.chain;
    total := total + gone;
  END LOOP;
  RETURN total;
END $$;
