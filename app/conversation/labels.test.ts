import { describe, expect, it } from "vitest";
import { droppedSentence, readDepths } from "#lib/domain.ts";
import { depthInWords, dropReasonInWords } from "./labels.ts";

describe("why a sentence was left out", () => {
  it("has words of its own for every reason there is", () => {
    for (const reason of droppedSentence.shape.reason.options) {
      expect(dropReasonInWords(reason), reason).not.toMatch(/^It did not pass the check/);
    }
  });

  it("is told for a reason that is not known yet", () => {
    expect(dropReasonInWords("unit_too_large")).toBe("It did not pass the check against its source (unit too large).");
  });
});

describe("how deeply a source was read", () => {
  it("is said for every depth, and not for answers from before it was kept", () => {
    for (const depth of readDepths) expect(depthInWords([{ depth, page: null }]), depth).toMatch(/^Read: \S/);
    expect(depthInWords([{ page: 3 }])).toBeNull();
  });

  it("names each page of a guideline once, in order", () => {
    const pages = [12, 4, 12].map((page) => ({ depth: "guideline_page" as const, page }));
    expect(depthInWords(pages)).toBe("Read: guideline pages 4, 12");
    expect(depthInWords(pages.slice(0, 1))).toBe("Read: guideline page 12");
    expect(depthInWords([{ depth: "abstract", page: 3 }])).toBe("Read: abstract only");
  });
});
