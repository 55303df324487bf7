import type { PDFDocumentProxy, RenderTask } from "pdfjs-dist";

export interface PageTarget {
  canvas: HTMLCanvasElement;
  text: HTMLDivElement;
  /** CSS pixels. */
  width: number;
}

const sharpest = 2.5;

/** Draws a page (1-based) and lays its letters invisibly over it. Ends quietly when aborted. */
export async function drawPage(
  pdf: PDFDocumentProxy,
  number: number,
  target: PageTarget,
  signal: AbortSignal,
): Promise<void> {
  const { TextLayer } = await import("pdfjs-dist");
  const page = await pdf.getPage(number);
  if (signal.aborted) return;
  const scale = target.width / page.getViewport({ scale: 1 }).width;
  const sharpness = Math.min(sharpest, Math.max(1, window.devicePixelRatio));
  const picture = page.getViewport({ scale: scale * sharpness });
  target.canvas.width = Math.round(picture.width);
  target.canvas.height = Math.round(picture.height);

  const drawing: RenderTask = page.render({ canvas: target.canvas, viewport: picture });
  signal.addEventListener("abort", () => drawing.cancel(), { once: true });
  await drawing.promise;

  target.text.replaceChildren();
  target.text.style.setProperty("--total-scale-factor", String(scale));
  const letters = new TextLayer({
    textContentSource: page.streamTextContent(),
    container: target.text,
    viewport: page.getViewport({ scale }),
  });
  signal.addEventListener("abort", () => letters.cancel(), { once: true });
  await letters.render();
}
