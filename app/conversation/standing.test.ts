import { describe, expect, it } from "vitest";
import type { CitationStanding } from "#lib/domain.ts";
import { aCitation, aSentence } from "./fixtures.ts";
import { asOfToday, changedSources, changeOf, changesInWords, lostGround } from "./standing.ts";

const today = (over: Partial<CitationStanding> = {}): CitationStanding => ({
  status: "current",
  note: null,
  changedAt: null,
  revised: false,
  corrections: [],
  ...over,
});
const cited = (number: number, over: Partial<CitationStanding> | null, start = 0) =>
  aCitation({ number, documentId: `d${number}`, start, today: over && today(over) });

describe("what has become of sources", () => {
  it("is nothing for one that stands, one not looked up, and one that was marked already when cited", () => {
    expect(changeOf(aCitation({ today: today() }))).toBeNull();
    expect(changeOf(aCitation())).toBeNull();
    expect(changeOf(aCitation({ status: "concern", today: today({ status: "concern" }) }))).toBeNull();
    expect(changeOf(aCitation({ status: "concern", today: today({ status: "retracted" }) }))).toBe("retracted");
  });

  it("is said once for each kind, the gravest first", () => {
    const changed = changedSources([
      aSentence({ citations: [cited(1, { status: "superseded" }), cited(2, { status: "retracted" })] }),
      aSentence({
        citations: [cited(2, { status: "retracted" }, 9), cited(3, { status: "retracted" }), cited(4, null)],
      }),
      aSentence({ citations: [cited(5, {}), cited(5, { revised: true }, 9)] }),
    ]);
    expect(changed.map(({ citation, change }) => [citation.number, change])).toEqual([
      [1, "superseded"],
      [2, "retracted"],
      [3, "retracted"],
      [5, "revised"],
    ]);
    expect(changesInWords(changed)).toEqual([
      "2 sources of this answer have since been retracted.",
      "A source of this answer has since been superseded.",
      "A source of this answer has been revised since: what was quoted no longer stands in it.",
    ]);
  });

  it("shows a source with the status of today", () => {
    expect(asOfToday(cited(1, { status: "retracted" })).status).toBe("retracted");
    expect(asOfToday(aCitation({ status: "concern", today: today() })).status).toBe("current");
    expect(asOfToday(aCitation({ status: "concern" })).status).toBe("concern");
  });

  it("takes a sentence's ground only when none of its sources is left", () => {
    const retracted = cited(1, { status: "retracted" });
    expect(lostGround(aSentence({ citations: [retracted] }))).toEqual({
      label: "Rests only on a retracted source",
      isGrave: true,
    });
    expect(lostGround(aSentence({ citations: [retracted, cited(2, { status: "withdrawn" })] }))?.label).toBe(
      "Rests only on retracted sources",
    );
    expect(lostGround(aSentence({ citations: [retracted, cited(2, {})] }))).toBeNull();
    expect(lostGround(aSentence({ citations: [cited(1, { revised: true })] }))).toMatchObject({ isGrave: false });
    expect(lostGround(aSentence({ citations: [] }))).toBeNull();
  });
});
