import { describe, expect, it } from "vitest";
import type { FeedbackView } from "#lib/domain.ts";
import { feedbackAt, withFeedback } from "./own-feedback.ts";

const said = (change: Partial<FeedbackView> = {}): FeedbackView => ({
  messageId: "a",
  sentenceIndex: null,
  kind: "helpful",
  note: "",
  updatedAt: "2026-01-05T09:00:00.000Z",
  ...change,
});

describe("one's own feedback", () => {
  const given = [said(), said({ sentenceIndex: 0, kind: "wrong" }), said({ messageId: "b" })];

  it("is found at its place: the whole answer is another than its first sentence", () => {
    expect(feedbackAt(given, { messageId: "a", sentenceIndex: null })).toBe(given[0]);
    expect(feedbackAt(given, { messageId: "a", sentenceIndex: 0 })).toBe(given[1]);
    expect(feedbackAt(given, { messageId: "b", sentenceIndex: 0 })).toBeNull();
  });

  it("is replaced and taken back at its place alone", () => {
    const place = { messageId: "a", sentenceIndex: 0 };
    const outdated = said({ ...place, kind: "outdated" });
    expect(withFeedback(given, place, outdated)).toEqual([given[0], given[2], outdated]);
    expect(withFeedback(given, place, null)).toEqual([given[0], given[2]]);
  });
});
