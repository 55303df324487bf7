import type { Metadata } from "next";
import Link from "next/link";
import { cache } from "react";
import { formatBytes } from "#app/admin/figures.ts";
import { NewSchedule } from "#app/admin/new-schedule.tsx";
import { AdminPage, Back, Fact, Facts, Section } from "#app/admin/parts.tsx";
import { Reembed } from "#app/admin/reembed.tsx";
import { RunStatusBadge } from "#app/admin/run-status.tsx";
import { runsHref } from "#app/admin/runs-address.ts";
import { Schedules } from "#app/admin/schedules.tsx";
import { Spaces } from "#app/admin/spaces.tsx";
import { StartRun } from "#app/admin/start-run.tsx";
import { When } from "#app/admin/when.tsx";
import { PrivateBadge } from "#app/components/badges.tsx";
import { button, textLink } from "#app/components/styles.ts";
import { formatCount, formatDate, sourceTypeLabels } from "#app/conversation/labels.ts";
import { found } from "#app/found.ts";
import { tellingDenials } from "#app/telling-denials.ts";
import { viewerOrSignIn } from "#app/viewer.ts";
import { getCollectionForAdmin } from "#lib/ingest-runs/index.ts";

interface Props {
  params: Promise<{ slug: string }>;
}

const read = cache(async (slug: string) => {
  const { deps, viewer } = await viewerOrSignIn(`/admin/collections/${encodeURIComponent(slug)}`);
  return found(getCollectionForAdmin(deps, viewer, slug));
});

export const metadata: Metadata = { title: "Collection" };

async function AdminCollectionPage({ params }: Props) {
  const collection = await read(decodeURIComponent((await params).slug));
  const { slug, title, sourceType, documents, samples, chunks, lastCompleteRun, openRun, isPrivate, mayChange } =
    collection;
  const address = `/admin/collections/${encodeURIComponent(slug)}`;
  const { provider, model, dimensions } = collection.embedding;
  return (
    <AdminPage
      title={title}
      above={<Back href="/admin">All collections</Back>}
      beside={
        mayChange &&
        sourceType === "guideline" && (
          <Link href={`${address}/upload`} className={button.primary}>
            Upload PDFs
          </Link>
        )
      }
    >
      <p className="mt-1 text-ink-soft text-sm">
        {isPrivate && <PrivateBadge />} {sourceTypeLabels[sourceType]} · <code>{slug}</code>
        {mayChange && (
          <>
            {" · "}
            <Link href={runsHref({ collection: slug, status: null, offset: 0 })} className={textLink}>
              Its runs
            </Link>
          </>
        )}
      </p>
      {openRun && (
        <p className="mt-4 flex flex-wrap items-center gap-x-3 gap-y-1 rounded-md bg-panel px-3 py-2 text-sm">
          <RunStatusBadge run={openRun} />
          <Link href={`/admin/runs/${openRun.id}`} className={`${textLink} min-w-0 break-all`}>
            {openRun.requestText}
          </Link>
        </p>
      )}
      <Facts>
        <Fact name="Documents">{formatCount(documents)}</Fact>
        <Fact name="Passages">{formatCount(chunks)}</Fact>
        <Fact name="Samples">{formatCount(samples)}</Fact>
        <Fact name="Size on disk">{formatBytes(collection.bytes + collection.documentBytes)}</Fact>
        <Fact name="Newest document">{formatDate(collection.through) ?? "–"}</Fact>
        <Fact name="Last complete run">
          {lastCompleteRun ? (
            <Link href={`/admin/runs/${lastCompleteRun.id}`} className={textLink}>
              <When at={lastCompleteRun.finishedAt} />
            </Link>
          ) : (
            "None yet"
          )}
        </Fact>
        <Fact name="Embedding">
          {model}
          <span className="block font-normal text-ink-faint text-xs">
            {provider}, {dimensions} dimensions
          </span>
        </Fact>
      </Facts>
      {mayChange ? (
        <>
          <Section id="run" title="Read into it">
            <StartRun slug={slug} sourceType={sourceType} />
          </Section>
          <Section id="schedules" title="Schedules">
            <Schedules schedules={collection.schedules} />
            <NewSchedule slug={slug} sourceType={sourceType} />
          </Section>
          <Section id="spaces" title="Embedding spaces">
            <Spaces slug={slug} spaces={collection.spaces} />
            {collection.exists && <Reembed slug={slug} embedding={collection.embedding} passages={chunks} />}
          </Section>
        </>
      ) : (
        <p className="mt-6 rounded-md bg-panel px-3 py-2 text-ink-soft text-sm">
          This collection is shared by all organisations of this installation, and its operator keeps it.
        </p>
      )}
    </AdminPage>
  );
}

export default tellingDenials("/admin/collections/[slug]", AdminCollectionPage);
