/** What readers say of answers: one verb a file. What is not theirs is not found. */
export { exportFeedbackCases } from "./export-cases.ts";
export { feedbackViewOf, giveFeedback } from "./give.ts";
export type { FeedbackFilter } from "./input.ts";
export { listFeedback, type ReviewedFeedback } from "./list.ts";
export { resolveFeedback } from "./resolve.ts";
export { withdrawFeedback } from "./withdraw.ts";
