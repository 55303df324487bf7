import { sql } from "drizzle-orm";
import { bigint, boolean, index, integer, pgTable, text, timestamp, uuid } from "drizzle-orm/pg-core";
import { users } from "./accounts.ts";

const id = uuid("id").primaryKey().default(sql`gen_random_uuid()`);
const userId = uuid("user_id")
  .notNull()
  .references(() => users.id, { onDelete: "cascade" });

/** Authenticator applications (better-auth); the secret is encrypted with the application's, backup codes are hashed. */
export const twoFactors = pgTable("two_factors", {
  id,
  userId: userId.unique(),
  secret: text("secret").notNull(),
  backupCodes: text("backup_codes").notNull(),
  /** False until the first code was right: no sign-in asks for it before. */
  verified: boolean("verified").notNull().default(false),
  failedVerificationCount: integer("failed_verification_count").notNull().default(0),
  lockedUntil: timestamp("locked_until", { withTimezone: true }),
});

/** Public keys of devices that sign in (better-auth). */
export const passkeys = pgTable(
  "passkeys",
  {
    id,
    userId,
    name: text("name"),
    publicKey: text("public_key").notNull(),
    credentialID: text("credential_id").notNull().unique(),
    counter: bigint("counter", { mode: "number" }).notNull(),
    deviceType: text("device_type").notNull(),
    backedUp: boolean("backed_up").notNull(),
    transports: text("transports"),
    aaguid: text("aaguid"),
    createdAt: timestamp("created_at", { withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [index("passkeys_user").on(table.userId)],
);
