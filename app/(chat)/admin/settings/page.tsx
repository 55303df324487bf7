import type { Metadata } from "next";
import { AdminPage } from "#app/admin/parts.tsx";
import { BudgetsSection } from "#app/admin/settings/budgets.tsx";
import { IdentifierPolicySection } from "#app/admin/settings/identifier-policy.tsx";
import { NameSection } from "#app/admin/settings/name-section.tsx";
import { SecondFactorSection } from "#app/admin/settings/second-factor-section.tsx";
import { SingleSignOnSection } from "#app/admin/settings/single-sign-on-section.tsx";
import { tellingDenials } from "#app/telling-denials.ts";
import { viewerOrSignIn } from "#app/viewer.ts";
import { listSingleSignOn } from "#lib/auth/sso/index.ts";
import { getIdentifierPolicy } from "#lib/identifiers/index.ts";
import { getTenantSettings } from "#lib/tenants/index.ts";
import { readBudgets } from "#lib/usage/index.ts";

export const metadata: Metadata = { title: "Settings" };

/** A section for each kind of setting; each has verbs of its own, which decide and record. */
async function SettingsPage() {
  const { deps, viewer } = await viewerOrSignIn("/admin/settings");
  const settings = await getTenantSettings(deps, viewer);
  const singleSignOn = await listSingleSignOn(deps, viewer);
  const policy = await getIdentifierPolicy(deps, viewer.tenantId);
  const budgets = await readBudgets(deps, viewer);
  return (
    <AdminPage title="Settings">
      <p className="mt-2 max-w-[65ch] text-ink-soft">
        How Probatum works for your organisation. Every change is in the audit log.
      </p>
      <NameSection initial={settings} />
      <SecondFactorSection initial={settings.requiresSecondFactor} />
      <SingleSignOnSection initial={{ ...singleSignOn, only: settings.singleSignOnOnly }} />
      <IdentifierPolicySection initial={policy} />
      <BudgetsSection initial={budgets} />
    </AdminPage>
  );
}

export default tellingDenials("/admin/settings", SettingsPage);
