import { parseArgs } from "node:util";
import { migrateDatabase } from "#db/index.ts";
import { openDeps } from "#lib/deps.ts";
import { readEnv } from "#lib/env.ts";
import { type Replay, replayAnswer } from "#lib/receipts/index.ts";
import { runCommand, say } from "#lib/terminal.ts";
import { printJson } from "./output.ts";

const usage = `usage: npm run replay -- <message id> [--json]

Asks the question of a stored answer again, of the same collections with the same filters and earlier questions, and
shows what has changed. The conversation stays as it is. Exit codes: 0 the same, 2 changed, 1 error.`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: "boolean" }, help: { type: "boolean", short: "h" } },
});

await runCommand(async () => {
  const [messageId, ...rest] = positionals;
  if (values.help || !messageId || rest.length > 0) {
    say(usage);
    return values.help ? 0 : 1;
  }
  const deps = await openDeps(readEnv(), migrateDatabase);
  try {
    const replay = await replayAnswer(deps, messageId);
    if (values.json) printJson(replay);
    else process.stdout.write(asText(replay));
    return replay.isSame ? 0 : 2;
  } finally {
    await deps.close();
  }
});

function asText(replay: Replay): string {
  const { passages, sentences } = replay;
  const lines = [`Question  ${replay.question}`, `Asked     ${replay.askedAt}`];
  if (Object.keys(replay.filters).length > 0) lines.push(`Filters   ${JSON.stringify(replay.filters)}`);
  lines.push("");
  const line = (name: string, { before, now }: { before: unknown; now: unknown }) =>
    lines.push(`${name.padEnd(16)}${before === now ? `${now ?? "none"}` : `${before ?? "none"} → ${now ?? "none"}`}`);
  line("status", replay.status);
  line("model", replay.model);
  line("prompt", replay.promptVersion);
  line("re-ranker", replay.reranker);
  if (replay.changed.includes("understanding")) line("searched for", replay.searchText);
  for (const { slug, ...versions } of replay.collections) line(`corpus ${slug}`.padEnd(24), versions);
  lines.push("", `passages: ${passages.same} the same${listed(passages)}`);
  const place = (one: { collection: string; sourceId: string; title: string; section: string | null }) =>
    `${one.title}${one.section ? `, ${one.section}` : ""} (${one.collection}/${one.sourceId})`;
  for (const one of passages.gone) {
    const why = { gone: "its document is gone", changed: "its text has changed", outranked: "others came before it" };
    const mark = one.status && one.status !== "current" ? `, ${one.status}` : "";
    lines.push(`  - ${one.place}. ${place(one)}: ${why[one.reason]}${mark}`);
  }
  for (const one of passages.added) lines.push(`  + ${one.place}. ${place(one)}`);
  for (const one of passages.moved) lines.push(`  ~ ${one.from} → ${one.to}. ${place(one)}`);
  lines.push("", `sentences: ${sentences.same} the same${listed(sentences)}`);
  for (const { text, sources } of sentences.gone) lines.push(`  - ${text} [${sources.join(", ")}]`);
  for (const { text, sources } of sentences.added) lines.push(`  + ${text} [${sources.join(", ")}]`);
  lines.push("", replay.isSame ? "The same." : `Changed: ${replay.changed.join(", ")}.`);
  return `${lines.join("\n")}\n`;
}

function listed({ gone, added, moved = [] }: { gone: unknown[]; added: unknown[]; moved?: unknown[] }): string {
  const counts = [
    [gone.length, "gone"],
    [added.length, "new"],
    [moved.length, "moved"],
  ].filter(([count]) => count !== 0);
  return counts.map(([count, name]) => `, ${count} ${name}`).join("");
}
