import { parseArgs } from "node:util";
import { migrateDatabase } from "#db/index.ts";
import { tailAll, verifyAudit } from "#lib/audit/index.ts";
import { openDeps } from "#lib/deps.ts";
import { readEnv } from "#lib/env.ts";
import { InvalidInputError } from "#lib/errors.ts";
import { runCommand, say } from "#lib/terminal.ts";
import { printJson, printTable } from "./output.ts";

const usage = `usage: npm run audit -- verify [--tenant <id or short name>] [--anchor <hash>]
       npm run audit -- tail [--follow] [--after <id>] [--tenant <id or short name>]

  verify    walks the hash chain of every tenant, and of what is of none, and names the first row that was changed,
            removed, slipped in or cut off; it prints each chain's head: keep it elsewhere
  --anchor  a head printed earlier; it has to be found again
  tail      rows as lines of JSON, from the first or from behind an id, for a SIEM; --follow goes on as they come
  --json    one JSON value a line instead of text (verify)

Exit codes: 0 whole, 1 broken, or error.`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    tenant: { type: "string" },
    anchor: { type: "string" },
    after: { type: "string", default: "0" },
    follow: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    help: { type: "boolean", short: "h" },
  },
});

await runCommand(async () => {
  const [verb] = positionals;
  if (values.help || (verb !== "verify" && verb !== "tail")) {
    say(usage);
    return values.help ? 0 : 1;
  }
  const after = Number(values.after);
  if (!Number.isSafeInteger(after) || after < 0) throw new InvalidInputError("--after: expected the id of a row.");
  if (values.anchor !== undefined && !/^[0-9a-f]{64}$/i.test(values.anchor)) {
    throw new InvalidInputError("--anchor: expected the 64 hexadecimal digits of a head.");
  }
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => stop.abort());
  // A reader that goes (`| head`) ends it too.
  process.stdout.on("error", () => stop.abort());
  const deps = await openDeps(readEnv(), migrateDatabase);
  try {
    if (verb === "verify") return await verify(deps.database, stop.signal);
    for await (const line of tailAll(deps.database, { ...values, after, signal: stop.signal })) {
      if (!process.stdout.write(line)) await new Promise((resolve) => process.stdout.once("drain", resolve));
    }
    return 0;
  } finally {
    await deps.close();
  }
});

async function verify(database: Parameters<typeof verifyAudit>[0], signal: AbortSignal): Promise<number> {
  const { tenant, anchor } = values;
  const { chains, anchorFound } = await verifyAudit(database, { tenant, anchor, signal });
  if (values.json) for (const chain of chains) printJson(chain);
  else {
    const rows = chains.map(({ chain, slug, rows, head, broken }) => [
      slug ?? (chain || "(none)"),
      String(rows),
      broken ? `broken at row ${broken.id}` : "whole",
      head ?? "",
    ]);
    printTable(["TENANT", "ROWS", "CHAIN", "HEAD"], rows);
  }
  for (const { chain, slug, broken } of chains) {
    if (broken) say(`${slug ?? (chain || "(none)")}: row ${broken.id}: ${broken.why}.`);
  }
  if (anchorFound === false) say("The anchor was not found: the log was written anew, or it is another's.");
  return chains.some(({ broken }) => broken) || anchorFound === false ? 1 : 0;
}
