import { describe, expect, test } from "vitest";
import { makePassage } from "../testing/passages.ts";
import { SourceNumbers, verifySentence } from "./index.ts";

const text = "Start warfarin at 5 mg daily.\nThe target INR is 2.0–3.0 in adults.";
const passages = [
  makePassage(text),
  makePassage("Heparin is given by infusion in hospital.", { number: 2, documentId: "8", start: 0 }),
  makePassage("Vitamin E prevents every stroke.", { number: 3, documentId: "9", status: "retracted" }),
  makePassage("Give 25 mg of captopril twice daily.", { number: 4, documentId: "10", ocr: 0.87 }),
  makePassage("The usual dose is 25 mg of captopril.", { number: 5, documentId: "11" }),
];

function verify(sentence: string, ...quotes: [number, string][]) {
  return verifyIn("written", sentence, ...quotes);
}

function verifyIn(mode: "written" | "extractive", sentence: string, ...quotes: [number, string][]) {
  return verifySentence(
    { text: sentence, group: null, quotes: quotes.map(([passage, quote]) => ({ passage, quote })) },
    passages,
    new SourceNumbers(),
    mode,
  );
}

test("a sentence that stands is shown with what the document says at that place", () => {
  const verdict = verify("Begin with 5 mg of warfarin a day.", [1, "start  WARFARIN at 5 mg daily"]);
  expect(verdict).toMatchObject({
    sentence: {
      text: "Begin with 5 mg of warfarin a day.",
      citations: [{ quote: "Start warfarin at 5 mg daily", start: 100, end: 128, documentId: "7", number: 1 }],
    },
  });
});

test("offsets point into the document, not into the passage", () => {
  const verdict = verify("The target INR is 2–3.", [1, "target INR is 2.0-3.0"]);
  if (!("sentence" in verdict)) throw new Error(JSON.stringify(verdict));
  const [citation] = verdict.sentence.citations;
  expect(citation && text.slice(citation.start - 100, citation.end - 100)).toBe(citation?.quote);
  expect(citation?.quote).toBe("target INR is 2.0–3.0");
});

test("documents are numbered in the order of their first citation, and once", () => {
  const numbers = new SourceNumbers();
  expect([numbers.of("8"), numbers.of("7"), numbers.of("8")]).toEqual([1, 2, 1]);
});

describe("a sentence is dropped", () => {
  test.each<[string, string, string, ...[number, string][]]>([
    ["without a quote", "no_quote", "Warfarin works."],
    ["without words", "no_quote", "  ", [1, "Start warfarin at 5 mg daily"]],
    ["for an invented quote", "quote_not_found", "Warfarin is safe.", [1, "warfarin is safe in pregnancy"]],
    ["for a quote of another passage", "quote_not_found", "Heparin works.", [1, "Heparin is given by infusion"]],
    ["for a passage that was not supplied", "quote_not_found", "Warfarin works.", [9, "Start warfarin at 5 mg daily"]],
    [
      "for one bad quote among good ones",
      "quote_not_found",
      "Start warfarin.",
      [1, "Start warfarin at"],
      [2, "no such words"],
    ],
    ["for a quote of two words", "quote_not_found", "Warfarin works.", [1, "Start warfarin"]],
    ["for another dose", "number_not_in_quote", "Start with 10 mg daily.", [1, "Start warfarin at 5 mg daily"]],
    ["for another unit", "number_not_in_quote", "Start with 5 mcg daily.", [1, "Start warfarin at 5 mg daily"]],
    [
      "for a number of the passage that is not in the quote",
      "number_not_in_quote",
      "The INR is 2.0.",
      [1, "Start warfarin at 5 mg"],
    ],
    [
      "for a retracted source",
      "retracted_unmarked",
      "Vitamin E prevents stroke.",
      [3, "Vitamin E prevents every stroke"],
    ],
    [
      "for a number that a scan alone bears out",
      "number_on_ocr",
      "Start captopril at 25 mg.",
      [4, "Give 25 mg of captopril"],
    ],
    ["for a link", "link", "See [here](https://example.org).", [1, "Start warfarin at 5 mg daily"]],
    ["for a bare address", "link", "See www.example.org for it.", [1, "Start warfarin at 5 mg daily"]],
    ["for another scheme", "link", "See ftp://example.org now.", [1, "Start warfarin at 5 mg daily"]],
    ["for a script", "link", "See javascript:alert(1) now.", [1, "Start warfarin at 5 mg daily"]],
    ["for an image", "link", "![x](x.png) Start it.", [1, "Start warfarin at 5 mg daily"]],
    ["for an element", "link", "Start <img src=x> it.", [1, "Start warfarin at 5 mg daily"]],
  ])("%s", (_, reason, sentence, ...quotes) => {
    expect(verify(sentence, ...quotes)).toEqual({ dropped: { text: sentence.trim(), reason } });
  });
});

test("text recognised from a scan is quoted with its mark, and may say what holds no number", () => {
  const quote = "Give 25 mg of captopril twice daily.";
  expect(verifyIn("extractive", quote, [4, quote])).toMatchObject({ sentence: { citations: [{ ocr: 0.87, quote }] } });
  expect(verify("Captopril is given.", [4, quote])).toMatchObject({ sentence: { citations: [{ ocr: 0.87 }] } });
});

test("a number that stands on typed text too may be written", () => {
  const verdict = verify(
    "Start captopril at 25 mg.",
    [4, "Give 25 mg of captopril"],
    [5, "dose is 25 mg of captopril"],
  );
  expect(verdict).toHaveProperty("sentence");
});

test("a reference mark before a bracket is no link", () => {
  expect(verify("Start warfarin [1] (at first).", [1, "Start warfarin at 5 mg"])).toHaveProperty("sentence");
});
