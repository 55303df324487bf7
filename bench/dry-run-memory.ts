import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { defineCollection, ingest } from "#ingest/index.ts";
import { readEnv } from "#lib/env.ts";
import { openTemporaryDeps } from "#lib/temporary-deps.ts";
import { pubmedXml } from "./records.ts";

// Takes so many bytes of generated PubMed XML through a whole dry run, from the file to what would be written, and
// prints the most memory this process ever held, in MiB. With an embedded database that is in the figure too.
const size = Number(process.argv[2]);
const folder = await mkdtemp(join(tmpdir(), "probatum-dry-run-"));
const deps = await openTemporaryDeps(readEnv());
try {
  const file = join(folder, "records.xml");
  await pipeline(pubmedXml(size), createWriteStream(file));
  const collection = await defineCollection(deps, "bench_dry_run", "pubmed");
  const counts = await ingest(deps, { collection, request: { kind: "files", paths: [file] }, dryRun: true });
  if (counts.added < size / 100_000 || counts.failed > 0) throw new Error(`the run counted ${JSON.stringify(counts)}`);
} finally {
  await deps.close();
  await rm(folder, { recursive: true, force: true });
}
process.stdout.write(String(process.resourceUsage().maxRSS / 1024));
