import { parseArgs } from "node:util";
import { migrateDatabase } from "#db/index.ts";
import { ask } from "#lib/ask/index.ts";
import { openDeps } from "#lib/deps.ts";
import {
  type AnswerResult,
  type Citation,
  evidenceLevels,
  populations,
  type QuestionFilters,
  questionFilters,
} from "#lib/domain.ts";
import { readEnv } from "#lib/env.ts";
import { runCommand, say } from "#lib/terminal.ts";

const usage = `usage: npm run ask -- [--collection <slug>]… [filters] [--json] "<question>"

Filters, each of which narrows what is searched; those marked … may be given several times:
  --from <day>, --to <day>  published then, e.g. 2020-01-01
  --as-of <day>             what was known by that day
  --evidence <kind> …       ${evidenceLevels.join(", ")}
  --type <type> …           publication type as its source writes it
  --language <code> …       e.g. en, es
  --population <whom> …     ${populations.join(", ")}`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: "boolean" },
    collection: { type: "string", multiple: true, default: [] },
    from: { type: "string" },
    to: { type: "string" },
    "as-of": { type: "string" },
    evidence: { type: "string", multiple: true },
    type: { type: "string", multiple: true },
    language: { type: "string", multiple: true },
    population: { type: "string", multiple: true },
    help: { type: "boolean", short: "h" },
  },
});

await runCommand(async () => {
  const question = positionals.join(" ");
  if (values.help || question === "") {
    say(usage);
    return values.help ? 0 : 1;
  }
  const filters = readFilters();
  const deps = await openDeps(readEnv(), migrateDatabase);
  try {
    const request = { tenantId: null, question, collections: values.collection, filters, earlierQuestions: [] };
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

/** @throws Error naming the option that does not fit */
function readFilters(): QuestionFilters {
  const { from, to, "as-of": asOf, evidence, type, language, population } = values;
  const given = {
    from,
    to,
    asOf,
    evidenceLevels: evidence,
    publicationTypes: type,
    languages: language,
    populations: population,
  };
  const parsed = questionFilters.safeParse(given);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const options: Record<string, string> = {
    asOf: "as-of",
    evidenceLevels: "evidence",
    publicationTypes: "type",
    languages: "language",
    populations: "population",
  };
  const field = String(issue?.path[0]);
  throw new Error(`--${options[field] ?? field}: ${issue?.message}`);
}

function asJson(result: AnswerResult) {
  const { status, mode, model, sentences, dropped, gap, redirection, understanding, warnings, contrasts } = result;
  return {
    status,
    mode,
    model,
    filters: result.filters,
    understanding,
    redirection,
    warnings: warnings.map(({ kind, drug, citations }) => ({ kind, drug, citations: citations.map(citationAsJson) })),
    sentences: sentences.map(({ text, citations }) => ({ text, citations: citations.map(citationAsJson) })),
    contrasts: contrasts.map(({ about, sides }) => ({
      about,
      sides: sides.map(({ label, citation }) => ({ label, ...citationAsJson(citation) })),
    })),
    followUps: result.followUps,
    dropped: dropped.length,
    droppedSentences: dropped,
    gap,
    error: result.error,
    timings: result.timings,
  };
}

function citationAsJson({ collection, sourceId, title, section, page, quote, start, end }: Citation) {
  return { collection, sourceId, title, section, page, quote, start, end };
}

function asText(result: AnswerResult): string {
  const { sentences, dropped, gap, mode, model, redirection, understanding } = result;
  if (redirection) return `${redirection.title}\n${redirection.text}\n`;
  const read = (understanding?.changes ?? []).map(({ from, to }) => `Read “${from}” as “${to}”.\n`).join("");
  const warned = result.warnings.map(({ kind, drug, citations }) => {
    const quotes = citations.map(({ quote }) => `  ${quote.replace(/\s+/g, " ")}`);
    return `${kind === "boxed_warning" ? "BOXED WARNING" : "Contraindication"}, ${drug}:\n${quotes.join("\n")}\n\n`;
  });
  const before = `${read}${warned.join("")}`;
  if (gap) {
    const searched = gap.searched.map(
      ({ title, documents, through }) => `  ${title}: ${documents} documents${through ? `, through ${through}` : ""}`,
    );
    const nearest = gap.nearestMisses.map(({ title, collection }) => `  ${title} (${collection})`);
    return `${before}No evidence found.\nSearched:\n${searched.join("\n")}\nNearest misses:\n${nearest.join("\n")}\n`;
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
  const differ = result.contrasts.map(({ about, sides }) => {
    const said = sides.map(({ label, citation }) => `  ${label}: ${citation.quote.replace(/\s+/g, " ")}`);
    return `\nSources differ (${about}):\n${said.join("\n")}\n`;
  });
  const how =
    mode === "extractive"
      ? "Quoted from sources; no model."
      : `Written by ${model}, each sentence checked against its quote.`;
  return `${before}${lines.join("\n")}\n${differ.join("")}\n${references.join("\n")}\n\n${how}${dropped.length > 0 ? ` ${dropped.length} sentences dropped.` : ""}\n`;
}

function marksOf({ isSample, status, ocr }: Citation): string {
  const marks = [
    isSample && "sample",
    status !== "current" && status,
    typeof ocr === "number" && `recognised from a scan, confidence ${Math.round(100 * ocr)} %`,
  ].filter(Boolean);
  return marks.length > 0 ? ` (${marks.join("; ")})` : "";
}
