import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

/**
 * Runs the work while another process writes: so many writers ask and are answered without a pause, each in a
 * conversation of its own. As on a ward, they share the database with who reads, not the reader's event loop.
 */
export async function withWriters<T>(url: string, count: number, work: () => Promise<T>): Promise<T> {
  const child = fork(join(import.meta.dirname, "history-writing.ts"), [url, String(count)]);
  const ended = once(child, "exit").then(([code]) => {
    if (code !== 0) throw new Error(`the writers stopped with ${code}`);
  });
  ended.catch(() => undefined); // told to whoever awaits it below
  const stopped = ended.then(() => Promise.reject(new Error("the writers stopped before they were told to")));
  stopped.catch(() => undefined);
  try {
    await Promise.race([once(child, "message"), stopped]);
    return await Promise.race([work(), stopped]);
  } finally {
    if (child.connected) child.disconnect();
    await ended;
  }
}
