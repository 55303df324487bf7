import { describe, expect, test } from "vitest";
import type { DocumentSection } from "#lib/domain.ts";
import { populationsOf } from "./populations.ts";

const section = (label: string, path = [label]): DocumentSection => ({ label, path, start: 0, end: 1, page: null });
const about = (change: { title?: string; meshTerms?: string[]; sections?: DocumentSection[] }) =>
  populationsOf({ title: "", meshTerms: [], sections: [], ...change } as Parameters<typeof populationsOf>[0]);

describe("whom a document is about", () => {
  test.each([
    [["Infant, Newborn"], ["newborn"]],
    [["Child, Preschool", "Infant"], ["child"]],
    [
      ["Adolescent", "Young Adult"],
      ["adolescent", "adult"],
    ],
    [
      ["Middle Aged", "Aged, 80 and over"],
      ["older_adult", "adult"],
    ],
    [
      ["*Pregnancy/physiology", "Breast Feeding"],
      ["breastfeeding", "pregnancy"],
    ],
    [["Child Psychiatry", "Agedness", "Pregnancy Tests"], []],
  ])("MeSH %j is %j", (meshTerms, expected) => {
    expect(about({ meshTerms })).toEqual(expected);
  });

  test.each([
    ["Paediatric asthma in Wales", ["child"]],
    ["Childhood vaccines and infants", ["child"]],
    ["Fever in neonates and preterm infants", ["newborn"]],
    ["Falls in older adults", ["older_adult"]],
    ["Falls in adults and older people", ["older_adult", "adult"]],
    ["Statins for the elderly", ["older_adult"]],
    ["Gestational diabetes", ["pregnancy"]],
    ["Breast-feeding and codeine", ["breastfeeding"]],
    ["Depression in teenagers", ["adolescent"]],
    ["Otitis en los niños y recién nacidos", ["newborn", "child"]],
    ["Hipertensión en el embarazo", ["pregnancy"]],
    ["Caídas en adultos mayores", ["older_adult"]],
    ["Medicamentos y lactancia materna", ["breastfeeding"]],
    ["Diabetes en los adolescentes y adultos", ["adolescent", "adult"]],
    ["Adulteration of grandchildlike foods", []],
    ["Hypertension", []],
  ])("the title “%s” is %j", (title, expected) => {
    expect(about({ title })).toEqual(expected);
  });

  test("sections of a label are, however deep they stand", () => {
    const sections = [
      section("Pediatric Use", ["Use in specific populations", "Pediatric Use"]),
      section("8.5 Geriatric use"),
      section("USE IN PREGNANCY"),
      section("Nursing mothers"),
      section("Dosage", ["Adults", "Dosage"]),
    ];
    expect(about({ sections })).toEqual(["older_adult", "breastfeeding", "pregnancy", "child", "adult"]);
  });

  test("who is named nowhere has none, and who is named twice stands once", () => {
    expect(about({ title: "Aspirin", sections: [section("Results")], meshTerms: ["Humans", "Male"] })).toEqual([]);
    expect(about({ title: "Children", meshTerms: ["Child", "Child, Preschool"] })).toEqual(["child"]);
  });
});
