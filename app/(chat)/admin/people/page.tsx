import type { Metadata } from "next";
import { AdminPage } from "#app/admin/parts.tsx";
import { People } from "#app/admin/people/people.tsx";
import { tellingDenials } from "#app/telling-denials.ts";
import { viewerOrSignIn } from "#app/viewer.ts";
import { listTenantPeople } from "#lib/people/index.ts";

export const metadata: Metadata = { title: "People" };

async function PeoplePage() {
  const { deps, viewer } = await viewerOrSignIn("/admin/people");
  const people = await listTenantPeople(deps, viewer);
  return (
    <AdminPage title="People">
      <p className="mt-2 mb-5 max-w-[65ch] text-ink-soft">
        Everybody of your organisation and what they may do. Whoever is disabled is out at their next request; what they
        wrote stays.
      </p>
      <People initial={people} viewer={{ id: viewer.userId, role: viewer.role }} />
    </AdminPage>
  );
}

export default tellingDenials("/admin/people", PeoplePage);
