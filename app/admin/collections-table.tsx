import Link from "next/link";
import { Badge } from "#app/components/badges.tsx";
import { textLink } from "#app/components/styles.ts";
import { formatCount, formatDate, sourceTypeLabels } from "#app/conversation/labels.ts";
import type { AdminCollectionView } from "#lib/ingest-runs/index.ts";
import { formatBytes, formatShare, percentFilled } from "./figures.ts";
import { cell, headCell, numberCell, numberHead, WideTable } from "./parts.tsx";
import { RunStatusBadge } from "./run-status.tsx";
import { When } from "./when.tsx";

export function CollectionsTable({ collections }: { collections: AdminCollectionView[] }) {
  return (
    <WideTable label="Collections">
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
  const { slug, title, documents, samples, chunks, through, lastCompleteRun, embedding, openRun } = collection;
  return (
    <tr>
      <td className={`${cell} min-w-48`}>
        <Link href={`/admin/collections/${encodeURIComponent(slug)}`} className={`${textLink} font-medium`}>
          {title}
        </Link>
        <span className="block text-ink-faint text-xs">{sourceTypeLabels[collection.sourceType]}</span>
        {openRun && (
          <Link
            href={`/admin/runs/${openRun.id}`}
            className="mt-1 inline-block rounded"
            aria-label={`The run that is open on ${title}`}
          >
            <RunStatusBadge run={openRun} />
          </Link>
        )}
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
        {lastCompleteRun ? (
          <Link href={`/admin/runs/${lastCompleteRun.id}`} className={textLink}>
            <When at={lastCompleteRun.finishedAt} />
          </Link>
        ) : (
          "None yet"
        )}
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
