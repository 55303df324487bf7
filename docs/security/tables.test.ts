import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";

const root = join(import.meta.dirname, "../..");
const read = (path: string) => readFileSync(join(root, path), "utf8");

const verdicts = ["met", "partly", "operator", "not met", "does not apply"] as const;
type Verdict = (typeof verdicts)[number];

const levels = z
  .record(z.string(), z.number())
  .parse(JSON.parse(readFileSync(join(import.meta.dirname, "asvs-ids.json"), "utf8")));

/** What 45 CFR 164.312 asks for, and the parts around it that are named in a line each. */
const technicalSafeguards: Record<string, string> = {
  "164.312(a)(1)": "standard",
  "164.312(a)(2)(i)": "required",
  "164.312(a)(2)(ii)": "required",
  "164.312(a)(2)(iii)": "addressable",
  "164.312(a)(2)(iv)": "addressable",
  "164.312(b)": "standard",
  "164.312(c)(1)": "standard",
  "164.312(c)(2)": "addressable",
  "164.312(d)": "standard",
  "164.312(e)(1)": "standard",
  "164.312(e)(2)(i)": "addressable",
  "164.312(e)(2)(ii)": "addressable",
};
const otherStandards = [
  ...[1, 2, 3, 4, 5, 6, 7, 8].map((number) => `164.308(a)(${number})`),
  "164.308(b)",
  ...["a", "b", "c", "d"].map((letter) => `164.310(${letter})`),
  "164.316(a)",
  "164.316(b)",
];

interface Row {
  chapter: string;
  id: string;
  /** The level of the one table, the kind of the other; empty where neither is given. */
  rank: string;
  asked: string;
  verdict: string;
  note: string;
  keptIn: string;
  shownBy: string;
}

/** The rows of every table whose first column is `id`. */
function rowsOf(document: string): Row[] {
  const rows: Row[] = [];
  let chapter = "";
  let columns: string[] = [];
  for (const line of document.split("\n")) {
    chapter = /^## (.+)$/.exec(line)?.[1] ?? chapter;
    if (!line.startsWith("|")) columns = [];
    const cells = line.split("|").slice(1, -1);
    const texts = cells.map((cell) => cell.trim());
    if (texts[0] === "id") columns = texts;
    if (columns.length === 0 || texts === columns || /^-+$/.test(texts[0] ?? "")) continue;
    expect(texts, line).toHaveLength(columns.length);
    const of = (...names: string[]) => texts[columns.findIndex((column) => names.includes(column))] ?? "";
    const [, verdict = "", note = ""] = /^\*\*(.+?)\*\*(?:: (.+))?$/.exec(of("verdict")) ?? [];
    rows.push({
      chapter,
      id: of("id"),
      rank: of("level", "kind"),
      asked: of("what is asked"),
      verdict,
      note,
      keptIn: of("kept in"),
      shownBy: of("shown by"),
    });
  }
  return rows;
}

const untested = "met, no test";
const none = "–";
const asVerdict = (verdict: string) => (verdict === untested ? "met" : verdict) as Verdict;

/** The line at a document's top. */
function countsOf(rows: Row[]): string {
  const of = (wanted: Verdict) => rows.filter(({ verdict }) => asVerdict(verdict) === wanted).length;
  const withoutTest = rows.filter(({ verdict }) => verdict === untested).length;
  const [met, ...others] = verdicts;
  const said = others.map((verdict) => `${of(verdict)} ${verdict}`).join(", ");
  return `${rows.length} requirements: ${of(met)} met (${withoutTest} of them without a test), ${said}.`;
}

function namedFiles({ keptIn }: Row): string[] {
  return [...keptIn.matchAll(/`([^`]+)`/g)].map(([, file = ""]) => file);
}

function namedTests({ shownBy }: Row): { file: string; title: string }[] {
  return [...shownBy.matchAll(/`([^`]+)` › `([^`]+)`/g)].map(([, file = "", title = ""]) => ({ file, title }));
}

/** Whether a file has a test of this title, or a table of tests: behind a bracket, or on a line of its own below one. */
function hasTest(source: string, title: string): boolean {
  const lines = source.split("\n").map((line) => line.trim());
  return ['"', "'", "`"].some((quote) => {
    const written = `${quote}${title}${quote},`;
    return source.includes(`(${written}`) || lines.includes(written);
  });
}

describe.each(["docs/security/asvs.md", "docs/security/hipaa.md"])("%s", (path) => {
  const document = read(path);
  const rows = rowsOf(document);

  test("begins with its counts", () => {
    const [first] = document.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
    expect(first).toBe(countsOf(rows));
  });

  test("has a verdict of the five in each row, and what goes with it", () => {
    for (const { id, verdict, note, asked, shownBy } of rows) {
      expect(verdicts, `${id}: ${verdict}`).toContain(asVerdict(verdict));
      expect(asked, id).not.toBe("");
      // What is missing, whose it is, or why it does not apply.
      if (asVerdict(verdict) !== "met") expect(note, `${id} says no more than “${verdict}”`).not.toBe("");
      if (verdict === "met") expect(shownBy, `${id} names no test`).not.toBe(none);
      if (verdict === untested) expect(shownBy, `${id} names a test`).toBe(none);
    }
  });

  test("names files that are there", () => {
    for (const row of rows) {
      const files = namedFiles(row);
      if (row.keptIn !== "") expect(files.map((file) => `\`${file}\``).join(", ") || none, row.id).toBe(row.keptIn);
      for (const file of files) expect(existsSync(join(root, file)), `${row.id}: ${file}`).toBe(true);
    }
  });

  test("names tests that are there, by their titles", () => {
    for (const row of rows) {
      const tests = namedTests(row);
      const written = tests.map(({ file, title }) => `\`${file}\` › \`${title}\``).join("; ") || none;
      if (row.shownBy !== "") expect(written, row.id).toBe(row.shownBy);
      for (const { file, title } of tests) {
        expect(file, row.id).toMatch(/\.(?:test|spec)\.ts$|\/contract\/[\w-]+\.ts$|\/contract\.ts$/);
        expect(existsSync(join(root, file)), `${row.id}: ${file}`).toBe(true);
        expect(hasTest(read(file), title), `${row.id}: ${file} › ${title}`).toBe(true);
      }
    }
  });
});

test("every requirement of levels 1 and 2 has one row, at its level, in its chapter", () => {
  const rows = rowsOf(read("docs/security/asvs.md"));
  expect(rows.map(({ id }) => id)).toEqual(Object.keys(levels));
  for (const { id, rank, chapter } of rows) {
    expect(Number(rank), id).toBe(levels[id]);
    expect(chapter.split(" ")[0], id).toBe(id.split(".")[0]);
  }
});

test("every standard and specification of 164.312 has one row, and the others a line", () => {
  const rows = rowsOf(read("docs/security/hipaa.md"));
  const technical = rows.filter(({ rank }) => rank !== "");
  expect(technical.map(({ id, rank }) => [id, rank])).toEqual(Object.entries(technicalSafeguards));
  expect(rows.filter(({ rank }) => rank === "").map(({ id }) => id)).toEqual(otherStandards);
});
