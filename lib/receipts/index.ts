/** What answers were made from: read by those who may read the answer, and made again by whoever holds the machine. */
export { getReceipt } from "./get.ts";
export { type Replay, replayAnswer } from "./replay.ts";
