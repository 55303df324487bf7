import { describe, expect, test } from "vitest";
import { startOfDay, todayIn } from "./days.ts";
import { readQuery } from "./read-query.ts";
import { tokensOf } from "./tokens.ts";

const today = "2026-11-22"; // a Sunday
const self = { id: "self", name: "Eva Lind" };
const people = [
  { id: "ana", name: "Ana María Ruiz" },
  { id: "ben", name: "Ben Okafor" },
  { id: "ana2", name: "Dr. Ana Berg" },
  { id: "may", name: "May Chen" },
];
const read = (query: string) => readQuery(tokensOf(query), today, people, self);

describe("dates in a query", () => {
  const cases: [query: string, words: string, from: string | null, until: string | null][] = [
    ["warfarin today", "warfarin", "2026-11-22", "2026-11-22"],
    ["yesterday", "", "2026-11-21", "2026-11-21"],
    ["warfarin last week", "warfarin", "2026-11-09", "2026-11-15"],
    ["this week INR", "INR", "2026-11-16", "2026-11-22"],
    ["the last month metformin", "metformin", "2026-10-01", "2026-10-31"],
    ["this year", "", "2026-01-01", "2026-12-31"],
    ["sepsis last year", "sepsis", "2025-01-01", "2025-12-31"],
    ["in March", "", "2026-03-01", "2026-03-31"],
    ["asthma in December", "asthma", "2025-12-01", "2025-12-31"],
    ["asthma in March 2025", "asthma", "2025-03-01", "2025-03-31"],
    ["March 2025, asthma", "asthma", "2025-03-01", "2025-03-31"],
    ["2026-03 asthma", "asthma", "2026-03-01", "2026-03-31"],
    ["asthma 2026-03-14", "asthma", "2026-03-14", "2026-03-14"],
    ["in 2025", "", "2025-01-01", "2025-12-31"],
    ["before June", "", null, "2026-05-31"],
    ["since Monday", "", "2026-11-16", null],
    ["since Sunday", "", "2026-11-22", null],
    ["last Sunday", "", "2026-11-15", "2026-11-15"],
    ["after March 14, 2026", "", "2026-03-15", null],
    ["on 14 March", "", "2026-03-14", "2026-03-14"],
    ["until yesterday", "", null, "2026-11-21"],
    ["3 days ago", "", "2026-11-19", "2026-11-19"],
    ["a week ago", "", "2026-11-09", "2026-11-15"],
    ["two months ago", "", "2026-09-01", "2026-09-30"],
    ["a couple of weeks ago", "", "2026-11-02", "2026-11-08"],
    ["in the last 3 days", "", "2026-11-20", "2026-11-22"],
    ["past 2 weeks", "", "2026-11-09", "2026-11-22"],
    ["between May and July", "", "2026-05-01", "2026-07-31"],
    ["from March to May", "", "2026-03-01", "2026-05-31"],
    ["since March before June", "", "2026-03-01", "2026-05-31"],
    ["warfarina la semana pasada", "warfarina", "2026-11-09", "2026-11-15"],
    ["warfarina el mes pasado", "warfarina", "2026-10-01", "2026-10-31"],
    ["este año", "", "2026-01-01", "2026-12-31"],
    ["ayer", "", "2026-11-21", "2026-11-21"],
    ["hoy sepsis", "sepsis", "2026-11-22", "2026-11-22"],
    ["hace dos semanas", "", "2026-11-02", "2026-11-08"],
    ["hace 3 días", "", "2026-11-19", "2026-11-19"],
    ["en marzo de 2025", "", "2025-03-01", "2025-03-31"],
    ["antes de junio", "", null, "2026-05-31"],
    ["desde el lunes", "", "2026-11-16", null],
    ["el 14 de marzo de 2026", "", "2026-03-14", "2026-03-14"],
    ["entre mayo y julio", "", "2026-05-01", "2026-07-31"],
    ["los últimos 3 días", "", "2026-11-20", "2026-11-22"],
  ];
  test.each(cases)("%s", (query, words, from, until) => {
    expect(read(query)).toMatchObject({ words, from, until });
  });

  test.each([
    "what may cause it",
    "grade 2 may bleed",
    "march fracture",
    "last dose of heparin",
    "from 5 to 10 mg",
    "in pregnancy",
    "before surgery",
    "since menopause",
    "second week",
    '"last week" note',
    "2026-13",
    "2026-02-31",
    "ADA standards 2025",
    "sun exposure",
  ])("%s says nothing of when", (query) => {
    expect(read(query)).toMatchObject({ words: query, from: null, until: null });
  });
});

describe("people in a query", () => {
  const cases: [query: string, words: string, with_: string[][], from: string[] | null][] = [
    ["warfarin with Ben", "warfarin", [["ben"]], null],
    ["with ana ruiz heparin", "heparin", [["ana"]], null],
    ["with Ana", "", [["ana", "ana2"]], null],
    ["with Ana and with Ben", "and", [["ana", "ana2"], ["ben"]], null],
    ["from Dr Berg aspirin", "aspirin", [], ["ana2"]],
    ["aspirin by me", "aspirin", [], ["self"]],
    ["con María", "", [["ana"]], null],
    ["from May", "", [], ["may"]],
  ];
  test.each(cases)("%s", (query, words, with_, from) => {
    const query_ = read(query);
    const ids = (group: { id: string }[]) => group.map(({ id }) => id);
    expect(query_.words).toBe(words);
    expect(query_.with.map(ids)).toEqual(with_);
    expect(query_.senders && ids(query_.senders)).toEqual(from);
  });

  test.each(["warfarin with aspirin", "by mouth", "with", '"with Ben"', "with me"])("%s names nobody", (query) => {
    expect(read(query)).toMatchObject({ words: query, with: [], senders: null });
  });
});

test("the last word is taken as being typed, unless it is quoted, excluded or an alternative", () => {
  expect(read("heparin warf")).toMatchObject({ whole: "heparin ", beginning: "warf" });
  expect(read("beta-bl")).toMatchObject({ whole: "beta-", beginning: "bl" });
  expect(read('"unfractionated hep')).toMatchObject({ whole: '"unfractionated hep"', beginning: "" });
  expect(read("heparin -warf")).toMatchObject({ whole: "heparin -warf", beginning: "" });
  expect(read("heparin or warf")).toMatchObject({ whole: "heparin or warf", beginning: "" });
});

test("days begin where the reader is, also when clocks change", () => {
  expect(todayIn("Pacific/Auckland", new Date("2026-11-22T12:00:00Z"))).toBe("2026-11-23");
  expect(startOfDay("2026-11-22", "Europe/Madrid").toISOString()).toBe("2026-11-21T23:00:00.000Z");
  expect(startOfDay("2026-03-30", "Europe/Madrid").toISOString()).toBe("2026-03-29T22:00:00.000Z");
  expect(startOfDay("2026-03-29", "Europe/Madrid").toISOString()).toBe("2026-03-28T23:00:00.000Z");
  expect(startOfDay("2026-11-01", "America/New_York").toISOString()).toBe("2026-11-01T04:00:00.000Z");
  // In Santiago clocks go from midnight to one.
  expect(startOfDay("2026-09-06", "America/Santiago").toISOString()).toBe("2026-09-06T04:00:00.000Z");
});
