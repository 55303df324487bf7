import { describe, expect, test } from "vitest";
import type { Passage } from "../passage.ts";
import { makePassage } from "../testing/passages.ts";
import { SourceNumbers } from "../verify/index.ts";
import { findContrasts } from "./contrasts.ts";

type Side = [text: string, change?: Partial<Passage>];
const label: Partial<Passage> = { evidenceLevel: "label", publishedOn: "2019-05", title: "Warfarin tablets" };
const older: Partial<Passage> = { publishedOn: "2015" };

function contrastsOf(...sides: Side[]) {
  const passages = sides.map(([text, change], at) =>
    makePassage(text, { number: at + 1, documentId: String(at), title: `Source ${at}`, ...change }),
  );
  return { passages, contrasts: findContrasts([], passages, new SourceNumbers()) };
}

describe("told side by side", () => {
  test.each<[string, string, Side, Side]>([
    [
      "dose, warfarin",
      "another dose",
      ["The starting dose of warfarin in atrial fibrillation is 5 mg daily."],
      ["The starting dose of warfarin in atrial fibrillation is 10 mg daily.", label],
    ],
    [
      "dose, metformin",
      "another maximum",
      ["The maximum dose of metformin in adults is 2,000 mg daily."],
      ["The maximum dose of metformin in adults is 2,550 mg daily.", label],
    ],
    [
      "eGFR, metformin",
      "another threshold for the same act",
      ["Stop metformin when the eGFR falls below 30 mL/min."],
      ["Metformin must be stopped when the eGFR falls below 45 mL/min.", { evidenceLevel: "observational" }],
    ],
    [
      "INR, warfarin",
      "another range",
      ["The target INR for warfarin in atrial fibrillation is 2.0 to 3.0."],
      ["The target INR for warfarin in atrial fibrillation is 3.5 to 4.5.", label],
    ],
    [
      "recommendation, labetalol",
      "recommended here, refused there",
      ["Labetalol is recommended in asthma with hypertension."],
      ["Labetalol is contraindicated in asthma with hypertension.", label],
    ],
    [
      "recommendation, aspirin",
      "an older guideline against a newer one",
      ["Aspirin is not recommended for primary prevention of stroke."],
      ["Aspirin is recommended for primary prevention of stroke.", older],
    ],
  ])("%s: %s", (about, _, one, other) => {
    const { contrasts, passages } = contrastsOf(one, other);
    expect(contrasts).toHaveLength(1);
    expect(contrasts[0]?.about).toBe(about);
    expect(contrasts[0]?.sides.map(({ citation }) => citation.quote)).toEqual([one[0], other[0]]);
    for (const [at, { citation }] of (contrasts[0]?.sides ?? []).entries()) {
      const passage = passages[at] as Passage;
      expect(passage.text.slice(citation.start - passage.start, citation.end - passage.start)).toBe(citation.quote);
    }
  });

  test("each side says what it is and when", () => {
    const { contrasts } = contrastsOf(
      ["The starting dose of warfarin in atrial fibrillation is 5 mg daily.", { publishedOn: "2024-02-01" }],
      ["The starting dose of warfarin in atrial fibrillation is 10 mg daily.", { ...label, status: "superseded" }],
    );
    expect(contrasts[0]?.sides.map((side) => side.label)).toEqual(["Guideline, 2024", "FDA label, 2019, superseded"]);
  });
});

describe("no contrast", () => {
  const dose = "The starting dose of warfarin in atrial fibrillation is 5 mg daily.";
  test.each<[string, Side, Side]>([
    ["when both say the same", [dose], [dose, label]],
    [
      "when one is a part of the other's range",
      [dose],
      ["The starting dose of warfarin in atrial fibrillation is 2 to 5 mg daily.", label],
    ],
    ["between drugs", [dose], ["The starting dose of apixaban in atrial fibrillation is 10 mg daily.", label]],
    [
      "between children and adults",
      [dose],
      ["The starting dose of warfarin in children with atrial fibrillation is 1 mg daily.", label],
    ],
    [
      "between older people and others",
      [dose],
      ["The starting dose of warfarin in atrial fibrillation in the elderly is 2 mg daily.", label],
    ],
    [
      "between starting and maximum dose",
      [dose],
      ["The maximum dose of warfarin in atrial fibrillation is 10 mg daily.", label],
    ],
    [
      "between kidney failure and others",
      [dose],
      ["The starting dose of warfarin in atrial fibrillation with renal impairment is 2 mg daily.", label],
    ],
    [
      "between conditions",
      [dose],
      ["The starting dose of warfarin after orthopaedic knee replacement is 10 mg daily.", label],
    ],
    ["between units", [dose], ["The starting dose of warfarin in atrial fibrillation is 50 mg weekly.", label]],
    ["between quantities", ["The target INR for warfarin in atrial fibrillation is 2.0 to 3.0."], [dose, label]],
    [
      "between above and below",
      ["Stop metformin when the eGFR is below 30 mL/min."],
      ["Stop metformin unless the eGFR is above 45 mL/min.", label],
    ],
    [
      "between stopping and halving",
      ["Stop metformin when the eGFR is below 30 mL/min."],
      ["Halve the dose of metformin when the eGFR is below 45 mL/min.", label],
    ],
    [
      "between types of diabetes",
      ["Metformin is recommended in type 2 diabetes with obesity."],
      ["Metformin is contraindicated in type 1 diabetes with obesity.", label],
    ],
    [
      "within a document",
      [dose, { documentId: "1" }],
      ["The starting dose of warfarin in atrial fibrillation is 10 mg daily.", { documentId: "1" }],
    ],
    [
      "between copies of a label",
      [dose, { ...label, clusterId: "4" }],
      ["The starting dose of warfarin in atrial fibrillation is 10 mg daily.", { ...label, clusterId: "4" }],
    ],
    [
      "between sources of one kind and time",
      [dose],
      ["The starting dose of warfarin in atrial fibrillation is 10 mg daily."],
    ],
    [
      "between studies of neighbouring kinds",
      [dose, { evidenceLevel: "observational" }],
      ["The starting dose of warfarin in atrial fibrillation is 10 mg daily.", { evidenceLevel: "randomised_trial" }],
    ],
    [
      "of refusals for different reasons",
      ["Labetalol is recommended in pregnancy with hypertension."],
      ["Labetalol is contraindicated in asthma with heart block.", label],
    ],
    [
      "of two doses within one sentence",
      [dose],
      ["The starting dose of warfarin in atrial fibrillation is 10 mg daily or 7.5 mg daily in frail people.", label],
    ],
  ])("%s", (_, one, other) => {
    expect(contrastsOf(one, other).contrasts).toEqual([]);
  });
});

test("at most three, and the same documents about the same thing once", () => {
  const sides = [5, 10, 15, 20, 25].map(
    (dose, at): Side => [
      `The starting dose of warfarin in atrial fibrillation is ${dose} mg daily.`,
      { publishedOn: String(2000 + 5 * at) },
    ],
  );
  expect(contrastsOf(...sides).contrasts).toHaveLength(3);
});
