import { describe, expect, test } from "vitest";
import { findQuote } from "./quotes.ts";

const stands = (text: string, quote: string): string | null => {
  const place = findQuote(text, quote);
  return place && text.slice(place.start, place.end);
};

describe("a quote stands", () => {
  test.each([
    ["as it is", "Give 5 mg daily. Then stop.", "5 mg daily.", "5 mg daily."],
    [
      "in another case",
      "Warfarin is CONTRAINDICATED in pregnancy",
      "warfarin is contraindicated",
      "Warfarin is CONTRAINDICATED",
    ],
    ["with other white space", "renal\n  function\tfalls", "renal function falls", "renal\n  function\tfalls"],
    ["with white space around it", "renal function falls", "  renal function \n", "renal function"],
    [
      "with typographic marks",
      "the patient’s “dry weight” – 70 kg",
      `the patient's "dry weight" - 70`,
      "the patient’s “dry weight” – 70",
    ],
    [
      "at a later place, when the first would cut a number",
      "2.5 mg daily, later 5 mg daily",
      "5 mg daily",
      "5 mg daily",
    ],
    ["after a footnote number", "in many patients.5 Next sentence", "5 Next sentence", "5 Next sentence"],
    ["behind a year", "In 2019 120 patients took part", "120 patients took part", "120 patients took part"],
    ["next to a character outside the basic plane", "𝐀 word 😀 here and there", "😀 here and", "😀 here and"],
    ["whose lower case is longer", "İstanbul trial of warfarin", "trial of warfarin", "trial of warfarin"],
  ])("%s", (_, text, quote, found) => {
    expect(stands(text, quote)).toBe(found);
  });
});

test("the last of two places is given when only it is whole", () => {
  expect(findQuote("2.5 mg daily, later 5 mg daily", "5 mg daily")).toEqual({ start: 20, end: 30 });
});

describe("a quote does not stand", () => {
  test.each([
    ["that is empty", "anything", "  \n "],
    ["that was never written", "Give 5 mg daily.", "Give 6 mg daily."],
    ["with a word left out", "is not recommended in pregnancy", "is recommended in pregnancy"],
    ["as the tail of a decimal", "Start with 2.5 mg daily in adults.", "5 mg daily in adults"],
    ["as the tail of a bare decimal", "Start with .5 mg daily", "5 mg daily"],
    ["as the tail of a decimal comma", "Inicie con 0,5 mg al día", "5 mg al día"],
    ["as the tail of a longer number", "Give 15 mg daily", "5 mg daily"],
    ["as the tail of a grouped number", "Give 1,500 mg daily", "500 mg daily"],
    ["as the tail of a number grouped by a space", "Give 10 000 units daily", "000 units daily"],
    ["as the head of a longer number", "a dose of 50 mg", "a dose of 5"],
    ["as the head of a decimal", "a dose of 5.5 mg", "a dose of 5"],
    ["without the sign that follows", "mortality fell by 5% in adults", "mortality fell by 5"],
    ["without the sign that follows a space", "mortality fell by 5 % in adults", "mortality fell by 5"],
    ["as one end of a range", "give 5–10 mg daily", "10 mg daily"],
    ["as the first end of a range", "give 5–10 mg daily", "give 5"],
    ["as half of a blood pressure", "below 130/80 mmHg", "below 130"],
    ["without its comparison", "if eGFR is <30 mL/min stop", "30 mL/min stop"],
    ["as the tail of a word", "anticoagulation is unsafe here", "safe here"],
    ["as the head of a word", "the treatment is effective", "the treatment is effect"],
  ])("%s", (_, text, quote) => {
    expect(stands(text, quote)).toBeNull();
  });
});

test("takes linear time on a text that nearly matches everywhere", () => {
  const text = "a ".repeat(20_000);
  const begin = process.cpuUsage().user;
  expect(findQuote(text, `${"a ".repeat(200)}b`)).toBeNull();
  expect((process.cpuUsage().user - begin) / 1000).toBeLessThan(2_000);
});
