/**
 * The sample collections a newcomer sees after the first start: our own teaching texts in the real source formats,
 * every document marked as a sample in its own data. `path` is an absolute folder of files to ingest.
 */
import { fileURLToPath } from "node:url";

const folder = (slug: string) => fileURLToPath(new URL(`./data/${slug}/`, import.meta.url));

export const sampleCollections = [
  { slug: "pubmed_abstracts", path: folder("pubmed_abstracts") },
  { slug: "pubmed_fulltext", path: folder("pubmed_fulltext") },
  { slug: "guidelines", path: folder("guidelines") },
  { slug: "drug_labels", path: folder("drug_labels") },
  { slug: "consumer_health", path: folder("consumer_health") },
] as const;
