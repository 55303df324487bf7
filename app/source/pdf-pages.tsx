"use client";

import type { PDFDocumentProxy } from "pdfjs-dist";
import { useEffect, useState } from "react";
import { textLink } from "#app/components/styles.ts";
import type { PageSize } from "#lib/domain.ts";
import type { PageRectangle } from "./boxes.ts";
import { openPdf } from "./open-pdf.ts";
import { PdfPage } from "./pdf-page.tsx";

export interface PdfPagesProps {
  /** Where the PDF's bytes are. */
  address: string;
  pages: PageSize[];
  /** The quote's lines, in per cent of their pages. */
  rectangles: PageRectangle[];
  quote: string | null;
  /** The same document as text, for when the pages cannot be shown. */
  textHref: string;
}

/** Every page at its place from the start, so that the quote can be gone to before anything is drawn. */
export function PdfPages({ address, pages, rectangles, quote, textHref }: PdfPagesProps) {
  const [pdf, setPdf] = useState<PDFDocumentProxy | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const quotePage = rectangles[0]?.page ?? null;

  useEffect(() => {
    let closed = false;
    const task = openPdf(address);
    task
      .then((opening) => opening.promise)
      .then((opened) => {
        if (!closed) setPdf(opened);
      })
      .catch((error: unknown) => {
        if (closed) return;
        console.error(error);
        setProblem(error instanceof Error ? error.message : String(error));
      });
    return () => {
      closed = true;
      void task.then((opening) => opening.destroy());
    };
  }, [address]);

  useEffect(() => {
    if (quotePage === null || !["", "#quote"].includes(window.location.hash)) return;
    const mark = document.getElementById("quote");
    mark?.scrollIntoView({ block: "center" });
    mark?.focus({ preventScroll: true });
  }, [quotePage]);

  return (
    <div className="mt-6">
      {problem !== null && (
        <p
          role="alert"
          className="mb-4 rounded-lg border border-danger-line bg-danger-wash px-3.5 py-2.5 text-danger text-sm"
        >
          The pages cannot be drawn ({problem}).{" "}
          <a href={textHref} className={textLink}>
            Read the text instead
          </a>
        </p>
      )}
      <div className="grid justify-items-center gap-4">
        {pages.map((size) => (
          <PdfPage
            key={size.page}
            pdf={pdf}
            size={size}
            count={pages.length}
            rectangles={rectangles.filter((rectangle) => rectangle.page === size.page)}
            quote={quote}
            isQuotePage={size.page === quotePage}
          />
        ))}
      </div>
    </div>
  );
}
