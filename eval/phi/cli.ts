import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { findIdentifiers } from "#lib/phi/index.ts";
import { runCommand, say } from "#lib/terminal.ts";
import { type Half, halfOf, halves } from "../halves.ts";
import { clinicalTexts } from "./clinical.ts";
import { type MarkedText, type Measured, measure } from "./measure.ts";

const usage = `usage: npm run eval:phi -- [--data ../shared/data] [--half report|tune] [--misses]
Measures the finding of patient identifiers: on the marked texts of <data>/phi/spans.json, on the clinical texts of
eval/phi/clinical.json (one half each, by the hash of the text: rules are made on tune, figures given from report), and
on questions of medicine that hold none. A marked span counts as found when no letter or digit of it is left standing.`;

/** Marked there, but no identifiers of a patient: trades, peoples, firms; ages up to 89 may stand. */
const outside = new Set(["TITLE", "NRP", "ORGANIZATION", "AGE"]);

const { values } = parseArgs({
  options: {
    data: { type: "string", default: "../shared/data" },
    half: { type: "string", default: "report" },
    misses: { type: "boolean" },
    help: { type: "boolean", short: "h" },
  },
});

await runCommand(async () => {
  const half = halves.find((one) => one === values.half);
  if (values.help || !half) {
    say(usage);
    return values.help ? 0 : 1;
  }
  const spans = join(values.data, "phi/spans.json");
  if (existsSync(spans)) show(`Synthetic texts, ${half} half`, JSON.parse(readFileSync(spans, "utf8")), half, outside);
  else say(`${spans} is not there: skipped`);
  show(`Clinical texts, ${half} half`, clinicalTexts(), half, new Set());
  negatives(values.data);
  return 0;
});

function show(title: string, all: MarkedText[], half: Half, ignored: ReadonlySet<string>): void {
  const measured = measure(
    all.filter(({ text }) => halfOf(text) === half),
    ignored,
  );
  process.stdout.write(`${title}: ${measured.texts} texts\n\n${table(measured, ignored)}\n\n`);
  if (!values.misses) return;
  for (const { type, value, text } of measured.misses) say(`missed ${type} ${JSON.stringify(value)} in ${text}`);
  for (const { type, value, text } of measured.wrong) say(`wrong ${type} ${JSON.stringify(value)} in ${text}`);
}

function table({ byType, found }: Measured, ignored: ReadonlySet<string>): string {
  const rows = [...byType].toSorted(([, one], [, other]) => other.marked - one.marked);
  const inScope = rows.filter(([type]) => !ignored.has(type)).map(([, counts]) => counts);
  const sum = (of: (counts: { marked: number; whole: number; touched: number }) => number) =>
    inScope.reduce((total, counts) => total + of(counts), 0);
  const marked = sum((counts) => counts.marked);
  const recall = sum((counts) => counts.whole) / marked;
  const all = [...found.values()];
  const total = all.reduce((count, one) => count + one.found, 0);
  const precision = all.reduce((count, one) => count + one.right, 0) / total;
  const f1 = (2 * recall * precision) / (recall + precision);
  return [
    "| marked as | spans | recall, whole | recall, touched |",
    "| --- | --- | --- | --- |",
    ...rows.map(
      ([type, { marked: count, whole, touched }]) =>
        `| ${type}${ignored.has(type) ? " (not looked for)" : ""} | ${count} | ${share(whole, count)} | ${share(touched, count)} |`,
    ),
    `| all looked for | ${marked} | ${recall.toFixed(3)} | ${share(
      sum((counts) => counts.touched),
      marked,
    )} |`,
    "",
    "| found as | spans | precision |",
    "| --- | --- | --- |",
    ...[...found].map(([type, counts]) => `| ${type} | ${counts.found} | ${share(counts.right, counts.found)} |`),
    `| all | ${total} | ${precision.toFixed(3)} |`,
    "",
    `F1 ${f1.toFixed(3)}`,
  ].join("\n");
}

function share(part: number, whole: number): string {
  return whole === 0 ? "–" : (part / whole).toFixed(3);
}

/** Questions without identifiers: each thing found in one is wrong. */
function negatives(data: string): void {
  const questions = ["retrieval/claims", "retrieval/consumer"].flatMap((set) => {
    const file = join(data, set, "queries.jsonl");
    if (!existsSync(file)) return [];
    const lines = readFileSync(file, "utf8").trim().split("\n");
    return lines.map((line) => (JSON.parse(line) as { text: string }).text);
  });
  const pubmedqa = join(data, "pubmedqa/dev.json");
  if (existsSync(pubmedqa)) {
    const cases = JSON.parse(readFileSync(pubmedqa, "utf8")) as Record<string, { QUESTION: string }>;
    questions.push(...Object.values(cases).map(({ QUESTION }) => QUESTION));
  }
  if (questions.length === 0) return;
  const wrong = questions.flatMap((text) =>
    findIdentifiers(text).map(({ type, start, end }) => ({ type, value: text.slice(start, end) })),
  );
  const types = [...Map.groupBy(wrong, ({ type }) => type)].map(([type, ones]) => `${type} ${ones.length}`).join(", ");
  const rate = ((1000 * wrong.length) / questions.length).toFixed(2);
  process.stdout.write(
    `Questions of medicine: ${questions.length}; found in them ${wrong.length} (${rate} in 1,000)${types && `: ${types}`}\n`,
  );
}
