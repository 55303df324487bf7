import { headers } from "next/headers";
import type { ReactNode } from "react";
import { AdminNavigation } from "#app/admin/admin-navigation.tsx";
import { ForPermitted } from "#app/admin/for-permitted.tsx";
import { NotForYou } from "#app/admin/not-for-you.tsx";
import { adminPages } from "#app/admin/pages.ts";
import { findViewer } from "#lib/auth/index.ts";
import { may } from "#lib/auth/permissions.ts";
import { getDeps } from "#lib/deps.ts";

/** Says kindly whom these pages are for. What keeps others out are the verbs that every page and route calls. */
export default async function AdminLayout({ children }: { children: ReactNode }) {
  const viewer = await findViewer(await getDeps(), await headers());
  // The page itself sends its reader to sign in, since only it knows where to come back to.
  if (!viewer) return children;
  if (!adminPages.some(({ permission }) => may(viewer, permission))) return <NotForYou role={viewer.role} />;
  return (
    <div className="mx-auto w-full max-w-[72rem] px-4 pt-3 pb-16 sm:px-8">
      <AdminNavigation role={viewer.role} />
      <ForPermitted role={viewer.role}>{children}</ForPermitted>
    </div>
  );
}
