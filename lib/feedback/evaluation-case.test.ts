import { describe, expect, test } from "vitest";
import type { AnswerResult, Citation } from "../domain.ts";
import { evaluationCaseOf, type SaidOfAnswer } from "./evaluation-case.ts";

const citation = (sourceId: string) => ({ collection: "guidelines", sourceId }) as Citation;
const sentences = [
  { index: 0, text: "Give 5 mg (once).", group: null, citations: [citation("g1"), citation("g2")] },
  { index: 1, text: "Stop it\n at 30 %.", group: null, citations: [citation("g2")] },
];
const answer = { status: "answered", sentences, gap: null, redirection: null } as unknown as AnswerResult;

const caseOf = (change: Partial<SaidOfAnswer> = {}) =>
  evaluationCaseOf({
    id: "1",
    kind: "helpful",
    sentenceIndex: null,
    question: "How much?",
    earlier: ["What is it?"],
    collections: ["guidelines"],
    filters: { languages: ["en"] },
    answer,
    ...change,
  });
const meets = (pattern: string | undefined, text: string) => new RegExp(pattern ?? "(?!)", "iu").test(text);

describe("what a reader said, as a case", () => {
  test("what helped is expected again, from its sources", () => {
    const made = caseOf();
    expect(made).toMatchObject({
      id: "feedback-1",
      question: "How much?",
      earlier: ["What is it?"],
      collections: ["guidelines"],
      filters: { languages: ["en"] },
      expectation: "answered",
      sources: ["guidelines/g1", "guidelines/g2"],
      mustNotInclude: [],
      tags: ["feedback", "helpful"],
    });
    expect(made?.mustInclude).toHaveLength(2);
    expect(meets(made?.mustInclude[0], "First. give 5 mg  (once). Last.")).toBe(true);
    expect(meets(made?.mustInclude[0], "Give 5 mg once.")).toBe(false);
    expect(caseOf({ sentenceIndex: 1 })).toMatchObject({
      sources: ["guidelines/g2"],
      mustInclude: [expect.anything()],
    });
  });

  test.each(["wrong", "unsupported", "outdated"] as const)("a %s sentence must not be said again", (kind) => {
    const made = caseOf({ kind, sentenceIndex: 1 });
    expect(made).toMatchObject({ expectation: "any", mustInclude: [], sources: [], tags: ["feedback", kind] });
    expect(meets(made?.mustNotInclude[0], "Give 5 mg (once).\nStop it at 30 %.")).toBe(true);
    expect(meets(made?.mustNotInclude[0], "Give 5 mg (once).\nStop it at 40 %.")).toBe(false);
  });

  test("an answer that was bad as a whole must not be given again; a part of it may be right", () => {
    const [pattern] = caseOf({ kind: "wrong" })?.mustNotInclude ?? [];
    expect(meets(pattern, "Stop it at 30 %.\nNew.\nGive 5 mg (once).")).toBe(true);
    expect(meets(pattern, "Give 5 mg (once).")).toBe(false);
  });

  test("a gap or a redirection that helped is expected, one that did not should have been an answer", () => {
    const gap = { ...answer, status: "gap" as const, sentences: [] };
    const kind = "emergency" as const;
    const redirected = { ...gap, status: "redirected" as const, redirection: { kind, title: "", text: "" } };
    expect(caseOf({ answer: gap })).toMatchObject({ expectation: "gap" });
    expect(caseOf({ answer: gap, kind: "wrong" })).toMatchObject({ expectation: "answered", mustNotInclude: [] });
    expect(caseOf({ answer: redirected })).toMatchObject({ expectation: "redirected", redirection: kind });
    expect(caseOf({ answer: redirected, kind: "wrong" })).toMatchObject({ expectation: "answered" });
  });

  test("nothing is expected of an answer that came to nothing", () => {
    expect(caseOf({ answer: { ...answer, status: "failed", sentences: [] } })).toBeNull();
  });
});
