import {
  analyzeMonth,
  clusterMonth,
  type MessageMonth,
  rewriteConversations,
  selectMessageMonths,
  selectScattered,
} from "#db/index.ts";
import type { Deps } from "../deps.ts";

export interface SettleReport {
  /** First day, ISO. */
  month: string;
  /** Laid out anew all at once; `busy`: others did not leave the month in time. */
  whole: "done" | "busy" | "settled" | null;
  /** Conversations whose rows were written anew, one by one. */
  conversations: number;
  messages: number;
}

export interface SettleOptions {
  /** Only this month, ISO first day; all when not said. */
  month?: string;
  /** Lays whole months out at once, during which nobody reads or writes them; else conversation by conversation. */
  whole?: boolean;
  /** A conversation is taken that has been silent for so long. */
  silentSeconds?: number;
  /** Leaves out conversations that nobody has written in for so many days: they were looked at then. */
  changedWithinDays?: number | null;
  signal?: AbortSignal;
  onProgress?: (report: SettleReport) => void;
}

const pageSize = 200;
/** Rows rewritten in one transaction: some tens of milliseconds. */
const messagesAtOnce = 200;
const lockSeconds = 2;
/** From here on a month's rows are in the order of its conversations, but for a few. */
export const settledOrder = 0.97;

/** Brings the rows of each conversation together on disk, where they lie scattered among others'. */
export async function settleMonths(deps: Pick<Deps, "database">, options: SettleOptions = {}): Promise<SettleReport[]> {
  const months = (await selectMessageMonths(deps.database)).filter(
    ({ month, bytes, messages }) =>
      bytes !== null && messages > 0 && (options.month === undefined || options.month === month),
  );
  const reports: SettleReport[] = [];
  for (const month of months) {
    options.signal?.throwIfAborted();
    reports.push(await settleMonth(deps, month, options));
  }
  return reports;
}

async function settleMonth(
  deps: Pick<Deps, "database">,
  { month, order }: MessageMonth,
  { whole, silentSeconds = 3_600, changedWithinDays = null, signal, onProgress }: SettleOptions,
): Promise<SettleReport> {
  const report: SettleReport = { month, whole: null, conversations: 0, messages: 0 };
  if (whole) {
    if (order !== null && order >= settledOrder) report.whole = "settled";
    else report.whole = (await clusterMonth(deps.database, month, lockSeconds)) ? "done" : "busy";
    onProgress?.(report);
    return report;
  }
  for (let after: string | null = null; ; ) {
    signal?.throwIfAborted();
    const page = await selectScattered(deps.database, month, {
      silentSeconds,
      changedWithinDays,
      after,
      limit: pageSize,
    });
    let batch: string[] = [];
    let messages = 0;
    const write = async () => {
      if (batch.length > 0) await rewriteConversations(deps.database, month, batch);
      report.conversations += batch.length;
      report.messages += messages;
      batch = [];
      messages = 0;
    };
    for (const conversation of page.scattered) {
      batch.push(conversation.id);
      messages += conversation.messages;
      if (messages >= messagesAtOnce) await write();
    }
    await write();
    onProgress?.(report);
    after = page.last;
    if (after === null) break;
  }
  if (report.conversations > 0) await analyzeMonth(deps.database, month);
  return report;
}
