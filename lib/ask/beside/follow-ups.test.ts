import { expect, test } from "vitest";
import type { Passage } from "../passage.ts";
import { makePassage } from "../testing/passages.ts";
import { SourceNumbers, verifySentence } from "../verify/index.ts";
import { followUpQuestions } from "./follow-ups.ts";

const dosing = makePassage("The starting dose of warfarin is 5 mg daily.\nWarfarin is given by mouth once daily.", {
  title: "Warfarin tablets",
  evidenceLevel: "label",
});
const against = makePassage(
  "Warfarin is contraindicated in pregnancy.\nWarfarin is contraindicated in active bleeding.",
  {
    number: 2,
    start: 500,
    section: "Contraindications",
    title: "Warfarin tablets",
  },
);
const interactions = makePassage("Warfarin interacts with amiodarone and many antibiotics.", {
  number: 3,
  start: 900,
  section: "Drug interactions",
  title: "Warfarin tablets",
});

function followUps(question: string, passages: Passage[], quote = "The starting dose of warfarin is 5 mg daily.") {
  const proposed = { text: quote, group: null, quotes: [{ passage: 1, quote }] };
  const verdict = verifySentence(proposed, passages, new SourceNumbers(), "extractive");
  if (!("sentence" in verdict)) throw new Error(JSON.stringify(verdict));
  const terms = [{ lexeme: "warfarin", chunks: 3, idf: 2 }];
  return followUpQuestions(question, passages, [{ index: 0, ...verdict.sentence }], { terms });
}

test("suggests what the passages speak of and the answer has not quoted", () => {
  const questions = followUps("What is the dose of warfarin?", [dosing, against, interactions]);
  expect(questions).toContain("What are the contraindications of warfarin?");
  expect(questions).toContain("Which interactions does warfarin have?");
  expect(questions.length).toBeLessThanOrEqual(3);
});

test("suggests nothing that no passage answers", () => {
  expect(followUps("What is the dose of warfarin?", [dosing])).toEqual([]);
});

test("never suggests what was asked already", () => {
  const questions = followUps("What are the contraindications and interactions of warfarin?", [
    dosing,
    against,
    interactions,
  ]);
  expect(questions.join()).not.toMatch(/contraindications|interactions/);
});

test("asks in the language of the question", () => {
  const questions = followUps("¿Cuál es la dosis de warfarin?", [dosing, against]);
  expect(questions).toContain("¿Cuáles son las contraindicaciones de warfarin?");
});

test("speaks of no other drug than the question's", () => {
  const other = makePassage("Heparin is contraindicated in active bleeding.", {
    number: 2,
    title: "Heparin",
    documentId: "9",
  });
  expect(followUps("What is the dose of warfarin?", [dosing, other])).toEqual([]);
});
