/** Writes the sample guideline PDFs from their texts: `node ingest/samples/make-guidelines.ts`. */
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { renderGuideline } from "./guideline-layout.ts";
import { readGuideline } from "./guideline-markdown.ts";

const texts = new URL("./guidelines-text/", import.meta.url);

/** Every sample guideline, rendered, by the name of its PDF; sorted. */
export async function makeGuidelines(): Promise<{ name: string; bytes: Uint8Array }[]> {
  const files = (await readdir(texts)).filter((file) => file.endsWith(".md")).sort();
  return Promise.all(
    files.map(async (file) => ({
      name: file.replace(/\.md$/, ".pdf"),
      bytes: await renderGuideline(readGuideline(file, await readFile(new URL(file, texts), "utf8"))),
    })),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = new URL("./data/guidelines/", import.meta.url);
  await mkdir(folder, { recursive: true });
  for (const { name, bytes } of await makeGuidelines()) {
    await writeFile(new URL(name, folder), bytes);
    console.log(`${name}\t${bytes.length} bytes`);
  }
}
