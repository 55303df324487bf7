-- The names a filter asks for, in the one form that documents are indexed by. Cut, because an index takes no long keys.
CREATE FUNCTION filter_facets(kind text, names text[]) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN array(SELECT kind || ':' || left(lower(btrim(name)), 120) FROM unnest(names) name);
--> statement-breakpoint
-- `en-GB` is `en` and `en-GB`.
CREATE FUNCTION language_prefixes(tag text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN array(SELECT array_to_string((string_to_array(replace(btrim(tag), '_', '-'), '-'))[1:upto], '-')
    FROM generate_series(1, cardinality(string_to_array(replace(btrim(tag), '_', '-'), '-'))) upto);
--> statement-breakpoint
DROP INDEX "documents_collection_date";--> statement-breakpoint
ALTER TABLE "documents" ADD COLUMN "published_until" date GENERATED ALWAYS AS (case length(published_on) when 4 then (published_date + interval '1 year - 1 day')::date
        when 7 then (published_date + interval '1 month - 1 day')::date else published_date end) STORED;--> statement-breakpoint
ALTER TABLE "documents" ADD COLUMN "facets" text[] GENERATED ALWAYS AS (filter_facets('language', language_prefixes(language)) || filter_facets('level', array[evidence_level])
        || filter_facets('type', publication_types) || filter_facets('population', populations)) STORED;--> statement-breakpoint
CREATE INDEX "documents_collection_dates" ON "documents" USING btree ("collection_id","published_date","published_until");--> statement-breakpoint
CREATE INDEX "documents_facets" ON "documents" USING gin ("facets") WITH (fastupdate=false);