import { describe, expect, it } from "vitest";
import { understanding as schema, type Understanding } from "#lib/domain.ts";
import { understoodInWords } from "./understood.ts";

const read = (over: Partial<Understanding>): Understanding => ({ searchText: "q", parts: [], changes: [], ...over });

describe("how a question was read", () => {
  it("is not spoken of when it was taken as written", () => {
    expect(understoodInWords("Is HTN  common?", read({ searchText: "is htn common?" }), {})).toBeNull();
    expect(understoodInWords("Is HTN common?", null, {})).toBeNull();
  });

  it("names every kind of change with both readings", () => {
    for (const kind of schema.shape.changes.element.shape.kind.options) {
      const words = understoodInWords("q", read({ changes: [{ kind, from: "old words", to: "new words" }] }), {});
      expect(words?.changes, kind).toHaveLength(1);
      expect(words?.changes[0], kind).toContain("new words");
    }
    const changes = [{ kind: "abbreviation" as const, from: "HTN", to: "hypertension" }];
    expect(understoodInWords("HTN?", read({ changes }), {})?.changes).toEqual([
      "“HTN” as “hypertension” (abbreviation)",
    ]);
  });

  it("tells of a search text that no change accounts for", () => {
    expect(understoodInWords("And in pregnancy?", read({ searchText: "asthma in pregnancy" }), {})?.changes).toEqual([
      "“asthma in pregnancy”",
    ]);
  });

  it("lists the parts of a broad question and the filters in force", () => {
    expect(understoodInWords("q", read({ parts: ["a?", "b?"] }), { from: "2020-01-01", languages: ["en"] })).toEqual({
      changes: [],
      parts: { label: "Searched in 2 parts", questions: ["a?", "b?"] },
      filters: ["Published from 1 Jan 2020", "English"],
    });
  });
});
