import type { PDFDocumentLoadingTask } from "pdfjs-dist";

/** Opens a PDF of ours in the browser; only the ranges of the pages looked at are fetched. */
export async function openPdf(address: string): Promise<PDFDocumentLoadingTask> {
  const { getDocument, GlobalWorkerOptions } = await import("pdfjs-dist");
  GlobalWorkerOptions.workerSrc = "/pdfjs/build/pdf.worker.min.mjs";
  return getDocument({
    url: new URL(address, window.location.origin).href,
    disableAutoFetch: true,
    disableStream: true,
    enableXfa: false,
    cMapUrl: "/pdfjs/cmaps/",
    iccUrl: "/pdfjs/iccs/",
    standardFontDataUrl: "/pdfjs/standard_fonts/",
    wasmUrl: "/pdfjs/wasm/",
  });
}
