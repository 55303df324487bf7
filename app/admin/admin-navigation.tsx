"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { may } from "#lib/auth/permissions.ts";
import { adminPageOf, adminPages } from "./pages.ts";

/** The tabs that a role may open. */
export function AdminNavigation({ role }: { role: string }) {
  const current = adminPageOf(usePathname());
  return (
    <nav aria-label="Administration" className="mb-7 overflow-x-auto border-line border-b">
      <ul className="flex gap-1 text-sm">
        {adminPages
          .filter(({ permission }) => may({ role }, permission))
          .map((page) => (
            <li key={page.href}>
              <Link
                ref={page === current ? show : undefined}
                href={page.href}
                aria-current={page === current ? "page" : undefined}
                className="-outline-offset-2 block whitespace-nowrap border-transparent border-b-2 px-3 py-2.5 font-medium text-ink-soft hover:text-ink aria-[current=page]:border-accent aria-[current=page]:text-accent-strong"
              >
                {page.label}
              </Link>
            </li>
          ))}
      </ul>
    </nav>
  );
}

/** Where not all tabs fit, the one that is open must not lie out of sight. */
function show(tab: HTMLAnchorElement | null): void {
  tab?.scrollIntoView({ block: "nearest", inline: "center" });
}
