import Link from "next/link";
import { SourceBadges } from "#app/components/badges.tsx";
import type { Citation } from "#lib/domain.ts";
import { CitationNotes, type MarkerOrigin } from "./citation-marker.tsx";
import { placeOf, sourceHref } from "./sources.ts";
import { asOfToday } from "./standing.ts";

/** A quote in full with what its source is; the source's name opens it at these words. */
export function CitedQuote({ citation, from }: { citation: Citation; from: MarkerOrigin }) {
  const place = placeOf(citation);
  return (
    <figure className="grid min-w-0 content-start gap-1.5">
      <blockquote className="max-w-[70ch] whitespace-pre-line text-ink leading-normal">“{citation.quote}”</blockquote>
      <figcaption className="grid gap-1">
        <Link
          href={sourceHref(citation, from)}
          prefetch={false}
          className="w-fit text-ink text-xs leading-snug underline decoration-current/40 underline-offset-2 hover:decoration-current"
        >
          {citation.title}
          {place && `, ${place}`}
        </Link>
        <SourceBadges source={asOfToday(citation)} />
        <CitationNotes citation={citation} />
      </figcaption>
    </figure>
  );
}
