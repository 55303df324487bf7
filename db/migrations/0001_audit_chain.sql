-- The audit log is append-only and each row's hash covers the row before it in the same tenant, so that a row
-- changed, removed or slipped in later breaks the chain at its place.
CREATE FUNCTION audit_log_chain() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('audit_log:' || coalesce(NEW.tenant_id::text, ''), 0));
  -- Drawn under the lock: an id that the column's default drew before it may come after a later row's.
  NEW.id := nextval('audit_log_id_seq');
  SELECT hash INTO NEW.previous_hash FROM audit_log
    WHERE tenant_id IS NOT DISTINCT FROM NEW.tenant_id ORDER BY id DESC LIMIT 1;
  NEW.hash := sha256(convert_to(
    encode(coalesce(NEW.previous_hash, ''::bytea), 'hex') || '|' || NEW.id || '|' || coalesce(NEW.tenant_id::text, '')
      || '|' || NEW.actor_id || '|' || NEW.action || '|' || NEW.subject_type || '|' || NEW.subject_id
      || '|' || NEW.details::text || '|' || extract(epoch FROM NEW.occurred_at)::text,
    'UTF8'));
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER audit_log_chain BEFORE INSERT ON audit_log FOR EACH ROW EXECUTE FUNCTION audit_log_chain();
--> statement-breakpoint
CREATE FUNCTION audit_log_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit log is append-only: % refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
--> statement-breakpoint
CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log
  FOR EACH STATEMENT EXECUTE FUNCTION audit_log_append_only();
