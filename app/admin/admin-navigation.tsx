"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";

const pages = [
  {
    href: "/admin",
    label: "Collections",
    isCurrent: (path: string) => !/^\/admin\/(runs|answers|feedback)/.test(path),
  },
  { href: "/admin/runs", label: "Runs", isCurrent: (path: string) => path.startsWith("/admin/runs") },
  { href: "/admin/answers", label: "Answers to look at", isCurrent: (path: string) => path === "/admin/answers" },
];
const feedback = {
  href: "/admin/feedback",
  label: "Feedback",
  isCurrent: (path: string) => path.startsWith("/admin/feedback"),
};

/** @param isCurator keeps the collections; others who come here look through feedback alone */
export function AdminNavigation({ isCurator }: { isCurator: boolean }) {
  const pathname = usePathname();
  return (
    <nav aria-label="Administration" className="mb-7 overflow-x-auto border-line border-b">
      <ul className="flex gap-1 text-sm">
        {(isCurator ? [...pages, feedback] : [feedback]).map(({ href, label, isCurrent }) => (
          <li key={href}>
            <Link
              href={href}
              aria-current={isCurrent(pathname) ? "page" : undefined}
              className="-outline-offset-2 block whitespace-nowrap border-transparent border-b-2 px-3 py-2.5 font-medium text-ink-soft hover:text-ink aria-[current=page]:border-accent aria-[current=page]:text-accent-strong"
            >
              {label}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
