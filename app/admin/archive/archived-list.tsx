import Link from "next/link";
import { Badge } from "#app/components/badges.tsx";
import { textLink } from "#app/components/styles.ts";
import { counted } from "#app/conversation/labels.ts";
import type { ArchivedSummary, ArchivePage } from "#lib/archive/views.ts";
import { Empty } from "../parts.tsx";
import { When } from "../when.tsx";
import { type ArchiveQuery, archiveHref } from "./address.ts";

/** Titles, owners, dates and counts: no word of a message before a reason is given. */
export function ArchivedList({ page, query }: { page: ArchivePage; query: ArchiveQuery }) {
  if (page.conversations.length === 0) return <Empty>No conversation fits this.</Empty>;
  return (
    <>
      <ul aria-label="Conversations found" className="divide-y divide-line border-line border-y">
        {page.conversations.map((one) => (
          <li key={one.id} className="grid gap-1 py-3">
            <Link
              href={`/admin/archive/${one.id}`}
              prefetch={false}
              className="w-fit max-w-full break-words font-medium hover:underline"
            >
              {one.title}
            </Link>
            <ArchivedFacts conversation={one} />
          </li>
        ))}
      </ul>
      {page.next !== null && (
        <p className="mt-4 text-sm">
          <Link href={archiveHref(query, page.next)} className={textLink}>
            Older
          </Link>
        </p>
      )}
    </>
  );
}

export function ArchivedFacts({ conversation }: { conversation: ArchivedSummary }) {
  const { owner, messages, people, updatedAt, createdAt } = conversation;
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-ink-soft text-sm">
      <span title={owner.email ?? undefined}>{owner.name}</span>
      <span className="tabular">
        {counted(messages, "message")}, {people === 1 ? "1 person" : `${people} people`}
      </span>
      <span>
        last used <When at={updatedAt} />, begun <When at={createdAt} />
      </span>
      <ArchivedMarks conversation={conversation} />
    </div>
  );
}

function ArchivedMarks({ conversation }: { conversation: ArchivedSummary }) {
  const { archived, deletedAt, heldUntil, moved, retainUntil } = conversation;
  return (
    <>
      {deletedAt && <Badge tone="danger">Deleted</Badge>}
      {archived && <Badge>Archived</Badge>}
      {heldUntil && (
        <Badge tone="caution">{heldUntil === "infinity" ? "Legal hold" : `Held until ${heldUntil.slice(0, 10)}`}</Badge>
      )}
      {retainUntil && <Badge>Its owner keeps it until {retainUntil.slice(0, 10)}</Badge>}
      {moved && <Badge>Moved</Badge>}
    </>
  );
}
