-- What stood where a message's text now has placeholders: [{ placeholder, text, type }]. Null: nothing was replaced.
ALTER TABLE "messages" ADD COLUMN "identifiers" jsonb;
--> statement-breakpoint
CREATE INDEX "messages_identifiers" ON "messages" USING btree ("conversation_id") WHERE identifiers is not null;
--> statement-breakpoint
ALTER TABLE "tenants" ADD COLUMN "phi_policy" text DEFAULT 'redact' NOT NULL;
--> statement-breakpoint
ALTER TABLE "tenants" ADD CONSTRAINT "tenants_phi_policy" CHECK (phi_policy in ('warn', 'redact', 'refuse'));
