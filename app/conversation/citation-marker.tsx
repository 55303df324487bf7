"use client";

import { PreviewCard } from "@base-ui/react/preview-card";
import Link from "next/link";
import { isGrave, SourceBadges } from "#app/components/badges.tsx";
import type { Citation } from "#lib/domain.ts";
import { alikeInWords, statusLabels } from "./labels.ts";
import { placeOf, sourceHref } from "./sources.ts";
import { asOfToday, changeOf } from "./standing.ts";

/** Opens the one card of the page for whichever marker is pointed at or focused. */
export const citationCard = PreviewCard.createHandle<Citation>();

export interface MarkerOrigin {
  conversationId: string;
  messageId: string;
}

export function CitationMarker({ citation, from }: { citation: Citation; from: MarkerOrigin }) {
  const today = asOfToday(citation);
  const change = changeOf(citation);
  const mark = statusLabels[today.status] ?? (change === "revised" ? "Revised since" : null);
  const tone = isGrave(today.status)
    ? "bg-danger-wash text-danger hover:bg-danger hover:text-paper"
    : mark
      ? "bg-caution-wash text-caution hover:bg-caution hover:text-paper"
      : "bg-accent-wash text-accent-strong hover:bg-accent hover:text-on-accent";
  return (
    <PreviewCard.Trigger
      handle={citationCard}
      payload={citation}
      delay={150}
      closeDelay={150}
      render={<Link href={sourceHref(citation, from)} prefetch={false} />}
      aria-label={`Source ${citation.number}: ${citation.title}${mark ? ` (${mark})` : ""}`}
      className={`tabular relative -top-px ml-1 inline-flex h-[1.125rem] min-w-[1.125rem] items-center justify-center rounded px-1 align-middle font-semibold text-[0.6875rem] leading-none no-underline transition-colors ${tone}`}
    >
      {citation.number}
      {mark && <span aria-hidden="true">!</span>}
    </PreviewCard.Trigger>
  );
}

/** What a marker's card shows; mounted once. */
export function CitationCard() {
  return (
    <PreviewCard.Root handle={citationCard}>
      {({ payload }) => (
        <PreviewCard.Portal>
          <PreviewCard.Positioner sideOffset={6} collisionPadding={12} className="z-50">
            <PreviewCard.Popup
              role="region"
              aria-label={payload ? `Preview of source ${payload.number}` : undefined}
              className="popup w-[min(25rem,calc(100vw-1.5rem))] p-3.5 text-sm"
            >
              {payload && <CitationDetails citation={payload} />}
            </PreviewCard.Popup>
          </PreviewCard.Positioner>
        </PreviewCard.Portal>
      )}
    </PreviewCard.Root>
  );
}

const longestPreview = 420;

function CitationDetails({ citation }: { citation: Citation }) {
  const place = placeOf(citation);
  const cut = citation.quote.length > longestPreview;
  return (
    <div className="grid gap-2">
      <p className="font-semibold leading-snug">{citation.title}</p>
      <SourceBadges source={asOfToday(citation)} />
      <CitationNotes citation={citation} />
      <blockquote className="border-quote-line border-l-2 pl-3 text-ink leading-normal">
        “{cut ? `${citation.quote.slice(0, longestPreview).trimEnd()} …` : citation.quote}”
      </blockquote>
      <p className="tabular text-ink-faint text-xs">{[citation.collectionTitle, place].filter(Boolean).join(" · ")}</p>
    </div>
  );
}

/** What a reader must know of a source beside its badges: why it is marked, what corrects it, how many are like it. */
export function CitationNotes({ citation }: { citation: Citation }) {
  const { today } = citation;
  const notes = [
    today?.status === "current" ? null : today?.note,
    changeOf(citation) === "revised" ? "Revised since: the quoted words no longer stand in it." : null,
    today && today.corrections.length > 0 ? `${today.corrections.join("; ")}.` : null,
  ].filter(Boolean);
  const alike = alikeInWords(citation);
  return (
    <>
      {notes.length > 0 && <p className="text-caution text-xs">{notes.join(" ")}</p>}
      {alike && <p className="text-ink-faint text-xs">{alike}</p>}
    </>
  );
}
