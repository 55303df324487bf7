import { describe, expect, test } from "vitest";
import { abbreviationsIn } from "./abbreviations.ts";
import { namesOf } from "./names.ts";

const pairsOf = (text: string) => abbreviationsIn(text, 100).map(({ short, long }) => `${short} = ${long}`);

describe("abbreviations that a text spells out", () => {
  test.each([
    ["Adults with heart failure (HF) were seen.", ["HF = heart failure"]],
    [
      "Heart failure with reduced ejection fraction (HFrEF) is common.",
      ["HFrEF = Heart failure with reduced ejection fraction"],
    ],
    ["Patients took direct oral anticoagulants (DOACs).", ["DOAC = direct oral anticoagulants"]],
    [
      "We studied COPD (chronic obstructive pulmonary disease) in adults.",
      ["COPD = chronic obstructive pulmonary disease"],
    ],
    ["Acute myocardial infarction (AMI; 12 cases) rose.", ["AMI = Acute myocardial infarction"]],
    [
      "It rose. Deep-vein thrombosis (DVT) and pulmonary embolism (PE) fell.",
      ["DVT = Deep-vein thrombosis", "PE = pulmonary embolism"],
    ],
    ["The angiotensin-converting enzyme 2 (ACE2) receptor.", ["ACE2 = angiotensin-converting enzyme 2"]],
  ])("%s", (text, pairs) => expect(pairsOf(text)).toEqual(pairs));

  test.each([
    "The dose was raised (P < .001) in adults.",
    "Warfarin (see Table 2) was given.",
    "The trial (NCT01234567) ended.",
    "A rate (RR 1.2) was seen.",
    "Blood was drawn. (EDTA) was used.",
    "They used it (in 12 patients) again.",
    "The TNF pathway (TNF) is active.",
  ])("nothing is read into: %s", (text) => expect(pairsOf(text)).toEqual([]));

  test("the first reading of a document stands", () => {
    expect(pairsOf("Mitral insufficiency (MI) is old. Later, myocardial infarction (MI) came.")).toEqual([
      "MI = Mitral insufficiency",
    ]);
  });

  test("takes linear time on a long text of brackets", () => {
    const begin = process.cpuUsage().user;
    abbreviationsIn("(AB) word ".repeat(100_000), 1_000_000);
    expect((process.cpuUsage().user - begin) / 1000).toBeLessThan(5000);
  });
});

const document = (change: Partial<Parameters<typeof namesOf>[0]>) =>
  namesOf({ title: "Untitled", text: "", meshTerms: [], evidenceLevel: "other", metadata: {}, ...change }).map(
    ({ kind, surface, canonical }) => `${kind}: ${surface} = ${canonical}`,
  );

describe("the names of a label", () => {
  const label = (metadata: Record<string, unknown>) => document({ evidenceLevel: "label", metadata });

  test("its brand is its substance, with and without the salt", () => {
    expect(label({ brandName: "COUMADIN", genericName: "Warfarin Sodium", substances: ["WARFARIN SODIUM"] })).toEqual(
      expect.arrayContaining([
        "brand: coumadin = warfarin",
        "substance: warfarin sodium = warfarin",
        "substance: warfarin = warfarin",
      ]),
    );
  });
  test("a brand of two substances is both", () => {
    expect(
      label({ brandName: "Augmentin tablets, film coated", genericName: "amoxicillin and clavulanate potassium" }),
    ).toContain("brand: augmentin = amoxicillin and clavulanate");
  });
  test("a salt that is the drug stays", () => {
    expect(label({ brandName: "", genericName: "Sodium chloride" })).toContain(
      "substance: sodium chloride = sodium chloride",
    );
    expect(label({ genericName: "potassium chloride" })).toContain(
      "substance: potassium chloride = potassium chloride",
    );
  });
  test("a brand that is its generic name is no brand", () => {
    expect(
      label({ brandName: "Metformin Hydrochloride", genericName: "metformin hydrochloride" }).join(),
    ).not.toContain("brand:");
  });
  test("what other documents say of substances makes no drug names", () => {
    expect(document({ metadata: { substances: ["Warfarin"] } })).toEqual([]);
  });
});

describe("other names", () => {
  test("a topic's are its entry terms, and its short ones abbreviations", () => {
    expect(
      document({ title: "Heart Attack", metadata: { alsoCalled: ["MI", "Myocardial infarction", "heart attack"] } }),
    ).toEqual(["abbreviation: mi = heart attack", "entry_term: myocardial infarction = heart attack"]);
  });
  test("an inverted heading is known in the order of speech", () => {
    expect(document({ meshTerms: ["Diabetes Mellitus, Type 2", "Asthma", "Arthritis, Rheumatoid"] })).toEqual([
      "entry_term: type 2 diabetes mellitus = diabetes mellitus, type 2",
      "entry_term: rheumatoid arthritis = arthritis, rheumatoid",
    ]);
  });
});
