-- The operator's right: which tenant may change the collections that all tenants share. The first one has it, as before.
ALTER TABLE "tenants" ADD COLUMN "keeps_shared" boolean DEFAULT false NOT NULL;
--> statement-breakpoint
UPDATE "tenants" SET "keeps_shared" = true WHERE "id" = (SELECT "id" FROM "tenants" ORDER BY "created_at", "id" LIMIT 1);
--> statement-breakpoint
-- Its members sign in by its own identity provider alone; owners keep their password for the day that one fails.
ALTER TABLE "tenants" ADD COLUMN "single_sign_on_only" boolean DEFAULT false NOT NULL;
--> statement-breakpoint
-- Disabled in one tenant: what another tenant makes of the same person is its own affair.
ALTER TABLE "members" ADD COLUMN "disabled_at" timestamp with time zone;
--> statement-breakpoint
-- When the person last chose to work in this tenant: of several, the one chosen last is theirs.
ALTER TABLE "members" ADD COLUMN "chosen_at" timestamp with time zone;
--> statement-breakpoint
CREATE TABLE "invitations" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"tenant_id" uuid NOT NULL REFERENCES "tenants"("id") ON DELETE CASCADE,
	"email" text NOT NULL CHECK ("email" = lower("email")),
	"role" text NOT NULL,
	"token_hash" "bytea" NOT NULL UNIQUE,
	"invited_by" uuid REFERENCES "users"("id") ON DELETE SET NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"accepted_at" timestamp with time zone,
	"accepted_by" uuid REFERENCES "users"("id") ON DELETE SET NULL,
	"revoked_at" timestamp with time zone
);
--> statement-breakpoint
CREATE UNIQUE INDEX "invitations_open" ON "invitations" ("tenant_id", "email") WHERE "accepted_at" IS NULL AND "revoked_at" IS NULL;
--> statement-breakpoint
CREATE INDEX "invitations_tenant_time" ON "invitations" ("tenant_id", "created_at");
--> statement-breakpoint
-- Private collections of two tenants never bear one name: uploads and links are filed under it.
CREATE UNIQUE INDEX "collections_private_slug" ON "collections" ("slug") WHERE "tenant_id" IS NOT NULL;
--> statement-breakpoint
-- Identity providers of tenants. The configurations hold secrets and are sealed by the application.
CREATE TABLE "sso_providers" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"tenant_id" uuid NOT NULL REFERENCES "tenants"("id") ON DELETE CASCADE,
	"provider_id" text NOT NULL UNIQUE,
	"issuer" text NOT NULL,
	"domain" text NOT NULL,
	"domain_verified" boolean DEFAULT false NOT NULL,
	"oidc_config" text,
	"saml_config" text,
	"default_role" text DEFAULT 'clinician' NOT NULL,
	"user_id" uuid REFERENCES "users"("id") ON DELETE SET NULL,
	"organization_id" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE INDEX "sso_providers_tenant" ON "sso_providers" ("tenant_id");
--> statement-breakpoint
-- The name of a tenant's next provider: at providers of the kind SAML ours has to be written down before theirs is known.
-- Whoever is removed leaves a name that nobody bears again.
ALTER TABLE "tenants" ADD COLUMN "next_sso_provider" uuid DEFAULT gen_random_uuid() NOT NULL;
--> statement-breakpoint
-- E-mail domains of tenants. A verified one is one tenant's alone: its provider may vouch for people of that domain.
CREATE TABLE "tenant_domains" (
	"tenant_id" uuid NOT NULL REFERENCES "tenants"("id") ON DELETE CASCADE,
	"domain" text NOT NULL CHECK ("domain" = lower("domain")),
	"token" text NOT NULL,
	"verified_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "tenant_domains_pk" PRIMARY KEY ("tenant_id", "domain")
);
--> statement-breakpoint
CREATE UNIQUE INDEX "tenant_domains_verified" ON "tenant_domains" ("domain") WHERE "verified_at" IS NOT NULL;
--> statement-breakpoint
-- The provider that a session was opened by; null for a password or a passkey.
ALTER TABLE "sessions" ADD COLUMN "sso_provider_id" text;
--> statement-breakpoint
-- When each person last signed in is asked of the log itself.
CREATE INDEX "audit_log_sign_ins" ON "audit_log" ("tenant_id", "actor_id", "occurred_at") WHERE "action" = 'sign-in';
--> statement-breakpoint
-- Whoever loses a tenant, by whatever way, loses their sessions in the same transaction.
CREATE FUNCTION end_sessions_of_lost_members() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  DELETE FROM sessions WHERE user_id = old.user_id;
  RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE TRIGGER members_disabled AFTER UPDATE OF disabled_at ON members FOR EACH ROW
  WHEN (old.disabled_at IS NULL AND new.disabled_at IS NOT NULL) EXECUTE FUNCTION end_sessions_of_lost_members();
--> statement-breakpoint
CREATE TRIGGER members_removed AFTER DELETE ON members FOR EACH ROW EXECUTE FUNCTION end_sessions_of_lost_members();
--> statement-breakpoint
-- All that a tenant learns of how its people sign in.
CREATE FUNCTION has_second_factor(person uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce((SELECT two_factor_enabled FROM users WHERE id = person), false)
    OR EXISTS (SELECT 1 FROM passkeys WHERE user_id = person)
$$;
--> statement-breakpoint
-- Every tenant has an owner: where there is none, who has administered it longest.
UPDATE "members" m SET "role" = 'owner' FROM (
  SELECT DISTINCT ON (tenant_id) tenant_id, user_id FROM "members" one
  WHERE role = 'administrator' AND NOT EXISTS (SELECT FROM "members" o WHERE o.tenant_id = one.tenant_id AND o.role = 'owner')
  ORDER BY tenant_id, created_at, user_id) first
WHERE m.tenant_id = first.tenant_id AND m.user_id = first.user_id;
