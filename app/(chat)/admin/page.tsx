import type { Metadata } from "next";
import { CollectionsTable } from "#app/admin/collections-table.tsx";
import { NewCollection } from "#app/admin/new-collection.tsx";
import { AdminPage } from "#app/admin/parts.tsx";
import { tellingDenials } from "#app/telling-denials.ts";
import { viewerOrSignIn } from "#app/viewer.ts";
import { listCollectionsForAdmin } from "#lib/ingest-runs/index.ts";

export const metadata: Metadata = { title: "Administration" };

async function AdminCollectionsPage() {
  const { deps, viewer } = await viewerOrSignIn("/admin");
  const collections = await listCollectionsForAdmin(deps, viewer);
  return (
    <AdminPage title="Collections">
      <p className="mt-2 mb-5 max-w-[65ch] text-ink-soft">
        What each collection holds, how fresh it is and how it is embedded. Open one to read more into it, to schedule
        that, or to change its embedding.
      </p>
      <CollectionsTable collections={collections} />
      <NewCollection />
    </AdminPage>
  );
}

export default tellingDenials("/admin", AdminCollectionsPage);
