import { openHistoryDatabase } from "./history-database.ts";
import type { BenchRow } from "./measure.ts";

export async function history(
  serverUrl: string | undefined,
  messages: number,
  signal?: AbortSignal,
): Promise<BenchRow[]> {
  const { database } = await openHistoryDatabase(serverUrl, messages, signal);
  await database.close();
  return [];
}
