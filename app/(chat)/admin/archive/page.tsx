import type { Metadata } from "next";
import { archiveHref, readArchiveQuery } from "#app/admin/archive/address.ts";
import { ArchiveFilter } from "#app/admin/archive/archive-filter.tsx";
import { ArchivedList } from "#app/admin/archive/archived-list.tsx";
import { FoundActions } from "#app/admin/archive/found-actions.tsx";
import { ModeForm } from "#app/admin/archive/mode-form.tsx";
import { AdminPage, Problem, Section } from "#app/admin/parts.tsx";
import { tellingDenials } from "#app/telling-denials.ts";
import { viewerOrSignIn } from "#app/viewer.ts";
import { archiveCollections, findConversations, getArchiveMode, listJobs } from "#lib/archive/index.ts";
import { may } from "#lib/auth/permissions.ts";
import { InvalidInputError } from "#lib/errors.ts";

export const metadata: Metadata = { title: "Archive" };

interface Props {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

async function ArchivePage({ searchParams }: Props) {
  const given = await searchParams;
  const query = readArchiveQuery(given);
  const before = typeof given.before === "string" ? given.before : undefined;
  const { deps, viewer } = await viewerOrSignIn(archiveHref(query));
  const mode = await getArchiveMode(deps, viewer);
  const maySet = may(viewer, "tenant.settings");
  if (mode === "off") {
    return (
      <AdminPage title="Archive">
        <p className="mt-2 max-w-[65ch] text-ink-soft">
          Your organisation has switched the archive off: nobody lists or reads other people's conversations.
        </p>
        {maySet && <ModeForm key={mode} mode={mode} />}
      </AdminPage>
    );
  }
  const collections = await archiveCollections(deps, viewer);
  const found = await findConversations(deps, viewer, query, { before }).catch((error: unknown) => {
    if (error instanceof InvalidInputError) return error.message;
    throw error;
  });
  const jobs = may(viewer, "archive.manage") ? await listJobs(deps, viewer) : null;
  return (
    <AdminPage title="Archive">
      <p className="mt-2 max-w-[65ch] text-ink-soft">
        Conversations of everybody in your organisation. Before one is read, a reason is asked for and recorded. Words
        are searched in titles and messages. Feedback on conversations that were moved to the object store is not found.
        {mode === "pseudonymised" && " People appear under pseudonyms, each always under the same one."}
      </p>
      <ArchiveFilter query={query} collections={collections} isPseudonymised={mode === "pseudonymised"} />
      {typeof found === "string" ? <Problem>{found}</Problem> : <ArchivedList page={found} query={query} />}
      {jobs && <FoundActions key={archiveHref(query)} query={query} initial={jobs} />}
      {maySet && (
        <Section id="mode" title="What the archive shows">
          <ModeForm key={mode} mode={mode} />
        </Section>
      )}
    </AdminPage>
  );
}

export default tellingDenials("/admin/archive", ArchivePage);
