import { parseArgs } from "node:util";
import { migrateDatabase } from "#db/index.ts";
import { openDeps } from "#lib/deps.ts";
import { getDocumentBySource } from "#lib/documents/index.ts";
import { readEnv } from "#lib/env.ts";
import { runCommand, say } from "#lib/terminal.ts";

const usage = "usage: npm run document -- <collection> <sourceId> [--json]";

const { values, positionals } = parseArgs({ allowPositionals: true, options: { json: { type: "boolean" } } });

await runCommand(async () => {
  const [collection, sourceId] = positionals;
  if (!collection || !sourceId) {
    say(usage);
    return 1;
  }
  const deps = await openDeps(readEnv(), migrateDatabase);
  try {
    const document = await getDocumentBySource(deps, null, collection, sourceId);
    if (!document) throw new Error(`There is no document “${sourceId}” in the collection “${collection}”.`);
    process.stdout.write(values.json ? `${JSON.stringify(document)}\n` : `${document.text}\n`);
    return 0;
  } finally {
    await deps.close();
  }
});
