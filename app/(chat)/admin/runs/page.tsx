import type { Metadata } from "next";
import { runStatusNames } from "#app/admin/labels.ts";
import { AdminPage, Empty, Pager } from "#app/admin/parts.tsx";
import { readRunsQuery, runsHref } from "#app/admin/runs-address.ts";
import { RunsFilter } from "#app/admin/runs-filter.tsx";
import { RunsTable } from "#app/admin/runs-table.tsx";
import { tellingDenials } from "#app/telling-denials.ts";
import { viewerOrSignIn } from "#app/viewer.ts";
import { listCollections } from "#lib/collections/index.ts";
import { listRuns, type RunStatus } from "#lib/ingest-runs/index.ts";

export const metadata: Metadata = { title: "Runs" };

interface Props {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

const pageSize = 30;

async function RunsPage({ searchParams }: Props) {
  const query = readRunsQuery(await searchParams, runStatusNames);
  const { deps, viewer } = await viewerOrSignIn(runsHref(query));
  const { collection, status, offset } = query;
  const [{ runs, total, limit }, collections] = await Promise.all([
    listRuns(deps, viewer, {
      limit: pageSize,
      offset,
      ...(collection && { collection }),
      ...(status && { statuses: [status as RunStatus] }),
    }),
    listCollections(deps, viewer),
  ]);
  const titles = Object.fromEntries(collections.map(({ slug, title }) => [slug, title]));
  return (
    <AdminPage title="Runs">
      <RunsFilter collection={collection} status={status} titles={titles} />
      {runs.length === 0 ? (
        <Empty>{collection || status ? "No run fits this filter." : "Nothing has been read in yet."}</Empty>
      ) : (
        <RunsTable runs={runs} titles={titles} now={new Date()} />
      )}
      <Pager total={total} limit={limit} offset={offset} hrefOf={(next) => runsHref({ ...query, offset: next })} />
    </AdminPage>
  );
}

export default tellingDenials("/admin/runs", RunsPage);
