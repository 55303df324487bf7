import { sql } from "drizzle-orm";
import { boolean, index, pgTable, primaryKey, text, timestamp, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { memberRoles, tenants, users } from "./accounts.ts";
import { bytea } from "./columns.ts";

const at = (name: string) => timestamp(name, { withTimezone: true });
const id = uuid("id").primaryKey().default(sql`gen_random_uuid()`);
const tenantId = uuid("tenant_id")
  .notNull()
  .references(() => tenants.id, { onDelete: "cascade" });
const person = (name: string) => uuid(name).references(() => users.id, { onDelete: "set null" });

/** Who was asked to join a tenant. The secret of the link is known to the invited alone: its SHA-256 is kept. */
export const invitations = pgTable(
  "invitations",
  {
    id,
    tenantId,
    /** In small letters. */
    email: text("email").notNull(),
    role: text("role", { enum: memberRoles }).notNull(),
    tokenHash: bytea("token_hash").notNull().unique(),
    invitedBy: person("invited_by"),
    createdAt: at("created_at").notNull().defaultNow(),
    expiresAt: at("expires_at").notNull(),
    acceptedAt: at("accepted_at"),
    acceptedBy: person("accepted_by"),
    revokedAt: at("revoked_at"),
  },
  (table) => [
    uniqueIndex("invitations_open")
      .on(table.tenantId, table.email)
      .where(sql`accepted_at is null and revoked_at is null`),
    index("invitations_tenant_time").on(table.tenantId, table.createdAt),
  ],
);

/** Identity providers of tenants (the columns are better-auth's); the configurations are sealed. */
export const ssoProviders = pgTable(
  "sso_providers",
  {
    id,
    tenantId,
    providerId: text("provider_id").notNull().unique(),
    issuer: text("issuer").notNull(),
    domain: text("domain").notNull(),
    domainVerified: boolean("domain_verified").notNull().default(false),
    oidcConfig: text("oidc_config"),
    samlConfig: text("saml_config"),
    /** What a person becomes who comes by it for the first time. */
    defaultRole: text("default_role", { enum: memberRoles }).notNull().default("clinician"),
    userId: person("user_id"),
    organizationId: text("organization_id"),
    createdAt: at("created_at").notNull().defaultNow(),
    updatedAt: at("updated_at").notNull().defaultNow(),
  },
  (table) => [index("sso_providers_tenant").on(table.tenantId)],
);

/** E-mail domains that tenants say are theirs; a verified one is one tenant's alone. */
export const tenantDomains = pgTable(
  "tenant_domains",
  {
    tenantId,
    domain: text("domain").notNull(),
    /** What a TXT record of the domain has to hold. */
    token: text("token").notNull(),
    verifiedAt: at("verified_at"),
    createdAt: at("created_at").notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ name: "tenant_domains_pk", columns: [table.tenantId, table.domain] }),
    uniqueIndex("tenant_domains_verified").on(table.domain).where(sql`verified_at is not null`),
  ],
);
