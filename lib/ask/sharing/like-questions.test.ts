import { describe, expect, test } from "vitest";
import { LikeQuestions, likenessOf } from "./like-questions.ts";

describe("questions that say the same", () => {
  test.each([
    ["What is the starting dose of warfarin?", "what's the starting dose of warfarin"],
    ["What is the starting dose of warfarin?", "What was the starting dose of a warfarin?"],
    [
      "What is the starting dose of warfarin in atrial fibrillation?",
      "In atrial fibrillation, what is the starting dose of warfarin?",
    ],
    ["Which doses of apixaban are used after surgery?", "What dose of apixaban is used after surgery?"],
    ["Metformin can't be given below 30 mL/min?", "Metformin cannot be given below 30 mL/min?"],
    ["¿Qué es la diabetes?", "qué es la diabetes"],
  ])("“%s” and “%s”", (left, right) => {
    expect(likenessOf(left)).toBe(likenessOf(right));
  });
});

describe("tempting pairs that do not", () => {
  test.each([
    ["another dose", "Is warfarin 5 mg safe in adults?", "Is warfarin 50 mg safe in adults?"],
    ["a decimal", "Is 2.5 mg of apixaban enough?", "Is 25 mg of apixaban enough?"],
    ["another unit", "Is 5 mg of digoxin daily too much?", "Is 5 mcg of digoxin daily too much?"],
    ["another drug", "What is the dose of prednisone in asthma?", "What is the dose of prednisolone in asthma?"],
    ["a drug of like name", "Is hydroxyzine sedating?", "Is hydralazine sedating?"],
    ["its contrary", "Is metformin safe in kidney failure?", "Is metformin not safe in kidney failure?"],
    ["a negating prefix", "Is metformin safe?", "Is metformin unsafe?"],
    ["without", "Warfarin with aspirin after stenting?", "Warfarin without aspirin after stenting?"],
    ["before and after", "Stop apixaban before surgery?", "Stop apixaban after surgery?"],
    ["above and below", "Metformin above an eGFR of 30?", "Metformin below an eGFR of 30?"],
    ["a sign", "Metformin at eGFR < 30?", "Metformin at eGFR > 30?"],
    ["the other direction", "How to switch from warfarin to apixaban?", "How to switch from apixaban to warfarin?"],
    ["cause and effect", "Does insomnia cause depression?", "Does depression cause insomnia?"],
    ["who gains what", "Is the effect of aspirin on warfarin large?", "Is the effect of warfarin on aspirin large?"],
    ["another population", "Ibuprofen dose for adults?", "Ibuprofen dose for children?"],
    ["hyper and hypo", "How is hypertension treated?", "How is hypotension treated?"],
    ["another question word", "When is metformin stopped?", "Why is metformin stopped?"],
    ["how much and how often", "How much aspirin should be taken?", "How often should aspirin be taken?"],
    ["may and should", "May aspirin be stopped?", "Should aspirin be stopped?"],
    ["changed places of numbers", "From 5 mg to 10 mg of ramipril?", "From 10 mg to 5 mg of ramipril?"],
    ["and, or", "Warfarin and aspirin in stroke?", "Warfarin or aspirin in stroke?"],
    ["a word more", "Is aspirin safe in pregnancy?", "Is low-dose aspirin safe in pregnancy?"],
    ["another trimester", "Is it safe in the first trimester?", "Is it safe in the third trimester?"],
  ])("%s: “%s” and “%s”", (_, left, right) => {
    expect(likenessOf(left)).not.toBe(likenessOf(right));
  });
});

describe("finding a like question", () => {
  const likeness = likenessOf("Is warfarin safe?");
  const turned = (degrees: number) => [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  test("gives the nearest first, none below the threshold, none of another scope or likeness", () => {
    const known = new LikeQuestions();
    known.add("scope", { vector: turned(10), likeness, key: "near" });
    known.add("scope", { vector: turned(5), likeness, key: "nearer" });
    known.add("scope", { vector: turned(60), likeness, key: "far" });
    known.add("scope", { vector: turned(0), likeness: likenessOf("Is heparin safe?"), key: "another drug" });
    known.add("other", { vector: turned(0), likeness, key: "another tenant's" });
    expect(known.find("scope", { vector: turned(0), likeness }, 0.95)).toEqual(["nearer", "near"]);
    expect(known.find("unknown", { vector: turned(0), likeness }, 0.95)).toEqual([]);
  });
  test("holds a bounded number, the latest", () => {
    const known = new LikeQuestions();
    for (let at = 0; at < 250; at++) known.add("scope", { vector: turned(0), likeness, key: `k${at}` });
    const kept = known.find("scope", { vector: turned(0), likeness }, 0.95);
    expect(kept).toHaveLength(100);
    expect(kept).toContain("k249");
    for (let at = 0; at < 250; at++) known.add(`scope ${at}`, { vector: turned(0), likeness, key: "k" });
    expect(known.find("scope", { vector: turned(0), likeness }, 0.95)).toEqual([]);
    expect(known.find("scope 249", { vector: turned(0), likeness }, 0.95)).toEqual(["k"]);
  });
  test("holds no word of a question", () => {
    expect(likenessOf("Is warfarin safe for Ms Miller?")).toMatch(/^[\w-]{43}$/);
  });
});
