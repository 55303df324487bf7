import type { AskEvent } from "../domain.ts";
import type { Receipt } from "./receipt.ts";

/** What an answer yields: for its readers, and once a `receipt` for the store. */
export type AnswerEvent = AskEvent | { type: "receipt"; receipt: Receipt };
