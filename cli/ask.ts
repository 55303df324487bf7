import { parseArgs } from "node:util";
import { migrateDatabase } from "#db/index.ts";
import { ask } from "#lib/ask/index.ts";
import { openDeps } from "#lib/deps.ts";
import type { AnswerResult, Citation } from "#lib/domain.ts";
import { readEnv } from "#lib/env.ts";
import { runCommand, say } from "#lib/terminal.ts";

const usage = `usage: npm run ask -- [--collection <slug>]… [--json] "<question>"`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: "boolean" },
    collection: { type: "string", multiple: true, default: [] },
    help: { type: "boolean", short: "h" },
  },
});

await runCommand(async () => {
  const question = positionals.join(" ");
  if (values.help || question === "") {
    say(usage);
    return values.help ? 0 : 1;
  }
  const deps = await openDeps(readEnv(), migrateDatabase);
  try {
    const request = { tenantId: null, question, collections: values.collection, earlierQuestions: [] };
    for await (const event of ask(deps, request)) {
      if (event.type !== "done") continue;
      process.stdout.write(values.json ? `${JSON.stringify(asJson(event.result))}\n` : asText(event.result));
      if (event.result.status === "failed") {
        say(event.result.error ?? "The answer failed.");
        return 1;
      }
    }
    return 0;
  } finally {
    await deps.close();
  }
});

function asJson({ status, mode, model, sentences, dropped, gap, error, timings }: AnswerResult) {
  return {
    status,
    mode,
    model,
    sentences: sentences.map(({ text, citations }) => ({
      text,
      citations: citations.map(({ collection, sourceId, title, section, page, quote, start, end }) => ({
        collection,
        sourceId,
        title,
        section,
        page,
        quote,
        start,
        end,
      })),
    })),
    dropped: dropped.length,
    droppedSentences: dropped,
    gap,
    error,
    timings,
  };
}

function asText({ sentences, dropped, gap, mode, model }: AnswerResult): string {
  if (gap) {
    const searched = gap.searched.map(
      ({ title, documents, through }) => `  ${title}: ${documents} documents${through ? `, through ${through}` : ""}`,
    );
    const nearest = gap.nearestMisses.map(({ title, collection }) => `  ${title} (${collection})`);
    return `No evidence found.\nSearched:\n${searched.join("\n")}\nNearest misses:\n${nearest.join("\n")}\n`;
  }
  const lines = sentences.map(
    ({ text, citations }) => `${text} ${citations.map(({ number }) => `[${number}]`).join("")}`,
  );
  const sources = new Map(
    sentences.flatMap(({ citations }) => citations.map((citation) => [citation.number, citation])),
  );
  const references = [...sources].map(([number, citation]) => {
    const { title, collectionTitle, publishedOn } = citation;
    const place = [collectionTitle, publishedOn].filter(Boolean).join(", ");
    return `[${number}] ${title.replace(/\.$/, "")}. ${place}${marksOf(citation)}`;
  });
  const how =
    mode === "extractive"
      ? "Quoted from sources; no model."
      : `Written by ${model}, each sentence checked against its quote.`;
  return `${lines.join("\n")}\n\n${references.join("\n")}\n\n${how}${dropped.length > 0 ? ` ${dropped.length} sentences dropped.` : ""}\n`;
}

function marksOf({ isSample, status, ocr }: Citation): string {
  const marks = [
    isSample && "sample",
    status !== "current" && status,
    typeof ocr === "number" && `recognised from a scan, confidence ${Math.round(100 * ocr)} %`,
  ].filter(Boolean);
  return marks.length > 0 ? ` (${marks.join("; ")})` : "";
}
