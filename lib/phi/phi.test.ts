import { describe, expect, test } from "vitest";
import { isIban, isNhsNumber, passesLuhn } from "./checksums.ts";
import {
  findIdentifiers,
  namesOf,
  placeholdersIn,
  replaceIdentifiers,
  restoreIdentifiers,
  summaryOf,
  withoutIdentifiers,
  withoutPlaceholders,
} from "./index.ts";

const found = (text: string) =>
  findIdentifiers(text).map(({ start, end, type }) => `${type}: ${text.slice(start, end)}`);

test.each([
  ["Mrs Anna Smith, 93-year-old, on apixaban", ["name: Anna Smith", "age: 93"]],
  ["MRN 00123456, DOB 12/03/1931, on warfarin", ["record: 00123456", "date: 12/03/1931"]],
  ["NHS number 943 476 5919, INR 2.5", ["nhs: 943 476 5919"]],
  ["Call his son on 07700 900123 or son@example.org", ["phone: 07700 900123", "email: son@example.org"]],
  ["Lives at 14 Crown Street, Leeds LS6 2AB. What dose?", ["address: 14 Crown Street, Leeds LS6 2AB"]],
  ["SSN 219-09-9999, card 4111 1111 1111 1111", ["ssn: 219-09-9999", "card: 4111 1111 1111 1111"]],
  ["They have three: Romane, Hannah and Anthony.", ["name: Romane", "name: Hannah", "name: Anthony"]],
  ["Her sons are Zdravljo and Tumelo.", ["name: Zdravljo", "name: Tumelo"]],
  ["“Is it my warfarin?” asked Vlkanova.", ["name: Vlkanova"]],
  ["Orsulka shouted at Dr Bell: who stopped it?", ["name: Orsulka", "name: Bell"]],
  ["The INR of Šárkezy is 5.", ["name: Šárkezy"]],
  ["Tamsel fell twice on doxazosin.", ["name: Tamsel"]],
  ["I write on behalf of Dorvika, on apixaban.", ["name: Dorvika"]],
  ["Ruta Wexlin\nward sister\nPhone: 0131 496 0722", ["name: Ruta Wexlin", "phone: 0131 496 0722"]],
  ["zola mersk asks. Mail zolamersk@clinic.example", ["name: zola", "name: mersk", "email: zolamersk@clinic.example"]],
  ["James Tolbrake was called Kevin Tolbrake III", ["name: James Tolbrake", "name: Kevin Tolbrake III"]],
  ["Directed by Brad L King", ["name: Brad L King"]],
  ["olga lemanova's sister asks", ["name: olga lemanova"]],
  ...[
    "+44 (0)20 7946 0958 ext. 12",
    "1(514)555-1234",
    "07.45.61.93.30",
    "60-56-85-91",
    "0664/1234567",
    "(57) 3152-8543",
    "06 30 123 4567",
    "514 555 1234 x9",
  ].map((phone): [string, string[]] => [`INR 3 (${phone})`, [`phone: ${phone}`]]),
  ["My new number is 6722 6543", ["phone: 6722 6543"]],
  ["Please call me at the ward, 79 338 07 92", ["phone: 79 338 07 92"]],
])("finds %s", (text, expected) => {
  expect(found(text)).toEqual(expected);
});

test.each([
  "Does the Wells score rule out pulmonary embolism in a 72-year-old?",
  "Levodopa for Parkinson's disease after 2019 guidelines: 300 mg or 12/3 mmol?",
  "Is Graves' orbitopathy made worse by radioiodine? PMID 12345678, doi 10.1001/jama.2020.1234567",
  "In patients aged over 90 years, is INR 2.0–3.0 safe? See https://www.nice.org.uk/guidance/ng196",
  "Lynch syndrome with MLH1 c.676C>T: when to screen? NCT01234567, rs1801133",
  "Hepatitis B Virus, Vitamin D 1000 IU, Factor X Deficiency, Type I Diabetes",
  "Addison disease, Marfan syndrome, Hodgkin lymphoma, Crohn's disease and Kawasaki disease",
  "Beck and Hamilton scales, Rankin score, Karnofsky, Rome IV, Kussmaul's sign, Adie pupil, Müllerian duct",
  "Wells score, Child-Pugh class, Glasgow coma scale, Wilson's disease, Ménière's disease, Sjögren syndrome, Guillain-Barré",
  "Lipitor, Zocor and Crestor: which is safest? Xarelto and Eliquis are newer. Tylenol fell out of favour.",
  "Ebola is found in Africa. Everyone asked: “Why?” said Pfizer. Anyone feels better on Prozac?",
  "Escherichia coli, Klebsiella and Pseudomonas were grown in Boston, Houston and Austin.",
  "Doses of 10-20-30-40 mg, 100 200 3000 units, 120 130 140 150 mmHg, 12 345 678 patients; 1999-2004, 2019-2020",
])("finds nothing in: %s", (text) => {
  expect(found(text)).toEqual([]);
});

test("names with hyphens are found again wherever they stand", () => {
  expect(found("Mrs Anne-Marie Smith-Jones called. Smith-Jones takes warfarin.")).toEqual([
    "name: Anne-Marie Smith-Jones",
    "name: Smith-Jones",
  ]);
});

describe("check digits", () => {
  test("tell numbers from others of their form", () => {
    expect([isNhsNumber("9434765919"), isNhsNumber("9434765918")]).toEqual([true, false]);
    expect([passesLuhn("4111111111111111"), passesLuhn("4111111111111112")]).toEqual([true, false]);
    expect([isIban("GB82 WEST 1234 5698 7654 32"), isIban("GB82 WEST 1234 5698 7654 33")]).toEqual([true, false]);
  });
});

describe("placeholders", () => {
  const redact = (text: string, known = [] as ReturnType<typeof replaceIdentifiers>["identifiers"]) =>
    replaceIdentifiers(text, findIdentifiers(text, namesOf(known)), known);

  test("stay those of a conversation, also for a part of a name", () => {
    const first = redact("Mrs Anna Smith, MRN 00123456, takes warfarin.");
    expect(first.text).toBe("Mrs [NAME-1], MRN [RECORD-1], takes warfarin.");
    const second = redact("Should Mrs Smith (MRN 00123456) stop? Mr Paul Jones asks.", first.identifiers);
    expect(second.text).toBe("Should Mrs [NAME-1] (MRN [RECORD-1]) stop? Mr [NAME-2] asks.");
    expect(restoreIdentifiers(second.text, second.identifiers)).toBe(
      "Should Mrs Smith (MRN 00123456) stop? Mr Paul Jones asks.",
    );
  });

  test("of two people of one family stay apart", () => {
    const { text } = redact("Mr Paul Smith and Mrs Anna Smith are here; Mr Smith has AF.");
    expect(text).toBe("Mr [NAME-1] and Mrs [NAME-2] are here; Mr [NAME-3] has AF.");
  });

  test("that somebody typed are never given to a person", () => {
    const { text, identifiers } = redact("What is [NAME-1]? Mrs Anna Smith asks.");
    expect(text).toBe("What is [NAME-1]? Mrs [NAME-2] asks.");
    expect(restoreIdentifiers(text, identifiers)).toBe("What is [NAME-1]? Mrs Anna Smith asks.");
  });

  test("are put back in every text of an answer", () => {
    const { identifiers } = redact("Mrs Anna Smith");
    const answer = { sentences: [{ text: "[NAME-1] may stop." }], gap: { question: "Who is [NAME-1]?" }, count: 2 };
    expect(restoreIdentifiers(answer, identifiers)).toEqual({
      sentences: [{ text: "Anna Smith may stop." }],
      gap: { question: "Who is Anna Smith?" },
      count: 2,
    });
    expect(placeholdersIn(answer)).toEqual(["[NAME-1]"]);
  });

  test("are searched as nothing, an age as what it says", () => {
    expect(withoutPlaceholders("May [NAME-1], a [AGE-1]-year-old, take warfarin?")).toBe(
      "May, a over 89 years old, take warfarin?",
    );
    expect(withoutPlaceholders("Mrs [NAME-1]: apixaban or warfarin? Dr. [NAME-2] asks about [NAME-1]'s INR.")).toBe(
      "apixaban or warfarin? asks about INR.",
    );
  });

  test("have no number where nothing keeps them", () => {
    expect(withoutIdentifiers("Letter to Mrs Anna Smith")).toBe("Letter to Mrs [NAME]");
  });
});

test("says what was found in words", () => {
  expect(summaryOf([{ type: "name" }, { type: "date" }, { type: "date" }])).toBe("a name and 2 dates");
});

test("takes a few milliseconds for a question", () => {
  const question =
    "Mrs Anna Smith (DOB 12/03/1931, MRN 00123456) of 14 Crown Street, Leeds, takes apixaban 5 mg BD with eGFR 28. Should the dose change? Her son Tom is on 07700 900123, and Dr Fiona McAllister, Ruth and Wei ask too. ";
  findIdentifiers(question);
  const times = Array.from({ length: 15 }, () => {
    const started = performance.now();
    findIdentifiers(question);
    return performance.now() - started;
  });
  expect(Math.min(...times)).toBeLessThan(5);
});

test("takes time in proportion to the text, whatever it holds", () => {
  for (const piece of [
    "A",
    "Aa ",
    "1",
    "12 ",
    "a@",
    "1:",
    "Aa-",
    "lives at 1 ",
    "patient Aa Bb, ",
    "+1 23 ",
    "the corner of ",
  ]) {
    const started = performance.now();
    findIdentifiers(piece.repeat(2_000).slice(0, 4_000));
    expect(performance.now() - started, piece).toBeLessThan(3_000);
  }
});
