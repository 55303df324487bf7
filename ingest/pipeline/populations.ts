import type { Population } from "#lib/domain.ts";
import type { ParsedDocument } from "../types.ts";

/** MeSH headings that name whom an article studied: the check tags and their nearest kin (NLM Indexing Manual). */
const headings: Record<string, Population> = {
  "infant, newborn": "newborn",
  "infant, premature": "newborn",
  "infant, extremely premature": "newborn",
  "infant, low birth weight": "newborn",
  "infant, very low birth weight": "newborn",
  "infant, extremely low birth weight": "newborn",
  infant: "child",
  child: "child",
  "child, preschool": "child",
  adolescent: "adolescent",
  "young adult": "adult",
  adult: "adult",
  "middle aged": "adult",
  aged: "older_adult",
  "aged, 80 and over": "older_adult",
  "frail elderly": "older_adult",
  pregnancy: "pregnancy",
  "pregnant people": "pregnancy",
  "pregnant women": "pregnancy",
  "pregnancy in adolescence": "pregnancy",
  "pregnancy in diabetics": "pregnancy",
  "breast feeding": "breastfeeding",
  lactation: "breastfeeding",
};

/**
 * Words of titles and headings, English and Spanish, in lower case without accents. In order, each reading only what
 * those before have left: “older adults” says nothing of other adults.
 */
const words: [Population, RegExp][] = [
  [
    "newborn",
    inWords(
      "newborns?",
      "neonat\\p{L}*",
      "preterm infants?",
      "premature infants?",
      "recien nacid[oa]s?",
      "prematuros?",
    ),
  ],
  [
    "older_adult",
    inWords(
      "old(?:er)? (?:adults?|people|persons?|patients?|men|women|age)",
      "elderly",
      "geriatric\\p{L}*",
      "seniors?",
      "(?:adultos?|personas?|pacientes?) (?:mayor(?:es)?|de edad avanzada)",
      "ancian[oa]s?",
      "tercera edad",
    ),
  ],
  [
    "breastfeeding",
    inWords(
      "breast[- ]?fe(?:d|eding)",
      "breast milk",
      "lactati(?:on|ng)",
      "nursing (?:mothers?|women|infants?)",
      "lactancia",
      "leche materna",
      "amamant\\p{L}*",
    ),
  ],
  [
    "pregnancy",
    inWords(
      "pregnan(?:t|cy|cies)",
      "gestational",
      "prenatal",
      "antenatal",
      "embaraz\\p{L}*",
      "gestantes?",
      "gestacional(?:es)?",
    ),
  ],
  [
    "child",
    inWords(
      "child(?:ren|hood)?",
      "p(?:a)?ediatrics?",
      "infants?",
      "infancy",
      "toddlers?",
      "babies",
      "baby",
      "nin[oa]s?",
      "ninez",
      "infancia",
      "infantil(?:es)?",
      "pediatric[oa]s?",
      "pediatria",
      "lactantes?",
      "bebes?",
    ),
  ],
  ["adolescent", inWords("adolescen(?:ts?|ce)", "teen(?:s|agers?)?", "youths?", "adolescentes?", "adolescencia")],
  ["adult", inWords("adults?", "adultos?", "adultas?")],
];

function inWords(...patterns: string[]): RegExp {
  return new RegExp(`(?<!\\p{L})(?:${patterns.join("|")})(?!\\p{L})`, "gu");
}

/** Whom a document is about, by its MeSH headings and the words of its title and sections' names; often nobody named. */
export function populationsOf({ title, sections, meshTerms }: ParsedDocument): Population[] {
  const found = new Set<Population>();
  for (const term of meshTerms) {
    // A heading may carry its subheadings and the star of a major topic: `*Pregnancy/physiology`.
    const population = headings[plain(term).replace(/\*/g, "").split("/")[0]?.trim() ?? ""];
    if (population) found.add(population);
  }
  for (const text of new Set([title, ...sections.flatMap(({ label, path }) => [label, ...path])])) {
    let left = plain(text);
    for (const [population, pattern] of words) {
      const rest = left.replace(pattern, " ");
      if (rest !== left) found.add(population);
      left = rest;
    }
  }
  return words.map(([population]) => population).filter((population) => found.has(population));
}

function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
