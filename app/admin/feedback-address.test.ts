import { describe, expect, it } from "vitest";
import { feedbackHref, parametersOf, readFeedbackQuery } from "./feedback-address.ts";

describe("the address of feedback", () => {
  it("asks for what is open when it says nothing or nonsense", () => {
    const nothing = { kind: null, state: "open", from: "", until: "" };
    expect(readFeedbackQuery({})).toEqual(nothing);
    const nonsense = { kind: "nice", state: ["all"], from: "2026-02-30", until: "yesterday" };
    expect(readFeedbackQuery(nonsense)).toEqual(nothing);
  });

  it("comes back as it was read", () => {
    for (const given of [
      { kind: "wrong", state: "resolved", from: "2026-03-01", until: "2026-03-05" },
      { kind: null, state: "all", from: "", until: "" },
      { kind: "helpful", state: "open", from: "", until: "2026-03-05" },
    ] as const) {
      const { searchParams } = new URL(feedbackHref(given), "http://localhost");
      expect(readFeedbackQuery(Object.fromEntries(searchParams))).toEqual(given);
    }
  });

  it("tells the routes everything that narrows, and no more", () => {
    expect(`${parametersOf(readFeedbackQuery({}))}`).toBe("state=open");
    expect(`${parametersOf(readFeedbackQuery({ state: "all" }))}`).toBe("");
  });
});
