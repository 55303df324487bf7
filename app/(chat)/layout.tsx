import { headers } from "next/headers";
import type { ReactNode } from "react";
import { Workspace } from "#app/workspace/workspace.tsx";
import { findViewer } from "#lib/auth/index.ts";
import { confinedDeps } from "#lib/confined-deps.ts";
import { listConversations } from "#lib/conversations/index.ts";
import { getDeps } from "#lib/deps.ts";

export default async function ChatLayout({ children }: { children: ReactNode }) {
  const deps = await getDeps();
  const viewer = await findViewer(deps, await headers());
  // The page itself sends its reader to sign in, since only it knows where to come back to.
  if (!viewer) return children;
  const conversations = await listConversations(confinedDeps(deps, viewer), viewer, {});
  const reader = { name: viewer.name, email: viewer.email, role: viewer.role };
  return (
    <Workspace reader={reader} conversations={conversations}>
      {children}
    </Workspace>
  );
}
