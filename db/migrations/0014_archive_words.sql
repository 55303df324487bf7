-- The conversations of the tenant for whom the statement runs that hold a message with these words, here or moved. As
-- their owner it may use the index on words, which row-level security keeps from the tenants' role, since what the index
-- compares by is not leakproof; so the tenant's condition stands in it. Planned for the words each time.
CREATE FUNCTION conversations_saying(query tsquery) RETURNS SETOF uuid LANGUAGE plpgsql STABLE SECURITY DEFINER
  SET search_path = public, pg_temp ROWS 200
AS $$
BEGIN
  RETURN QUERY EXECUTE
    'SELECT conversation_id FROM messages WHERE tenant_id = $1 AND search @@ $2
     UNION ALL
     SELECT conversation_id FROM moved_messages WHERE tenant_id = $1 AND search @@ $2'
    USING current_tenant(), query;
END $$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION conversations_saying(tsquery) FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION conversations_saying(tsquery) TO probatum_tenant;
