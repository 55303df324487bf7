import { ExternalLink, FlaskConical, TriangleAlert } from "lucide-react";
import { Badge, isGrave, OcrBadge } from "#app/components/badges.tsx";
import { textLink } from "#app/components/styles.ts";
import { evidenceLabels, formatDate } from "#app/conversation/labels.ts";
import type { DocumentStatus, DocumentView } from "#lib/domain.ts";

const mostAuthors = 8;

export function SourceHeader({ document }: { document: DocumentView }) {
  const authors = document.authors.slice(0, mostAuthors).join(", ");
  const more = document.authors.length - mostAuthors;
  const date = formatDate(document.publishedOn);
  // A sample was never published, so its address leads nowhere.
  const link = document.isSample ? null : outsideLink(document.url);
  return (
    <div lang={document.language === "en" ? undefined : document.language}>
      <div className="flex flex-wrap items-center gap-1.5" lang="en">
        <Badge>{evidenceLabels[document.evidenceLevel]}</Badge>
        {document.ocr && <OcrBadge confidence={document.ocr.confidence} />}
        <span className="text-ink-faint text-xs">{document.collectionTitle}</span>
      </div>
      <h1 className="mt-2 max-w-[38ch] text-balance font-semibold text-2xl leading-tight tracking-[-0.015em] sm:text-[1.75rem]">
        {document.title}
      </h1>
      {authors && (
        <p className="mt-2 max-w-[80ch] text-ink-soft text-sm">
          {authors}
          {more > 0 && `, and ${more} more`}
        </p>
      )}
      <p className="tabular mt-1 flex flex-wrap items-center gap-x-2 text-ink-soft text-sm">
        {[document.publication, date, document.publicationTypes.slice(0, 3).join(", ")].filter(Boolean).join(" · ")}
      </p>
      <p className="tabular mt-1 flex flex-wrap items-center gap-x-4 gap-y-1 text-ink-faint text-xs" lang="en">
        {!document.sourceId.startsWith("sha256:") && <span className="break-all">{document.sourceId}</span>}
        {link && (
          <a href={link} target="_blank" rel="noreferrer" className={`inline-flex items-center gap-1 ${textLink}`}>
            Open at the publisher
            <ExternalLink className="size-3" aria-hidden="true" />
            <span className="sr-only">(new tab)</span>
          </a>
        )}
        {document.originalType && document.originalType !== "application/pdf" && (
          <a href={`/api/documents/${encodeURIComponent(document.id)}/original`} className={textLink} download>
            Record as received
          </a>
        )}
        {document.originalType === "application/pdf" && (
          <a href={`/api/documents/${encodeURIComponent(document.id)}/original`} className={textLink} download>
            Download the PDF
          </a>
        )}
      </p>
    </div>
  );
}

const standing: Record<DocumentStatus, string | null> = {
  current: null,
  superseded: "This document has been superseded by a newer one.",
  retracted: "This article has been retracted. Do not rely on it.",
  withdrawn: "This document has been withdrawn. Do not rely on it.",
  concern: "An expression of concern has been published about this article.",
};

/** What a reader must know before reading on: that the document no longer stands, or was never published. */
export function SourceBanners({ document }: { document: DocumentView }) {
  const warning = standing[document.status];
  const tone = isGrave(document.status)
    ? "border-danger-line bg-danger-wash text-danger"
    : "border-caution-line bg-caution-wash text-caution";
  return (
    <div className="mt-4 grid max-w-[56rem] gap-2 empty:hidden">
      {warning && (
        <p role="note" className={`flex gap-2.5 rounded-lg border px-3.5 py-2.5 text-sm ${tone}`}>
          <TriangleAlert className="mt-0.5 size-4 shrink-0" aria-hidden="true" />
          <span>
            <strong className="font-semibold">{warning}</strong>
            {document.statusNote && ` ${document.statusNote}`}
            {document.statusChangedAt && ` Known here since ${formatDate(document.statusChangedAt)}.`}
          </span>
        </p>
      )}
      {document.isSample && (
        <p
          role="note"
          className="flex gap-2.5 rounded-lg border border-caution-line bg-caution-wash px-3.5 py-2.5 text-caution text-sm"
        >
          <FlaskConical className="mt-0.5 size-4 shrink-0" aria-hidden="true" />
          <span>
            <strong className="font-semibold">Sample document.</strong> It was written to try Probatum out and was never
            published.
          </span>
        </p>
      )}
    </div>
  );
}

/** Only web addresses become links: a source's record may hold anything. */
function outsideLink(url: string | null): string | null {
  if (url === null || !URL.canParse(url)) return null;
  return /^https?:$/.test(new URL(url).protocol) ? url : null;
}
