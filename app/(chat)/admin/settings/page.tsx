import type { Metadata } from "next";
import { AdminPage } from "#app/admin/parts.tsx";
import { NameSection } from "#app/admin/settings/name-section.tsx";
import { viewerOrSignIn } from "#app/viewer.ts";
import { getTenantSettings } from "#lib/tenants/index.ts";

export const metadata: Metadata = { title: "Settings" };

/** A section for each kind of setting; each has verbs of its own, which decide and record. */
export default async function SettingsPage() {
  const { deps, viewer } = await viewerOrSignIn("/admin/settings");
  const settings = await getTenantSettings(deps, viewer);
  return (
    <AdminPage title="Settings">
      <p className="mt-2 max-w-[65ch] text-ink-soft">
        How Probatum works for your organisation. Every change is in the audit log.
      </p>
      <NameSection initial={settings} />
    </AdminPage>
  );
}
