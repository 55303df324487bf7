import type { FeedbackKind, FeedbackView } from "#lib/domain.ts";

/** What is spoken of: an answer, or one of its sentences. */
export interface FeedbackPlace {
  messageId: string;
  /** Null: the whole answer. */
  sentenceIndex: number | null;
}

export const kindLabels: Record<FeedbackKind, string> = {
  helpful: "Helpful",
  wrong: "Wrong",
  unsupported: "Not supported by its source",
  outdated: "Outdated",
};

/** What is wrong with it, in the order it is asked. */
export const problemKinds = ["wrong", "unsupported", "outdated"] as const satisfies FeedbackKind[];

export function feedbackAt(feedback: FeedbackView[], place: FeedbackPlace): FeedbackView | null {
  return feedback.find((one) => isAt(one, place)) ?? null;
}

/** The same without what was said at a place, and with what is said there now. */
export function withFeedback(
  feedback: FeedbackView[],
  place: FeedbackPlace,
  said: FeedbackView | null,
): FeedbackView[] {
  const others = feedback.filter((one) => !isAt(one, place));
  return said ? [...others, said] : others;
}

function isAt(one: FeedbackPlace, { messageId, sentenceIndex }: FeedbackPlace): boolean {
  return one.messageId === messageId && one.sentenceIndex === sentenceIndex;
}
