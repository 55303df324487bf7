import { readFile } from "node:fs/promises";
import path from "node:path";
import { workerPolicy } from "../../security-headers.mjs";

/** The PDF viewer's worker, fonts, character maps and decoders, served from the installed package itself. */
const mediaTypes: Record<string, string> = {
  ".mjs": "text/javascript; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".wasm": "application/wasm",
  ".bcmap": "application/octet-stream",
  ".pfb": "application/octet-stream",
  ".ttf": "font/ttf",
  ".icc": "application/vnd.iccprofile",
};
const served = /^(?:build\/pdf\.worker\.min\.mjs|(?:cmaps|iccs|standard_fonts|wasm)\/[\w-]+\.[a-z]+)$/;

export async function GET(_request: Request, context: { params: Promise<{ path: string[] }> }): Promise<Response> {
  const name = (await context.params).path.join("/");
  const mediaType = mediaTypes[path.extname(name)];
  if (!served.test(name) || !mediaType) return new Response("Not found", { status: 404 });
  try {
    const bytes = await readFile(path.join(/* turbopackIgnore: true */ process.cwd(), "node_modules/pdfjs-dist", name));
    return new Response(bytes, {
      headers: {
        "Content-Type": mediaType,
        "Cache-Control": "public, max-age=86400",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": workerPolicy,
      },
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return new Response("Not found", { status: 404 });
    throw error;
  }
}
