import { boolean, customType, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { openSeal } from "./seal.ts";

/** The providers' table as better-auth reads it: it sees the configurations opened, the database has them sealed. */
export function sealedProviders(secret: string) {
  const seal = openSeal(secret);
  const sealed = customType<{ data: string; driverData: string }>({
    dataType: () => "text",
    toDriver: (value) => seal.seal(value),
    fromDriver: (value) => seal.open(value),
  });
  return pgTable("sso_providers", {
    id: uuid("id").primaryKey(),
    providerId: text("provider_id").notNull(),
    issuer: text("issuer").notNull(),
    domain: text("domain").notNull(),
    domainVerified: boolean("domain_verified").notNull(),
    oidcConfig: sealed("oidc_config"),
    samlConfig: sealed("saml_config"),
    userId: uuid("user_id"),
    organizationId: text("organization_id"),
  });
}
