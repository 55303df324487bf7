import { headers } from "next/headers";
import type { ReactNode } from "react";
import { AdminNavigation } from "#app/admin/admin-navigation.tsx";
import { ForCurators } from "#app/admin/for-curators.tsx";
import { NotForYou } from "#app/admin/not-for-you.tsx";
import { findViewer } from "#lib/auth/index.ts";
import { getDeps } from "#lib/deps.ts";
import { mayReviewFeedback } from "#lib/feedback/index.ts";
import { mayCurate } from "#lib/ingest-runs/index.ts";

/** Says kindly whom these pages are for. What keeps others out are the verbs that every page and route calls. */
export default async function AdminLayout({ children }: { children: ReactNode }) {
  const viewer = await findViewer(await getDeps(), await headers());
  // The page itself sends its reader to sign in, since only it knows where to come back to.
  if (!viewer) return children;
  if (!mayReviewFeedback(viewer)) return <NotForYou role={viewer.role} />;
  const isCurator = mayCurate(viewer);
  return (
    <div className="mx-auto w-full max-w-[72rem] px-4 pt-3 pb-16 sm:px-8">
      <AdminNavigation isCurator={isCurator} />
      {isCurator ? children : <ForCurators role={viewer.role}>{children}</ForCurators>}
    </div>
  );
}
