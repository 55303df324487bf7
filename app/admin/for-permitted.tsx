"use client";

import { usePathname } from "next/navigation";
import type { ReactNode } from "react";
import { may } from "#lib/auth/permissions.ts";
import { NotForYou } from "./not-for-you.tsx";
import { adminPageOf } from "./pages.ts";

/** A page of the administration, or for whom it is. The page's own verbs refuse its data to others. */
export function ForPermitted({ role, children }: { role: string; children: ReactNode }) {
  const page = adminPageOf(usePathname());
  return page && may({ role }, page.permission) ? children : <NotForYou role={role} />;
}
