import { describe, expect, test } from "vitest";
import { editDistance, nearestName } from "./misspelling.ts";
import { otherSpellings } from "./spelling.ts";

describe("edits between words", () => {
  test.each([
    ["warfarin", "warfarin", 0],
    ["warfrin", "warfarin", 1],
    ["wrafarin", "warfarin", 1],
    ["worfarim", "warfarin", 2],
    ["prednisone", "prednisolone", 2],
    ["metformin", "warfarin", 4],
  ])("%s and %s: %i", (left, right, edits) => {
    expect(editDistance(left, right, 3)).toBe(edits);
    expect(editDistance(right, left, 3)).toBe(edits);
  });
});

describe("the nearest name", () => {
  test("is not guessed between two that are about as near", () => {
    expect(nearestName("prednisolne", ["prednisolone", "prednisone"])).toBeNull();
    expect(nearestName("prednisolne", ["prednisolone"])).toBe("prednisolone");
  });
  test("is not sought for short words", () => expect(nearestName("iron", ["ivon"])).toBeNull());
});

describe("British and American spellings", () => {
  test.each([
    ["anaemia", "anemia"],
    ["haemorrhage", "hemorrhage"],
    ["oedema", "edema"],
    ["paediatric", "pediatric"],
    ["tumour", "tumor"],
    ["oesophageal", "esophageal"],
    ["diarrhoea", "diarrhea"],
    ["foetal", "fetal"],
    ["leukaemia", "leukemia"],
    ["randomised", "randomized"],
    ["hospitalisation", "hospitalization"],
    ["dyspnoea", "dyspnea"],
    ["ischaemic", "ischemic"],
    ["aetiology", "etiology"],
    ["fibre", "fiber"],
    ["sulphonylurea", "sulfonylurea"],
  ])("%s and %s", (british, american) => {
    expect(otherSpellings(british)).toContain(american);
    expect(otherSpellings(american)).toContain(british);
  });
});
