import { describe, expect, it } from "vitest";
import { formatDuration, makerInWords, standingInWords, timingsInWords, versionInWords } from "./receipt-words.ts";

describe("a receipt in words", () => {
  it("marks what no longer stands, the gravest said first", () => {
    expect(standingInWords({ standing: "unchanged", status: "current" }).tone).toBe("plain");
    expect(standingInWords({ standing: "changed", status: "current" }).label).toBe("Changed since");
    expect(standingInWords({ standing: "changed", status: "retracted" })).toEqual({
      label: "Retracted",
      tone: "danger",
    });
    expect(standingInWords({ standing: "gone", status: "withdrawn" }).label).toBe("No longer kept");
  });

  it("tells the version of a collection that was searched from today's", () => {
    const collection = { slug: "labels", title: "Labels", version: 3 };
    expect(versionInWords({ ...collection, versionNow: 3 })).toBe("version 3, unchanged since");
    expect(versionInWords({ ...collection, versionNow: 5 })).toBe("version 3 then, 5 now");
    expect(versionInWords({ ...collection, versionNow: null })).toBe("version 3; the collection is gone");
  });

  it("never calls an answer quoted that a model wrote", () => {
    expect(makerInWords({ mode: "extractive", model: null })).toBe("Quoted sentences, no model");
    expect(makerInWords({ mode: "written", model: "small" })).toBe("Written by small");
    expect(makerInWords({ mode: "written", model: null })).not.toMatch(/no model/);
  });

  it("puts the sum last and names a part it has no words for", () => {
    expect(timingsInWords({ total: 1530, firstSentence: 80.4, sql: 3.21, crossEncoder: 12 })).toEqual([
      { label: "Searching the database", duration: "3.2 ms" },
      { label: "cross encoder", duration: "12 ms" },
      { label: "Until the first sentence", duration: "80 ms" },
      { label: "In all", duration: "1.5 s" },
    ]);
    expect(formatDuration(0)).toBe("0.0 ms");
  });
});
