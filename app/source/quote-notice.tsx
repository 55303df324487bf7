import { Quote, TriangleAlert } from "lucide-react";
import { SourceBadges } from "#app/components/badges.tsx";
import { textLink } from "#app/components/styles.ts";
import { type DocumentView, type LineBox, readDepthOf } from "#lib/domain.ts";
import type { QuoteLink, QuotePlace } from "./locate-quote.ts";

export interface QuoteNoticeProps {
  document: DocumentView;
  place: QuotePlace;
  link: QuoteLink;
  boxes: LineBox[];
  showsPages: boolean;
}

/** Says where the quote stands in this document, or plainly that it does not. */
export function QuoteNotice({ document, place, link, boxes, showsPages }: QuoteNoticeProps) {
  if (place.kind === "none") return null;
  if (place.kind === "missing") {
    return (
      <div
        role="alert"
        className="mt-4 max-w-[56rem] rounded-lg border border-danger-line bg-danger-wash px-3.5 py-2.5 text-sm"
      >
        <p className="flex gap-2.5 text-danger">
          <TriangleAlert className="mt-0.5 size-4 shrink-0" aria-hidden="true" />
          <strong className="font-semibold">
            The quoted words do not stand in this document as it is now. Nothing is marked.
          </strong>
        </p>
        {link.quote && <p className="mt-1.5 pl-6.5 text-ink-soft">The link speaks of: “{link.quote}”</p>}
      </div>
    );
  }
  const section = document.sections.findLast((known) => known.start <= place.start && known.end > place.start);
  const page = boxes[0]?.page ?? null;
  const where = [section?.path.join(" › ") || section?.label, page === null ? null : `page ${page}`].filter(Boolean);
  const unmarked = showsPages && boxes.length === 0;
  return (
    <section
      aria-label="Quoted passage"
      className="mt-4 max-w-[56rem] rounded-lg border border-line border-l-4 border-l-quote-line bg-panel/60 px-3.5 py-2.5 text-sm"
    >
      <p className="flex flex-wrap items-center gap-x-2 text-ink-faint text-xs">
        <Quote className="size-3.5" aria-hidden="true" />
        <span className="tabular">
          {where.length > 0 ? `Quoted from ${where.join(", ")}` : "Quoted from this document"}
        </span>
        {!unmarked && (
          <a href="#quote" className={textLink}>
            Go to the quote
          </a>
        )}
      </p>
      <blockquote className="mt-1 line-clamp-4 max-w-[80ch]">{document.text.slice(place.start, place.end)}</blockquote>
      <p className="mt-2">
        <SourceBadges
          source={{ ...document, depth: readDepthOf[document.sourceType], page, ocr: document.ocr?.confidence }}
        />
      </p>
      {place.kind === "moved" && (
        <p className="mt-1.5 text-caution text-xs">
          The document has changed since this was cited; the same words were found again at another place.
        </p>
      )}
      {unmarked && (
        <p className="mt-1.5 text-caution text-xs">
          Its lines on the pages are not known. The text view shows it in its place.
        </p>
      )}
    </section>
  );
}
