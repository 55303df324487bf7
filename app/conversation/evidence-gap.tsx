import { SearchX } from "lucide-react";
import Link from "next/link";
import { StatusBadges } from "#app/components/badges.tsx";
import type { EvidenceGap } from "#lib/domain.ts";
import type { MarkerOrigin } from "./citation-marker.tsx";
import { counted, formatDate } from "./labels.ts";
import { sourceHref } from "./sources.ts";

/** Said instead of an answer: what was searched, through which date, and what came nearest. */
export function EvidenceGapCard({ gap, from }: { gap: EvidenceGap; from: MarkerOrigin }) {
  return (
    <section
      aria-labelledby={`gap-${from.messageId}`}
      className="grid gap-4 rounded-lg border border-caution-line bg-caution-wash/50 p-4"
    >
      <div>
        <h3 id={`gap-${from.messageId}`} className="flex items-center gap-2 font-semibold">
          <SearchX className="size-4.5 text-caution" aria-hidden="true" />
          No evidence found for this question
        </h3>
        <p className="mt-1 max-w-[65ch] text-ink-soft text-sm">
          Nothing in the collections searched answers it well enough to quote. That is not evidence that the answer is
          no.
        </p>
      </div>
      {gap.missingTerms.length > 0 && (
        <div className="text-sm">
          <h4 className="label-caps mb-1">Words no searched passage holds</h4>
          <ul className="flex flex-wrap gap-1.5">
            {gap.missingTerms.map((term) => (
              <li key={term} className="rounded border border-line bg-raised px-1.5 py-0.5">
                {term}
              </li>
            ))}
          </ul>
        </div>
      )}
      <div className="text-sm">
        <h4 className="label-caps mb-1">Searched</h4>
        <ul className="grid gap-0.5">
          {gap.searched.map((collection) => (
            <li key={collection.slug} className="flex flex-wrap gap-x-2">
              <span className="font-medium">{collection.title}</span>
              <span className="tabular text-ink-soft">
                {counted(collection.documents, "document")}
                {collection.documents > 0 && `, through ${formatDate(collection.through) ?? "an unknown date"}`}
              </span>
            </li>
          ))}
        </ul>
      </div>
      {gap.nearestMisses.length > 0 && (
        <div className="text-sm">
          <h4 className="label-caps mb-1">Nearest, but no answer</h4>
          <ul className="divide-y divide-line">
            {gap.nearestMisses.map((miss) => (
              <li key={`${miss.documentId}:${miss.start}`} className="grid gap-1 py-2">
                <Link
                  href={sourceHref(miss, from)}
                  prefetch={false}
                  className="font-medium leading-snug hover:text-accent hover:underline"
                >
                  {miss.title}
                </Link>
                <span className="flex flex-wrap items-center gap-1.5 text-ink-faint text-xs">
                  <StatusBadges document={miss} />
                  {miss.section}
                </span>
                <span className="line-clamp-2 max-w-[70ch] text-ink-soft">{miss.excerpt}</span>
              </li>
            ))}
          </ul>
        </div>
      )}
    </section>
  );
}
