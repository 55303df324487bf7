/** The months by which messages are filed: how they lie on disk, and their way to the object store and back. */
export { bringBack, bringBackMonth } from "./bring-back.ts";
export { ensureHere } from "./ensure-here.ts";
export { parseMonth } from "./keys.ts";
export { listMonths, type MonthView } from "./list.ts";
export { makeSearchable } from "./make-searchable.ts";
export { type MoveReport, moveMonth } from "./move.ts";
export { startNightly } from "./nightly.ts";
export { readContents, readMessages, readWithFeedback } from "./read.ts";
export { type SettleReport, settleMonths } from "./settle.ts";
export { removeUnreferenced } from "./unreferenced.ts";
