import type { Metadata } from "next";
import Link from "next/link";
import { ArchivedFacts } from "#app/admin/archive/archived-list.tsx";
import { ArchivedMessage } from "#app/admin/archive/archived-message.tsx";
import { ChangeOne } from "#app/admin/archive/change-one.tsx";
import { OpenForm } from "#app/admin/archive/open-form.tsx";
import { AdminPage, Back, Section } from "#app/admin/parts.tsx";
import { Moment } from "#app/admin/when.tsx";
import { textLink } from "#app/components/styles.ts";
import { found } from "#app/found.ts";
import { tellingDenials } from "#app/telling-denials.ts";
import { viewerOrSignIn } from "#app/viewer.ts";
import { ArchiveOffError, getArchivedSummary, ReasonNeededError, readArchived } from "#lib/archive/index.ts";
import { may } from "#lib/auth/permissions.ts";

export const metadata: Metadata = { title: "Archived conversation" };

interface Props {
  params: Promise<{ id: string }>;
  searchParams: Promise<{ before?: string }>;
}

async function ArchivedPage({ params, searchParams }: Props) {
  const { id } = await params;
  const { before } = await searchParams;
  const { deps, viewer } = await viewerOrSignIn(`/admin/archive/${encodeURIComponent(id)}`);
  const back = <Back href="/admin/archive">Archive</Back>;
  const summary = await found(getArchivedSummary(deps, viewer, id)).catch((error: unknown) => {
    if (error instanceof ArchiveOffError) return error.message;
    throw error;
  });
  if (typeof summary === "string") {
    return (
      <AdminPage above={back} title="Archive">
        <p className="mt-2 max-w-[65ch] text-ink-soft">{summary}</p>
      </AdminPage>
    );
  }
  const sequence = before && /^\d{1,15}$/.test(before) ? Number(before) : undefined;
  const read = await readArchived(deps, viewer, id, { before: sequence }).catch((error: unknown) => {
    if (error instanceof ReasonNeededError) return null;
    throw error;
  });
  return (
    <AdminPage above={back} title={summary.title}>
      <div className="mt-2">
        <ArchivedFacts conversation={summary} />
      </div>
      {read === null ? (
        <OpenForm conversationId={id} />
      ) : (
        <>
          <p className="mt-2 text-ink-soft text-sm">
            With {read.participants.map(({ name }) => name).join(", ")}. You read it as somebody who takes no part;
            until <Moment at={read.readableUntil} /> without another reason.
          </p>
          {read.hasEarlier && (
            <p className="mt-4 text-sm">
              <Link href={`/admin/archive/${id}?before=${read.shown[0]?.sequenceId}`} className={textLink}>
                Earlier messages
              </Link>
            </p>
          )}
          <ol aria-label="Messages" className="mt-5 grid max-w-[50rem] gap-6">
            {read.shown.map((message) => (
              <ArchivedMessage key={message.id} message={message} />
            ))}
          </ol>
        </>
      )}
      {may(viewer, "archive.manage") && (
        <Section id="change" title="Change">
          <ChangeOne conversationId={id} />
        </Section>
      )}
    </AdminPage>
  );
}

export default tellingDenials("/admin/archive/[id]", ArchivedPage);
