-- What a tenant's requests may touch. They run under a role that owns nothing and cannot switch row-level security off,
-- with the tenant named in each transaction; without one they see no tenant's row. What is not granted here is out of
-- their reach: sign-in, the queue, partitions by their own names, and every table of a later migration until it says so.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'probatum_tenant') THEN
    BEGIN
      CREATE ROLE probatum_tenant NOLOGIN NOINHERIT;
    EXCEPTION
      WHEN duplicate_object OR unique_violation THEN NULL; -- another database of this server is migrated just now
      WHEN insufficient_privilege THEN
        RAISE EXCEPTION 'the role probatum_tenant is missing, and % may not create it', current_user
          USING HINT = format('As an administrator: CREATE ROLE probatum_tenant NOLOGIN; GRANT probatum_tenant TO %I WITH INHERIT FALSE, SET TRUE;', current_user);
    END;
  END IF;
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'probatum_tenant' AND (rolsuper OR rolbypassrls)) THEN
    RAISE EXCEPTION 'the role probatum_tenant bypasses row-level security'
      USING HINT = 'As an administrator: ALTER ROLE probatum_tenant NOSUPERUSER NOBYPASSRLS;';
  END IF;
  -- Roles belong to the whole server, whose other databases may be granting it at the same moment.
  FOR attempt IN 1..20 LOOP
    EXIT WHEN pg_has_role(current_user, 'probatum_tenant', 'SET');
    BEGIN
      EXECUTE format('GRANT probatum_tenant TO %I WITH INHERIT FALSE, SET TRUE', current_user);
    EXCEPTION WHEN internal_error OR unique_violation THEN
      PERFORM pg_sleep(0.05 * attempt);
    END;
  END LOOP;
  IF NOT pg_has_role(current_user, 'probatum_tenant', 'SET') THEN
    RAISE EXCEPTION '% may not act as probatum_tenant', current_user
      USING HINT = format('As an administrator: GRANT probatum_tenant TO %I WITH INHERIT FALSE, SET TRUE;', current_user);
  END IF;
END $$;
--> statement-breakpoint
-- The tenant that the transaction runs for; null when none is named.
CREATE FUNCTION current_tenant() RETURNS uuid LANGUAGE sql STABLE
  RETURN nullif(current_setting('probatum.tenant', true), '')::uuid;
--> statement-breakpoint
-- Puts a table behind row-level security: its owner, who migrates, signs in and works at night, sees all of it; the
-- tenants' role sees what the condition says.
CREATE FUNCTION confine_table(name regclass, condition text, granted text, forced boolean DEFAULT true) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', name);
  IF forced THEN EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', name); END IF;
  EXECUTE format('CREATE POLICY whole ON %s TO %I USING (true) WITH CHECK (true)', name,
    (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = name));
  EXECUTE format('CREATE POLICY tenant ON %s TO probatum_tenant USING (%s) WITH CHECK (%s)', name, condition, condition);
  EXECUTE format('GRANT %s ON %s TO probatum_tenant', granted, name);
END $$;
--> statement-breakpoint
-- Rows that hang on a conversation or a message carry its tenant.
ALTER TABLE "participants" ADD COLUMN "tenant_id" uuid;
--> statement-breakpoint
ALTER TABLE "conversation_links" ADD COLUMN "tenant_id" uuid;
--> statement-breakpoint
ALTER TABLE "moved_citations" ADD COLUMN "tenant_id" uuid;
--> statement-breakpoint
ALTER TABLE "message_citations" ADD COLUMN "tenant_id" uuid;
--> statement-breakpoint
ALTER TABLE "answer_receipts" ADD COLUMN "tenant_id" uuid;
--> statement-breakpoint
UPDATE "participants" r SET tenant_id = c.tenant_id FROM "conversations" c WHERE c.id = r.conversation_id;
--> statement-breakpoint
UPDATE "conversation_links" r SET tenant_id = c.tenant_id FROM "conversations" c WHERE c.id = r.conversation_id;
--> statement-breakpoint
UPDATE "moved_citations" r SET tenant_id = c.tenant_id FROM "conversations" c WHERE c.id = r.conversation_id;
--> statement-breakpoint
UPDATE "message_citations" r SET tenant_id = m.tenant_id FROM "messages" m WHERE m.id = r.message_id AND m.month = r.month;
--> statement-breakpoint
UPDATE "answer_receipts" r SET tenant_id = m.tenant_id FROM "messages" m WHERE m.id = r.message_id AND m.month = r.month;
--> statement-breakpoint
ALTER TABLE "participants" ALTER COLUMN "tenant_id" SET NOT NULL;
--> statement-breakpoint
ALTER TABLE "conversation_links" ALTER COLUMN "tenant_id" SET NOT NULL;
--> statement-breakpoint
ALTER TABLE "moved_citations" ALTER COLUMN "tenant_id" SET NOT NULL;
--> statement-breakpoint
ALTER TABLE "message_citations" ALTER COLUMN "tenant_id" SET NOT NULL;
--> statement-breakpoint
ALTER TABLE "answer_receipts" ALTER COLUMN "tenant_id" SET NOT NULL;
--> statement-breakpoint
-- Whatever a statement says, such a row is of its parent's tenant; a parent that the writer may not see has none.
CREATE FUNCTION tenant_of_conversation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  SELECT tenant_id INTO NEW.tenant_id FROM conversations WHERE id = NEW.conversation_id;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE FUNCTION tenant_of_message() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  SELECT tenant_id INTO NEW.tenant_id FROM messages WHERE month = NEW.month AND id = NEW.message_id;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER participants_tenant BEFORE INSERT OR UPDATE OF conversation_id, tenant_id ON participants
  FOR EACH ROW EXECUTE FUNCTION tenant_of_conversation();
--> statement-breakpoint
CREATE TRIGGER conversation_links_tenant BEFORE INSERT OR UPDATE OF conversation_id, tenant_id ON conversation_links
  FOR EACH ROW EXECUTE FUNCTION tenant_of_conversation();
--> statement-breakpoint
CREATE TRIGGER moved_citations_tenant BEFORE INSERT OR UPDATE OF conversation_id, tenant_id ON moved_citations
  FOR EACH ROW EXECUTE FUNCTION tenant_of_conversation();
--> statement-breakpoint
CREATE TRIGGER message_citations_tenant BEFORE INSERT OR UPDATE OF message_id, month, tenant_id ON message_citations
  FOR EACH ROW EXECUTE FUNCTION tenant_of_message();
--> statement-breakpoint
CREATE TRIGGER answer_receipts_tenant BEFORE INSERT OR UPDATE OF message_id, month, tenant_id ON answer_receipts
  FOR EACH ROW EXECUTE FUNCTION tenant_of_message();
--> statement-breakpoint
GRANT USAGE ON SCHEMA public TO probatum_tenant;
--> statement-breakpoint
-- Every table whose rows are a tenant's.
DO $$
DECLARE
  name regclass;
BEGIN
  FOR name IN
    SELECT c.oid::regclass FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
      AND c.relname NOT IN ('collections', 'audit_log', 'audit_heads') ORDER BY c.relname
  LOOP
    PERFORM confine_table(name, 'tenant_id = (SELECT current_tenant())', 'SELECT, INSERT, UPDATE, DELETE');
  END LOOP;
END $$;
--> statement-breakpoint
SELECT confine_table('tenants', 'id = (SELECT current_tenant())', 'SELECT');
--> statement-breakpoint
-- Its settings, and nothing that the operator decides (its slug, whether it keeps the shared collections).
GRANT UPDATE (name, single_sign_on_only, phi_policy, archive_mode) ON tenants TO probatum_tenant;
--> statement-breakpoint
-- People are the installation's, not a tenant's: whom a statement names is decided by its joins with the tenant's rows. A
-- condition here would keep those joins from the index, since what they compare by is not leakproof.
SELECT confine_table('users', 'true', 'SELECT');
--> statement-breakpoint
-- The audit log is read and added to; no role of a request changes it, and its chain is kept by its owner.
SELECT confine_table('audit_log', 'tenant_id = (SELECT current_tenant())', 'SELECT, INSERT');
--> statement-breakpoint
ALTER FUNCTION audit_log_chain() SECURITY DEFINER SET search_path = public, pg_temp;
--> statement-breakpoint
ALTER FUNCTION ensure_message_month(date) SECURITY DEFINER SET search_path = public, pg_temp;
--> statement-breakpoint
-- Keeps documents from being deleted until the transaction ends; locking them takes a right that a request has not.
CREATE FUNCTION hold_documents(ids bigint[]) RETURNS SETOF bigint LANGUAGE sql SECURITY DEFINER
  SET search_path = public, pg_temp
  AS 'SELECT id FROM documents WHERE id = ANY (ids) ORDER BY id FOR KEY SHARE';
--> statement-breakpoint
-- How one signs in is nobody's to read in a request.
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['sessions', 'accounts', 'verifications', 'two_factors', 'passkeys', 'audit_heads'] LOOP
    PERFORM confine_table(name::regclass, 'false', 'SELECT');
    EXECUTE format('REVOKE ALL ON %I FROM probatum_tenant', name);
  END LOOP;
END $$;
--> statement-breakpoint
-- What may be searched: the shared collections and the tenant's own. COPY, by which their owner writes them, does not
-- work on a table whose row-level security is forced.
SELECT confine_table('collections', 'tenant_id IS NULL OR tenant_id = (SELECT current_tenant())', 'SELECT', false);
--> statement-breakpoint
DO $$
DECLARE
  seen constant text := 'collection_id = ANY ((SELECT array(SELECT id FROM collections))::int[])';
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['documents', 'chunks', 'chunk_terms', 'term_statistics', 'document_names', 'document_bands',
    'embedding_spaces', 'source_cursors'] LOOP
    PERFORM confine_table(name::regclass, seen, 'SELECT', false);
  END LOOP;
  FOREACH name IN ARRAY ARRAY['ingest_runs', 'ingest_schedules'] LOOP
    PERFORM confine_table(name::regclass, seen, 'SELECT, INSERT, UPDATE, DELETE', false);
  END LOOP;
  FOREACH name IN ARRAY ARRAY['document_links', 'document_signatures'] LOOP
    -- They are read beside their documents, which are confined; a condition would read all of those for every statement.
    PERFORM confine_table(name::regclass, 'true', 'SELECT', false);
  END LOOP;
  FOREACH name IN ARRAY ARRAY['ingest_checkpoints', 'ingest_failures', 'ingest_progress'] LOOP
    PERFORM confine_table(name::regclass, format('EXISTS (SELECT FROM ingest_runs r WHERE r.id = %I.run_id)', name), 'SELECT', false);
  END LOOP;
END $$;
--> statement-breakpoint
-- A collection's own tables (its partitions, its spaces' vectors) are opened to all tenants, or to the one it belongs to.
CREATE FUNCTION open_collection_table(name regclass, collection int) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  tenant uuid := (SELECT tenant_id FROM collections WHERE id = collection);
BEGIN
  IF tenant IS NULL THEN
    EXECUTE format('GRANT SELECT ON %s TO probatum_tenant', name);
  ELSE
    PERFORM confine_table(name, format('(SELECT current_tenant()) = %L::uuid', tenant), 'SELECT', false);
  END IF;
END $$;
--> statement-breakpoint
DO $$
DECLARE
  one record;
BEGIN
  FOR one IN SELECT id FROM collections LOOP
    PERFORM open_collection_table(format('chunks_%s', one.id)::regclass, one.id);
    PERFORM open_collection_table(format('chunk_terms_%s', one.id)::regclass, one.id);
  END LOOP;
  FOR one IN SELECT id, collection_id FROM embedding_spaces LOOP
    IF to_regclass(format('vectors_%s', one.id)) IS NOT NULL THEN
      PERFORM open_collection_table(format('vectors_%s', one.id)::regclass, one.collection_id);
      PERFORM open_collection_table(format('vectors_%s_tail', one.id)::regclass, one.collection_id);
    END IF;
  END LOOP;
END $$;
--> statement-breakpoint
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO probatum_tenant;
