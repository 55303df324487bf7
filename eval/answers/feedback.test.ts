import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createConversation } from "#lib/conversations/index.ts";
import type { Deps } from "#lib/deps.ts";
import { exportFeedbackCases, giveFeedback } from "#lib/feedback/index.ts";
import { makeCorpus, makeViewer, openTestDeps } from "#lib/testing/deps.ts";
import { handWritten, warfarinQuestion } from "#lib/testing/hand-written.ts";
import { readCases } from "./cases.ts";
import { measure } from "./measure.ts";
import { asTable, isMissed } from "./report.ts";
import { runCases } from "./run.ts";

let deps: Deps;
let folder: string;
beforeAll(async () => {
  deps = await openTestDeps();
  folder = await mkdtemp(join(tmpdir(), "probatum-feedback-"));
});
afterAll(async () => {
  await deps?.close();
  await rm(folder, { recursive: true, force: true });
});

test("what readers say comes out as cases that hold until the answer changes for the better or the worse", async () => {
  const slug = await makeCorpus(deps, handWritten);
  const viewer = await makeViewer(deps);
  const questions = [
    warfarinQuestion,
    "Below which eGFR is metformin stopped?",
    "Is zolpidem safe while breastfeeding?",
  ];
  const said = [{ kind: "helpful" }, { kind: "outdated", sentenceIndex: 0 }, { kind: "helpful" }];
  for (const [at, question] of questions.entries()) {
    const { conversationId, answer } = await createConversation(deps, viewer, { question, collections: [slug] });
    await deps.running.get(answer.id)?.done;
    await giveFeedback(deps, viewer, conversationId, answer.id, said[at]);
  }
  const file = join(folder, "feedback.jsonl");
  let lines = "";
  for await (const line of exportFeedbackCases(deps, { ...viewer, role: "curator" })) lines += line;
  await writeFile(file, lines);
  const cases = await readCases(file);
  expect(cases.map(({ question, expectation }) => [question, expectation])).toEqual([
    [questions[2], "gap"],
    [questions[1], "any"],
    [questions[0], "answered"],
  ]);
  const outcomes = await runCases(deps, cases);
  const [gap, outdated, helpful] = outcomes;
  expect(gap).toMatchObject({ isExpected: true });
  expect(helpful).toMatchObject({ isExpected: true, covered: 1, hitsSource: true });
  expect(outdated).toMatchObject({ isExpected: true, isForbidden: true });
  expect(outcomes.filter(isMissed)).toEqual([outdated]);
  expect(asTable("set", measure(outcomes), outcomes)).toContain("expected any, answered, says what must not be said");
});
