import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { AdminPage, Back } from "#app/admin/parts.tsx";
import { RunLive } from "#app/admin/run-live.tsx";
import { found } from "#app/found.ts";
import { tellingDenials } from "#app/telling-denials.ts";
import { viewerOrSignIn } from "#app/viewer.ts";
import { InvalidInputError } from "#lib/errors.ts";
import { getCollectionForAdmin, getRun, listFailures, listUploadedFiles } from "#lib/ingest-runs/index.ts";

export const metadata: Metadata = { title: "Run" };

async function RunPage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  const { deps, viewer } = await viewerOrSignIn(`/admin/runs/${encodeURIComponent(id)}`);
  const run = await found(getRun(deps, viewer, id)).catch((error) => {
    if (error instanceof InvalidInputError) notFound();
    throw error;
  });
  const [collection, failures, files] = await Promise.all([
    found(getCollectionForAdmin(deps, viewer, run.collection)),
    listFailures(deps, viewer, run.id, { limit: 20 }),
    listUploadedFiles(deps, viewer, run.id),
  ]);
  return (
    <AdminPage
      title={run.kind === "embed" ? `Re-embedding ${collection.title}` : `Run into ${collection.title}`}
      above={<Back href="/admin/runs">All runs</Back>}
    >
      <p className="mt-1 break-all text-ink-soft text-sm">{run.requestText}</p>
      <RunLive key={run.id} initial={run} failures={failures} files={files} />
    </AdminPage>
  );
}

export default tellingDenials("/admin/runs/[id]", RunPage);
