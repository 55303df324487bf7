import { headers } from "next/headers";
import type { ReactNode } from "react";
import { Workspace } from "#app/workspace/workspace.tsx";
import { findSession, firstStepOf } from "#lib/auth/index.ts";
import { confinedDeps } from "#lib/confined-deps.ts";
import { listConversations } from "#lib/conversations/index.ts";
import { getDeps } from "#lib/deps.ts";
import { listOwnTenants } from "#lib/tenants/index.ts";

export default async function ChatLayout({ children }: { children: ReactNode }) {
  const deps = await getDeps();
  const session = await findSession(deps, await headers());
  // The page itself sends its reader to sign in, or to what they have to do first.
  if (!session || firstStepOf(deps.env, session)) return children;
  const { viewer } = session;
  const conversations = await listConversations(confinedDeps(deps, viewer), viewer, {});
  const tenants = (await listOwnTenants(deps, session)).map(({ id, name }) => ({
    id,
    name,
    isCurrent: id === viewer.tenantId,
  }));
  const reader = {
    name: viewer.name,
    email: viewer.email,
    role: viewer.role,
    tenants,
    passwordGenerated: session.passwordGenerated,
  };
  return (
    <Workspace reader={reader} conversations={conversations}>
      {children}
    </Workspace>
  );
}
