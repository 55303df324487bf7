import { describe, expect, it } from "vitest";
import { questionFilters } from "#lib/domain.ts";
import { dateProblem, filterChips, languageName, withoutEmpty, withValue } from "./filters.ts";

const all = {
  from: "2020-01-05",
  to: "2022-12-31",
  asOf: "2023-06-01",
  evidenceLevels: ["guideline" as const, "randomised_trial" as const],
  publicationTypes: ["Randomized Controlled Trial"],
  languages: ["es"],
  populations: ["older_adult" as const],
};

describe("filters as chips", () => {
  it("names everything that is set, in the order of the form", () => {
    expect(filterChips(all).map(({ label }) => label)).toEqual([
      "Published from 5 Jan 2020",
      "Published until 31 Dec 2022",
      "Known by 1 Jun 2023",
      "Guideline",
      "Randomised trial",
      "Randomized Controlled Trial",
      "Spanish",
      "Older adults",
    ]);
    expect(filterChips({ evidenceLevels: [] })).toEqual([]);
  });

  it("takes away just one thing, and every chip in turn leaves nothing the server would refuse", () => {
    expect(filterChips(all)[3]?.without).toEqual({ ...all, evidenceLevels: ["randomised_trial"] });
    let left: Parameters<typeof filterChips>[0] = all;
    for (let [chip] = filterChips(left); chip; [chip] = filterChips(left)) {
      const before = filterChips(left).length;
      left = questionFilters.parse(chip.without);
      expect(filterChips(left)).toHaveLength(before - 1);
    }
    expect(left).toEqual({});
  });
});

describe("a filter's values", () => {
  it("stand in the order of their kinds, once each", () => {
    const trial = withValue({ evidenceLevels: ["consumer"] }, "evidenceLevels", "guideline", true);
    expect(trial).toEqual({ evidenceLevels: ["guideline", "consumer"] });
    expect(withValue(trial, "evidenceLevels", "guideline", true)).toEqual(trial);
    expect(withValue({ languages: ["es"] }, "languages", "es", false)).toEqual({});
  });

  it("are left out when empty", () => {
    expect(withoutEmpty({ from: "", to: undefined, languages: [], publicationTypes: ["Review"] })).toEqual({
      publicationTypes: ["Review"],
    });
  });

  it("name a language in English, and one that is no tag by itself", () => {
    expect([languageName("es"), languageName("not a tag")]).toEqual(["Spanish", "not a tag"]);
  });
});

describe("dates that leave nothing", () => {
  it("are said in words, with the field to change", () => {
    expect(dateProblem({ from: "2024-01-02", to: "2023-01-02" })).toEqual({
      field: "to",
      message: "Nothing can be published from 2 Jan 2024 and until 2 Jan 2023: the first date is after the second.",
    });
    expect(dateProblem({ from: "2024-01-02", asOf: "2024-01-01" })?.field).toBe("asOf");
  });

  it("do not include a single day, an open end, or what was known later than the range", () => {
    expect(dateProblem({ from: "2024-01-02", to: "2024-01-02" })).toBeNull();
    expect(dateProblem({ from: "2024-01-02" })).toBeNull();
    expect(dateProblem({ to: "2020-01-01", asOf: "2024-01-01" })).toBeNull();
    expect(dateProblem({ to: "2024-01-01", asOf: "2020-01-01" })).toBeNull();
  });
});
