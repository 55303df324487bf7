import { Download } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { AuditFilter, readAuditQuery } from "#app/admin/audit/audit-filter.tsx";
import { AuditTable } from "#app/admin/audit/audit-table.tsx";
import { AdminPage, Empty, Problem } from "#app/admin/parts.tsx";
import { button, textLink } from "#app/components/styles.ts";
import { tellingDenials } from "#app/telling-denials.ts";
import { viewerOrSignIn } from "#app/viewer.ts";
import { listAudit, listAuditActions } from "#lib/audit/index.ts";
import { InvalidInputError } from "#lib/errors.ts";

export const metadata: Metadata = { title: "Audit log" };

interface Props {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

async function AuditPage({ searchParams }: Props) {
  const given = await searchParams;
  const query = readAuditQuery(given);
  const { deps, viewer } = await viewerOrSignIn("/admin/audit");
  const before = typeof given.before === "string" ? given.before : undefined;
  const actions = await listAuditActions(deps, viewer);
  const found = await listAudit(deps, viewer, query, { before }).catch((error: unknown) => {
    if (error instanceof InvalidInputError) return error.message;
    throw error;
  });
  const search = new URLSearchParams(query);
  return (
    <AdminPage
      title="Audit log"
      beside={
        <a href={`/api/admin/audit/export?${search}`} download className={button.secondary}>
          <Download className="size-4" aria-hidden="true" />
          Download as JSON lines
        </a>
      }
    >
      <p className="mt-2 max-w-[65ch] text-ink-soft">
        What was done and denied, by whom. Each row's hash covers the one before it: “npm run audit -- verify” names the
        first that was changed, removed or slipped in.
      </p>
      <AuditFilter query={query} actions={actions} />
      {typeof found === "string" ? (
        <Problem>{found}</Problem>
      ) : found.rows.length === 0 ? (
        <Empty>Nothing that fits this was recorded.</Empty>
      ) : (
        <AuditTable rows={found.rows} />
      )}
      {typeof found !== "string" && found.next !== null && (
        <p className="mt-4 text-sm">
          <Link
            href={`/admin/audit?${new URLSearchParams({ ...query, before: String(found.next) })}`}
            className={textLink}
          >
            Older
          </Link>
        </p>
      )}
    </AdminPage>
  );
}

export default tellingDenials("/admin/audit", AuditPage);
