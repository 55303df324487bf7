import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readBeirFolder } from "./beir.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "probatum-beir-"));
  mkdirSync(join(folder, "qrels"));
  write("corpus.jsonl", '{"_id": "d1", "title": "Statins", "text": "Statins lower LDL cholesterol."}\n');
  write("queries.jsonl", '{"_id": "q1", "text": "Do statins lower cholesterol?"}\n{"_id": 2, "text": "Unjudged?"}\n');
  write("qrels/test.tsv", "query-id\tcorpus-id\tscore\nq1\td1\t2\n2\td1\t0\n");
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("a BEIR folder", () => {
  it("gives the queries that have a relevant document, with their gains", async () => {
    const { corpusFile, queries } = await readBeirFolder(folder);
    expect(corpusFile).toBe(join(folder, "corpus.jsonl"));
    expect(queries).toEqual([{ id: "q1", text: "Do statins lower cholesterol?", gains: new Map([["d1", 2]]) }]);
  });

  it("reads the split it is asked for, and names those there are", async () => {
    write("qrels/dev.tsv", "query-id\tcorpus-id\tscore\r\n2\td1\t1\r\n");
    expect((await readBeirFolder(folder, "dev")).queries.map(({ id }) => id)).toEqual(["2"]);
    await expect(readBeirFolder(folder, "train")).rejects.toThrow(/train\.tsv is missing.*dev, test/);
  });

  it.each([
    ["a missing file", "queries.jsonl", null, /queries\.jsonl is missing/],
    [
      "a query that is not JSON",
      "queries.jsonl",
      '{"_id": "q1", "text": "x"}\n{oops}\n',
      /queries\.jsonl, line 2: not JSON/,
    ],
    ["a query without text", "queries.jsonl", '{"_id": "q1"}\n', /queries\.jsonl, line 1: text/],
    [
      "a query id that comes twice",
      "queries.jsonl",
      '{"_id": "q1", "text": "x"}\n{"_id": "q1", "text": "y"}\n',
      /line 2: the id q1 comes twice/,
    ],
    [
      "a judgement of an unknown query",
      "qrels/test.tsv",
      "query-id\tcorpus-id\tscore\nq9\td1\t1\n",
      /test\.tsv, line 2: .*no query q9/,
    ],
    [
      "a judgement without a number",
      "qrels/test.tsv",
      "query-id\tcorpus-id\tscore\nq1\td1\tgood\n",
      /test\.tsv, line 2: expected/,
    ],
    [
      "a judgement with too few fields",
      "qrels/test.tsv",
      "query-id\tcorpus-id\tscore\nq1 d1 1\n",
      /test\.tsv, line 2: expected/,
    ],
    [
      "a document judged twice",
      "qrels/test.tsv",
      "query-id\tcorpus-id\tscore\nq1\td1\t1\nq1\td1\t2\n",
      /line 3: document d1 is judged twice/,
    ],
    ["judgements without their heading", "qrels/test.tsv", "q1\td1\t1\n", /test\.tsv, line 1: expected the heading/],
    [
      "judgements that find nothing relevant",
      "qrels/test.tsv",
      "query-id\tcorpus-id\tscore\nq1\td1\t0\n",
      /names no relevant document/,
    ],
  ])("refuses %s", async (_what, file, content, message) => {
    if (content === null) rmSync(join(folder, file));
    else write(file, content);
    await expect(readBeirFolder(folder)).rejects.toThrow(message);
  });
});

function write(name: string, content: string) {
  writeFileSync(join(folder, name), content);
}
