import { ArrowLeft } from "lucide-react";
import Link from "next/link";
import { StandingNotice } from "#app/components/notice.tsx";
import { button } from "#app/components/styles.ts";
import { ThemeMenu } from "#app/components/theme-menu.tsx";
import { Mark } from "#app/components/wordmark.tsx";
import type { DocumentView } from "#lib/domain.ts";
import { boxesOfQuote, rectanglesOf } from "./boxes.ts";
import { DocumentText } from "./document-text.tsx";
import type { QuoteLink, QuotePlace } from "./locate-quote.ts";
import { PdfPages } from "./pdf-pages.tsx";
import { QuoteNotice } from "./quote-notice.tsx";
import { SectionNavigation } from "./section-navigation.tsx";
import { SourceBanners, SourceHeader } from "./source-header.tsx";
import { SourceRelations } from "./source-relations.tsx";

export interface SourceViewProps {
  document: DocumentView;
  place: QuotePlace;
  link: QuoteLink;
  /** Show a PDF as its text. */
  asText: boolean;
  back: { conversation: string; message: string | null } | null;
}

/** A document as its reader checks it: what it is, whether it still stands, and the quote where it stands. */
export function SourceView({ document, place, link, asText, back }: SourceViewProps) {
  const quote = place.kind === "exact" || place.kind === "moved" ? place : null;
  const isPdf = document.originalType === "application/pdf" && document.pages.length > 0;
  const boxes = quote ? boxesOfQuote(document.boxes, quote.start, quote.end) : [];
  const showsPages = isPdf && !asText;
  const viewHref = (view: "pages" | "text") => `?${queryOf(link, back, view)}`;

  return (
    <div className="min-h-dvh">
      <header className="sticky top-0 z-20 flex h-14 items-center gap-1 border-line border-b bg-paper px-2 sm:px-4">
        {back ? (
          <Link
            href={`/c/${encodeURIComponent(back.conversation)}${back.message ? `#answer-${encodeURIComponent(back.message)}` : ""}`}
            className={button.quiet}
          >
            <ArrowLeft className="size-4" aria-hidden="true" />
            Back to the answer
          </Link>
        ) : (
          <Link href="/" className={button.quiet}>
            <ArrowLeft className="size-4" aria-hidden="true" />
            Ask a question
          </Link>
        )}
        <div className="ml-auto flex items-center gap-1">
          {isPdf && (
            <nav aria-label="View" className="flex rounded-md border border-line p-0.5">
              <ViewLink href={viewHref("pages")} current={showsPages}>
                Pages
              </ViewLink>
              <ViewLink href={viewHref("text")} current={!showsPages}>
                Text
              </ViewLink>
            </nav>
          )}
          <ThemeMenu />
          <Link href="/" aria-label="Probatum, home" className="ml-1 rounded">
            <Mark className="size-7" />
          </Link>
        </div>
      </header>
      <div className="mx-auto grid w-full max-w-[84rem] gap-x-10 px-4 sm:px-8 lg:grid-cols-[15rem_minmax(0,1fr)]">
        <SectionNavigation sections={document.sections} byPage={showsPages} />
        <main id="main" tabIndex={-1} className="min-w-0 pt-7 pb-16 outline-none">
          <SourceHeader document={document} />
          <SourceBanners document={document} />
          <SourceRelations document={document} />
          <QuoteNotice document={document} place={place} link={link} boxes={boxes} showsPages={showsPages} />
          {showsPages ? (
            <PdfPages
              address={`/api/documents/${encodeURIComponent(document.id)}/original`}
              pages={document.pages}
              rectangles={rectanglesOf(boxes, document.pages)}
              quote={quote ? document.text.slice(quote.start, quote.end) : null}
              textHref={viewHref("text")}
            />
          ) : (
            <DocumentText document={document} quote={quote} />
          )}
          <StandingNotice className="mt-10 max-w-[56rem] border-line border-t pt-4" />
        </main>
      </div>
    </div>
  );
}

function ViewLink({ href, current, children }: { href: string; current: boolean; children: string }) {
  return (
    <Link
      href={href}
      replace
      aria-current={current ? "true" : undefined}
      className={`rounded px-2.5 py-1 font-medium text-xs ${current ? "bg-accent-wash text-accent-strong" : "text-ink-soft hover:text-ink"}`}
    >
      {children}
    </Link>
  );
}

function queryOf(link: QuoteLink, back: SourceViewProps["back"], view: "pages" | "text"): string {
  const query = new URLSearchParams();
  if (link.start !== null) query.set("start", String(link.start));
  if (link.end !== null) query.set("end", String(link.end));
  if (link.quote !== null) query.set("quote", link.quote);
  if (back) query.set("conversation", back.conversation);
  if (back?.message) query.set("message", back.message);
  if (view === "text") query.set("view", "text");
  return query.toString();
}
