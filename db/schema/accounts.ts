import { sql } from "drizzle-orm";
import { boolean, index, pgTable, primaryKey, text, timestamp, uniqueIndex, uuid } from "drizzle-orm/pg-core";

const createdAt = timestamp("created_at", { withTimezone: true }).notNull().defaultNow();
const updatedAt = timestamp("updated_at", { withTimezone: true }).notNull().defaultNow();
const id = uuid("id").primaryKey().default(sql`gen_random_uuid()`);

/** Organisations. Every conversation and every private collection belongs to one. */
export const tenants = pgTable("tenants", {
  id,
  slug: text("slug").notNull().unique(),
  name: text("name").notNull(),
  /** How administrators may look into other people's conversations. */
  archiveMode: text("archive_mode", { enum: ["normal", "pseudonymised", "off"] })
    .notNull()
    .default("normal"),
  /** What is done with patient identifiers in what its people write. */
  phiPolicy: text("phi_policy", { enum: ["warn", "redact", "refuse"] })
    .notNull()
    .default("redact"),
  createdAt,
});

/** People. The columns are better-auth's user model. */
export const users = pgTable("users", {
  id,
  name: text("name").notNull(),
  email: text("email").notNull().unique(),
  emailVerified: boolean("email_verified").notNull().default(false),
  image: text("image"),
  twoFactorEnabled: boolean("two_factor_enabled").notNull().default(false),
  /** True while they sign in with a password that Probatum made and printed. */
  passwordGenerated: boolean("password_generated").notNull().default(false),
  disabledAt: timestamp("disabled_at", { withTimezone: true }),
  createdAt,
  updatedAt,
});

export const memberRoles = ["owner", "administrator", "archivist", "curator", "clinician", "reader"] as const;

/** Who belongs to which tenant, in which role. */
export const members = pgTable(
  "members",
  {
    tenantId: uuid("tenant_id")
      .notNull()
      .references(() => tenants.id, { onDelete: "cascade" }),
    userId: uuid("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    role: text("role", { enum: memberRoles }).notNull(),
    /** Disabled in this tenant alone. */
    disabledAt: timestamp("disabled_at", { withTimezone: true }),
    /** Of several tenants, a person acts in the one they chose last. */
    chosenAt: timestamp("chosen_at", { withTimezone: true }),
    createdAt,
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.userId] }), index("members_user").on(table.userId)],
);

/** Signed-in browsers (better-auth). */
export const sessions = pgTable(
  "sessions",
  {
    id,
    userId: uuid("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    token: text("token").notNull().unique(),
    expiresAt: timestamp("expires_at", { withTimezone: true }).notNull(),
    ipAddress: text("ip_address"),
    userAgent: text("user_agent"),
    /** The identity provider that opened it; null for a password or a passkey. */
    ssoProviderId: text("sso_provider_id"),
    /** It was opened with a code, a backup code or a passkey, or one was enrolled in it. */
    secondFactor: boolean("second_factor").notNull().default(false),
    createdAt,
    updatedAt,
  },
  (table) => [index("sessions_user").on(table.userId)],
);

/** Ways to sign in (better-auth); `password` is a scrypt hash. */
export const accounts = pgTable(
  "accounts",
  {
    id,
    userId: uuid("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    accountId: text("account_id").notNull(),
    providerId: text("provider_id").notNull(),
    accessToken: text("access_token"),
    refreshToken: text("refresh_token"),
    idToken: text("id_token"),
    accessTokenExpiresAt: timestamp("access_token_expires_at", { withTimezone: true }),
    refreshTokenExpiresAt: timestamp("refresh_token_expires_at", { withTimezone: true }),
    scope: text("scope"),
    password: text("password"),
    createdAt,
    updatedAt,
  },
  (table) => [
    uniqueIndex("accounts_provider").on(table.providerId, table.accountId),
    index("accounts_user").on(table.userId),
  ],
);

/** One-time tokens (better-auth). */
export const verifications = pgTable(
  "verifications",
  {
    id,
    identifier: text("identifier").notNull(),
    value: text("value").notNull(),
    expiresAt: timestamp("expires_at", { withTimezone: true }).notNull(),
    createdAt,
    updatedAt,
  },
  (table) => [index("verifications_identifier").on(table.identifier)],
);
