"use client";

import type { PDFDocumentProxy } from "pdfjs-dist";
import { useEffect, useRef, useState } from "react";
import type { PageSize } from "#lib/domain.ts";
import type { PageRectangle } from "./boxes.ts";
import { drawPage } from "./draw-page.ts";

export interface PdfPageProps {
  pdf: PDFDocumentProxy | null;
  size: PageSize;
  count: number;
  rectangles: PageRectangle[];
  quote: string | null;
  isQuotePage: boolean;
}

/** One page: an empty sheet of the right shape, drawn when it comes near, with the quote's lines marked over it. */
export function PdfPage({ pdf, size, count, rectangles, quote, isQuotePage }: PdfPageProps) {
  const sheet = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const text = useRef<HTMLDivElement>(null);
  const near = useNear(sheet);
  const [problem, setProblem] = useState<string | null>(null);

  useEffect(() => {
    if (!pdf || !near || !canvas.current || !text.current || !sheet.current) return;
    const stop = new AbortController();
    const target = { canvas: canvas.current, text: text.current, width: sheet.current.clientWidth };
    drawPage(pdf, size.page, target, stop.signal).catch((error: unknown) => {
      if (stop.signal.aborted) return;
      console.error(error);
      setProblem(error instanceof Error ? error.message : String(error));
    });
    return () => stop.abort();
  }, [pdf, near, size.page]);

  useEffect(() => {
    // The picture grows with its sheet by itself; the letters over it must be told.
    const observer = new ResizeObserver(([entry]) => {
      if (entry) text.current?.style.setProperty("--total-scale-factor", String(entry.contentRect.width / size.width));
    });
    if (sheet.current) observer.observe(sheet.current);
    return () => observer.disconnect();
  }, [size.width]);

  return (
    <section
      id={`page-${size.page}`}
      aria-label={`Page ${size.page} of ${count}`}
      className="w-full max-w-[56rem] scroll-mt-16"
    >
      <p className="tabular pb-1 text-right text-ink-faint text-xs">
        {size.page} / {count}
      </p>
      <div
        ref={sheet}
        className="relative overflow-clip rounded-sm border border-line bg-[white] shadow-card"
        style={{ aspectRatio: `${size.width} / ${size.height}` }}
      >
        <canvas ref={canvas} className="absolute inset-0 size-full" />
        <div ref={text} className="textLayer" />
        {rectangles.length > 0 && (
          <div
            {...(isQuotePage ? { id: "quote", tabIndex: -1 } : {})}
            role="note"
            aria-label={`Quote on page ${size.page}: ${quote}`}
            className="pointer-events-none absolute z-10 scroll-mt-24 outline-none"
            style={percentages(around(rectangles))}
          />
        )}
        {rectangles.map((rectangle) => (
          <div
            key={`${rectangle.left}:${rectangle.top}`}
            className="pointer-events-none absolute border-[#b58900] border-b-2 bg-[#ffe27a] mix-blend-multiply"
            style={percentages(rectangle)}
          />
        ))}
        {problem && (
          <p role="alert" className="absolute inset-x-0 top-4 text-center text-[#9b1c1c] text-sm">
            This page cannot be drawn ({problem}).
          </p>
        )}
      </div>
    </section>
  );
}

type Rectangle = Omit<PageRectangle, "page">;

function percentages({ left, top, width, height }: Rectangle) {
  return { left: `${left}%`, top: `${top}%`, width: `${width}%`, height: `${height}%` };
}

/** The smallest rectangle that holds them all; there is at least one. */
function around(rectangles: Rectangle[]): Rectangle {
  const left = Math.min(...rectangles.map((one) => one.left));
  const top = Math.min(...rectangles.map((one) => one.top));
  const right = Math.max(...rectangles.map((one) => one.left + one.width));
  const bottom = Math.max(...rectangles.map((one) => one.top + one.height));
  return { left, top, width: right - left, height: bottom - top };
}

/** True once the element has come within a screen of being seen, and from then on. */
function useNear(element: { current: HTMLElement | null }): boolean {
  const [near, setNear] = useState(false);
  useEffect(() => {
    if (!element.current) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) setNear(true);
      },
      { rootMargin: "100% 0px" },
    );
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [element]);
  return near;
}
