import type { Permission } from "#lib/auth/permissions.ts";

/** The pages of the administration in the order of their tabs, each with who may open it; its verbs refuse others too. */
export const adminPages: readonly { href: string; label: string; permission: Permission }[] = [
  { href: "/admin", label: "Collections", permission: "collections.curate" },
  { href: "/admin/runs", label: "Runs", permission: "collections.curate" },
  { href: "/admin/answers", label: "Answers to look at", permission: "collections.curate" },
  { href: "/admin/feedback", label: "Feedback", permission: "feedback.review" },
  { href: "/admin/archive", label: "Archive", permission: "archive.read" },
  { href: "/admin/usage", label: "Usage", permission: "usage.read" },
  { href: "/admin/audit", label: "Audit log", permission: "audit.read" },
  { href: "/admin/people", label: "People", permission: "people.manage" },
  { href: "/admin/settings", label: "Settings", permission: "tenant.settings" },
];

/** The page that an address under `/admin` belongs to: what is no other tab's (`/admin/collections/…`) is the first's. */
export function adminPageOf(path: string) {
  return adminPages.slice(1).find(({ href }) => path === href || path.startsWith(`${href}/`)) ?? adminPages[0];
}
