import { expect, test } from "vitest";
import { splitSentences } from "./sentences.ts";

const split = (text: string) => splitSentences(text).map(({ start, end }) => text.slice(start, end));

const oneSentence = [
  "Give anticoagulants, e.g. Warfarin, in atrial fibrillation.",
  "The risk rose (i.e. It doubled) in group A.",
  "Aspirin vs. Placebo was compared in Fig. 2 and in Table S1.",
  "Dr. Smith and J. R. Jones reported it.",
  "Smith et al. reported a rate of 5.5 mg per day (p < .05).",
  "E. coli and S. aureus were isolated.",
  "See No. 3 of the series.",
  "The dose is 2.5 mg b.i.d. with food.",
  "The tumour (see Fig. 1. Panel B) was removed.",
  "The U.S. Food and Drug Administration approved it.",
  "Symptoms resolved at 9 a.m. on day 3.",
  "Cases rose by approx. 10% in Jan. 2020.",
];
test.each(oneSentence)("keeps together: %s", (text) => {
  expect(split(text)).toEqual([text]);
});

test.each([
  ["Lower the dose. Check the kidneys.", ["Lower the dose.", "Check the kidneys."]],
  ["Give vitamin D. It helps bone.", ["Give vitamin D.", "It helps bone."]],
  ["Is it safe? Yes! It is.", ["Is it safe?", "Yes!", "It is."]],
  ["It fell by 5. 12 patients died.", ["It fell by 5.", "12 patients died."]],
  ["P was .04. The trial stopped.", ["P was .04.", "The trial stopped."]],
  [
    "It is known.[12] Later work agreed [3,4]. Others did not.",
    ["It is known.[12]", "Later work agreed [3,4].", "Others did not."],
  ],
  ["Mortality fell.1,2 Stroke rose.", ["Mortality fell.1,2", "Stroke rose."]],
  ["“Stop the drug.” Then wait.", ["“Stop the drug.”", "Then wait."]],
  ["(Stop the drug.) Then wait.", ["(Stop the drug.)", "Then wait."]],
  ["Shown by Smith et al. The rate was low.", ["Shown by Smith et al.", "The rate was low."]],
  ["Use fluids, oxygen, etc. Then reassess.", ["Use fluids, oxygen, etc.", "Then reassess."]],
])("splits: %s", (text, expected) => {
  expect(split(text)).toEqual(expected);
});

test("a blank line, a heading and a list item end a sentence; a wrapped line does not", () => {
  const text =
    "Recommendations\nTreat adults with a systolic pressure of 140 mmHg or\nmore.\n\nOffer:\n• a thiazide\n• an ACE inhibitor\n- a calcium channel blocker\n1. Review yearly";
  expect(split(text)).toEqual([
    "Recommendations",
    "Treat adults with a systolic pressure of 140 mmHg or\nmore.",
    "Offer:",
    "• a thiazide",
    "• an ACE inhibitor",
    "- a calcium channel blocker",
    "1. Review yearly",
  ]);
});

test("a table row is one sentence", () => {
  const text = "Drug | Dose. Adult | Dose. Child\nA | 5 mg. Max. 10 mg | 2 mg";
  expect(split(text)).toEqual(text.split("\n"));
});

test("spans are in order, cover every visible character and hold no outer white space, for any text", () => {
  const seed = 20_260_417;
  let state = seed;
  const random = (limit: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state % limit;
  };
  const pieces = [
    "Dose",
    "e.g.",
    "5.5",
    ".",
    " ",
    "\n",
    "\n\n",
    "(",
    ")",
    "[1]",
    "• ",
    "a",
    "B.",
    "?",
    " | ",
    "mg",
    "…",
    "。",
    "\uD83D\uDE00",
    "No. 3",
  ];
  for (let round = 0; round < 500; round += 1) {
    const text = Array.from({ length: random(60) }, () => pieces[random(pieces.length)]).join("");
    let last = 0;
    let visible = "";
    for (const { start, end } of splitSentences(text)) {
      expect(start, `seed ${seed}`).toBeGreaterThanOrEqual(last);
      expect(text.slice(start, end), `seed ${seed}`).toBe(text.slice(start, end).trim());
      visible += text.slice(start, end).replace(/\s/g, "");
      last = end;
    }
    expect(visible, `seed ${seed}`).toBe(text.replace(/\s/g, ""));
  }
});

test("takes linear time on a long text without a full stop", () => {
  const text = "((((".repeat(50_000) + "a. ".repeat(50_000);
  const begin = process.cpuUsage().user;
  splitSentences(text);
  expect((process.cpuUsage().user - begin) / 1000).toBeLessThan(5000);
});

test("a remark after the full stop stays with its sentence, and a numbered recommendation begins one", () => {
  expect(
    split(
      "4.1 Prescribe apixaban 5 mg twice daily. (Strong recommendation)\n4.2 Reduce it to 2.5 mg when two apply. (Conditional recommendation, low-certainty evidence)\n\nNext.",
    ),
  ).toEqual([
    "4.1 Prescribe apixaban 5 mg twice daily. (Strong recommendation)",
    "4.2 Reduce it to 2.5 mg when two apply. (Conditional recommendation, low-certainty evidence)",
    "Next.",
  ]);
  expect(split("Two groups improved. (This was true of women too.) Others did not.")).toHaveLength(3);
});
