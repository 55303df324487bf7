import { parse } from "#ingest/parse/pubmed.ts";
import { pubmedXml } from "./records.ts";

// Parses so many bytes of generated PubMed XML and prints the most memory this process ever held, in MiB.
const size = Number(process.argv[2]);
let documents = 0;
for await (const record of parse({ file: "bench", size, isSample: false, open: () => pubmedXml(size) })) {
  if (record.kind !== "document") throw new Error(`unexpected ${record.kind}`);
  documents += 1;
}
if (documents < size / 100_000) throw new Error(`only ${documents} documents`);
process.stdout.write(String(process.resourceUsage().maxRSS / 1024));
