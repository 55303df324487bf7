"use client";

import { usePathname } from "next/navigation";
import type { ReactNode } from "react";
import { NotForYou } from "./not-for-you.tsx";

/** The pages of the collections' keepers; those who may only look through feedback get that, and the others' notice. */
export function ForCurators({ role, children }: { role: string; children: ReactNode }) {
  return usePathname().startsWith("/admin/feedback") ? children : <NotForYou role={role} />;
}
