import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Deps } from "#lib/deps.ts";
import { readEnv } from "#lib/env.ts";
import { openTemporaryDeps } from "#lib/temporary-deps.ts";
import { evaluate } from "./evaluate.ts";
import { halfOf } from "./halves.ts";
import { evaluationTable, rounded } from "./report.ts";

const corpus = [
  { _id: "beta", title: "Propranolol and asthma", text: "Propranolol narrows the airways of people with asthma." },
  { _id: "iron", title: "Oral iron", text: "Taking iron on alternate days improves its absorption." },
  { _id: "gout", title: "Allopurinol", text: "Allopurinol prevents attacks of gout by lowering uric acid." },
  { _id: "q-own", title: "Copy of the query", text: "Which tablet lowers uric acid in gout?" },
];

describe("an evaluation", () => {
  let folder: string;
  let deps: Deps;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "probatum-evaluate-"));
    mkdirSync(join(folder, "qrels"));
    writeLines("corpus.jsonl", corpus);
    writeLines("queries.jsonl", [
      { _id: "q-own", text: "Which tablet lowers uric acid in gout?" },
      { _id: "q-iron", text: "How often should iron be taken for the best absorption?" },
      { _id: "q-missed", text: "Does propranolol narrow the airways?" },
    ]);
    const judgements = ["query-id\tcorpus-id\tscore", "q-own\tgout\t1", "q-iron\tiron\t1", "q-missed\tnot-there\t1"];
    writeFileSync(join(folder, "qrels", "test.tsv"), judgements.join("\n"));
    deps = await openTemporaryDeps(readEnv());
  });

  afterAll(async () => {
    await deps?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it("scores every arm over the application's own ingest and retrieval", async () => {
    const evaluation = await evaluate(deps, { folder });
    expect(evaluation.documents).toBe(4);
    expect(evaluation.judgedQueries).toBe(3);
    // Two of three found at rank 1: the query's own copy is left out, and a judged document that is absent is missed.
    const [all] = evaluation.summaries;
    expect(all).toMatchObject({ part: "all", queries: 3 });
    for (const estimates of Object.values(all?.arms ?? {})) {
      for (const { mean } of Object.values(estimates)) expect(mean).toBeCloseTo(2 / 3, 12);
    }
    expect(all?.hybridGain.dense.ndcg10).toEqual({ mean: 0, low: 0, high: 0 });
    expect(evaluationTable(rounded(evaluation))).toMatch(/hybrid\s+0\.6667\s+0\.6667\s+0\.6667\s+0\.6667/);
  });

  it("asks only the half it is told to, and the halves make the whole", async () => {
    const { summaries: whole } = await evaluate(deps, { folder });
    const { summaries: half } = await evaluate(deps, { folder, half: "report" });
    const ids = ["q-own", "q-iron", "q-missed"];
    const reported = ids.filter((id) => halfOf(id) === "report").length;
    expect(reported).toBeGreaterThan(0);
    expect(reported).toBeLessThan(3);
    expect(half).toMatchObject([{ part: "report half", queries: reported }]);
    expect(whole.find(({ part }) => part === "report half")).toEqual(half[0]);
  });

  it("refuses a corpus with a record that cannot be read, naming its line", async () => {
    const broken = mkdtempSync(join(tmpdir(), "probatum-broken-"));
    try {
      mkdirSync(join(broken, "qrels"));
      writeFileSync(join(broken, "corpus.jsonl"), `${JSON.stringify(corpus[0])}\n{"title": "no id"}\n`);
      writeFileSync(join(broken, "queries.jsonl"), '{"_id": "q", "text": "asthma"}\n');
      writeFileSync(join(broken, "qrels", "test.tsv"), "query-id\tcorpus-id\tscore\nq\tbeta\t1\n");
      await expect(evaluate(deps, { folder: broken })).rejects.toThrow(/corpus\.jsonl, line 2: .*_id/);
    } finally {
      rmSync(broken, { recursive: true, force: true });
    }
  });

  function writeLines(name: string, lines: object[]) {
    writeFileSync(join(folder, name), `${lines.map((line) => JSON.stringify(line)).join("\n")}\n`);
  }
});
