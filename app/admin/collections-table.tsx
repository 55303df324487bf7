import Link from "next/link";
import { Badge, PrivateBadge } from "#app/components/badges.tsx";
import { textLink } from "#app/components/styles.ts";
import { formatCount, formatDate, sourceTypeLabels } from "#app/conversation/labels.ts";
import type { AdminCollectionView } from "#lib/ingest-runs/index.ts";
import { formatBytes, formatShare, percentFilled } from "./figures.ts";
import { cell, Fact, Facts, headCell, numberCell, numberHead, WideTable } from "./parts.tsx";
import { RunStatusBadge } from "./run-status.tsx";
import { When } from "./when.tsx";

/** A table where there is room for one, and a list of cards where there is not. */
export function CollectionsTable({ collections }: { collections: AdminCollectionView[] }) {
  return (
    <>
      <ul aria-label="Collections" className="divide-y divide-line border-line border-y lg:hidden">
        {collections.map((collection) => (
          <CollectionCard key={collection.slug} collection={collection} />
        ))}
      </ul>
      <div className="hidden lg:block">
        <CollectionRows collections={collections} />
      </div>
    </>
  );
}

function CollectionCard({ collection }: { collection: AdminCollectionView }) {
  const { documents, chunks, samples, through, embedding } = collection;
  return (
    <li className="py-4">
      <CollectionName collection={collection} />
      <Facts>
        <Fact name="Documents">{formatCount(documents)}</Fact>
        <Fact name="Samples">{formatCount(samples)}</Fact>
        <Fact name="Passages">{formatCount(chunks)}</Fact>
        <Fact name="Size">{formatBytes(collection.bytes + collection.documentBytes)}</Fact>
        <Fact name="Newest document">{formatDate(through) ?? "–"}</Fact>
        <Fact name="Last complete run">
          <LastRun collection={collection} />
        </Fact>
        <Fact name="Embedding">
          {embedding.model}, {embedding.dimensions}
          <SpacesInShort collection={collection} />
        </Fact>
      </Facts>
    </li>
  );
}

function CollectionRows({ collections }: { collections: AdminCollectionView[] }) {
  return (
    <WideTable label="Table of collections">
      <thead className="border-line border-b">
        <tr>
          <th className={headCell}>Collection</th>
          <th className={numberHead}>Documents</th>
          <th className={numberHead}>Passages</th>
          <th className={numberHead}>Size</th>
          <th className={headCell}>Newest document</th>
          <th className={headCell}>Last complete run</th>
          <th className={headCell}>Embedding</th>
        </tr>
      </thead>
      <tbody className="divide-y divide-line">
        {collections.map((collection) => (
          <CollectionRow key={collection.slug} collection={collection} />
        ))}
      </tbody>
    </WideTable>
  );
}

function CollectionRow({ collection }: { collection: AdminCollectionView }) {
  const { documents, samples, chunks, through, embedding } = collection;
  return (
    <tr>
      <td className={`${cell} min-w-48`}>
        <CollectionName collection={collection} />
      </td>
      <td className={numberCell}>
        {formatCount(documents)}
        {samples > 0 && (
          <span className="block text-caution text-xs">
            {samples === documents ? "all samples" : `${formatCount(samples)} samples`}
          </span>
        )}
      </td>
      <td className={numberCell}>{formatCount(chunks)}</td>
      <td className={numberCell}>{formatBytes(collection.bytes + collection.documentBytes)}</td>
      <td className={`${cell} tabular whitespace-nowrap`}>{formatDate(through) ?? "–"}</td>
      <td className={cell}>
        <LastRun collection={collection} />
      </td>
      <td className={`${cell} min-w-44`}>
        {embedding.model}
        <span className="block text-ink-faint text-xs">
          {embedding.provider}, {embedding.dimensions} dimensions
        </span>
        <SpacesInShort collection={collection} />
      </td>
    </tr>
  );
}

function CollectionName({ collection }: { collection: AdminCollectionView }) {
  const { slug, title, sourceType, openRun, isPrivate, mayChange } = collection;
  return (
    <>
      <Link href={`/admin/collections/${encodeURIComponent(slug)}`} className={`${textLink} font-medium`}>
        {title}
      </Link>
      <span className="block text-ink-faint text-xs">
        {sourceTypeLabels[sourceType]}
        {!mayChange && ", kept by the operator"}
      </span>
      {isPrivate && <PrivateBadge />}
      {openRun && (
        <Link
          href={`/admin/runs/${openRun.id}`}
          className="mt-1 inline-block rounded"
          aria-label={`The run that is open on ${title}`}
        >
          <RunStatusBadge run={openRun} />
        </Link>
      )}
    </>
  );
}

function LastRun({ collection: { lastCompleteRun } }: { collection: AdminCollectionView }) {
  if (!lastCompleteRun) return "None yet";
  return (
    <Link href={`/admin/runs/${lastCompleteRun.id}`} className={textLink}>
      <When at={lastCompleteRun.finishedAt} />
    </Link>
  );
}

function SpacesInShort({ collection: { spaces } }: { collection: AdminCollectionView }) {
  const active = spaces.find(({ state }) => state === "active");
  const filling = spaces.filter(({ state }) => state === "filling");
  const retired = spaces.filter(({ state }) => state === "retired").length;
  return (
    <span className="mt-1 flex flex-wrap gap-1">
      {active?.recall != null && <Badge>Recall {formatShare(active.recall)}</Badge>}
      {filling.map((space) => (
        <Badge key={space.id} tone="caution">
          New space {percentFilled(space)} %
        </Badge>
      ))}
      {retired > 0 && <Badge>{retired} kept</Badge>}
    </span>
  );
}
