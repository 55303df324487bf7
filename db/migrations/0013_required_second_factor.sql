-- A tenant may ask a second factor of all who do not come by its identity provider.
ALTER TABLE "tenants" ADD COLUMN "requires_second_factor" boolean DEFAULT false NOT NULL;
--> statement-breakpoint
GRANT UPDATE (requires_second_factor) ON tenants TO probatum_tenant;
--> statement-breakpoint
-- Whether a session was opened with one: a code, a backup code or a passkey; or one was enrolled in it.
ALTER TABLE "sessions" ADD COLUMN "second_factor" boolean DEFAULT false NOT NULL;
