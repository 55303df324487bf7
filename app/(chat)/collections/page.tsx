import type { Metadata } from "next";
import { Badge, PrivateBadge } from "#app/components/badges.tsx";
import { counted, formatCount, formatDate, sourceTypeLabels } from "#app/conversation/labels.ts";
import { viewerOrSignIn } from "#app/viewer.ts";
import { listCollections } from "#lib/collections/index.ts";

export const metadata: Metadata = { title: "Collections" };

export default async function CollectionsPage() {
  const { deps, viewer } = await viewerOrSignIn("/collections");
  const collections = await listCollections(deps, viewer);
  return (
    <div className="mx-auto w-full max-w-[56rem] px-4 pt-8 pb-16 sm:px-8">
      <h1 className="font-semibold text-2xl tracking-tight">Collections</h1>
      <p className="mt-2 max-w-[65ch] text-ink-soft">
        What Probatum searches, and how far each collection reaches. An answer can be no newer than its sources: look at
        the newest date before relying on one.
      </p>
      <ul className="mt-6 divide-y divide-line border-line border-y">
        {collections.map((collection) => (
          <li key={collection.slug} className="grid gap-x-8 gap-y-3 py-5 md:grid-cols-[1fr_19rem]">
            <div>
              <h2 className="flex flex-wrap items-center gap-2 font-semibold">
                {collection.title}
                {collection.isPrivate && <PrivateBadge />}
                {collection.samples > 0 && (
                  <Badge tone="caution">
                    {collection.samples === collection.documents
                      ? "Samples only"
                      : `${counted(collection.samples, "sample")}`}
                  </Badge>
                )}
              </h2>
              <p className="mt-1 max-w-[60ch] text-ink-soft text-sm">{collection.description}</p>
              <p className="mt-1.5 text-ink-faint text-xs">
                {sourceTypeLabels[collection.sourceType]} · <code>{collection.slug}</code>
              </p>
            </div>
            <dl className="tabular grid h-fit grid-cols-3 gap-3 text-sm">
              <Fact name="Documents" value={formatCount(collection.documents)} />
              <Fact name="Passages" value={formatCount(collection.chunks)} />
              <Fact name="Newest" value={formatDate(collection.through) ?? "–"} />
            </dl>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt className="label-caps">{name}</dt>
      <dd className="mt-0.5 font-medium">{value}</dd>
    </div>
  );
}
