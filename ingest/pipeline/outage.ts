import { ExponentialBackoff, handleWhen, retry } from "cockatiel";
import { StorageError } from "#lib/storage/storage-error.ts";

export interface Patience {
  /** Milliseconds a backend may be away before the run gives up, to be gone on with later. */
  limitMs: number;
  initialDelayMs: number;
  maxDelayMs: number;
}

export const defaultPatience: Patience = { limitMs: 5 * 60_000, initialDelayMs: 250, maxDelayMs: 15_000 };

/** SQLSTATE classes of a server that is away, full or busy, and of transactions that lost to another. */
const passingStates = /^(?:08|53|57P|58|40001$|40P01$|55P03$)/;
const passingErrno = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EAI_AGAIN",
  "ENOENT", // the embedded server's socket, while it starts again
  "ENOSPC",
  "EDQUOT",
]);
const passingMessages =
  /connection terminated|timeout exceeded when trying to connect|client has encountered a connection error|no space left/i;

/** True for what may be right again by itself: a server away or starting, a full disk, a deadlock. */
export function isOutage(error: unknown): boolean {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth += 1) {
    const { code } = cause as NodeJS.ErrnoException;
    if (cause instanceof StorageError && cause.code === "unavailable") return true;
    if (typeof code === "string" && (passingStates.test(code) || passingErrno.has(code))) return true;
    if (passingMessages.test(cause.message)) return true;
  }
  return false;
}

/**
 * Does the work, again and again while a backend is away, with growing pauses. The work must be one that may be
 * repeated.
 * @param onWait called before each pause, with what is waited for
 * @throws the last error once the patience is at its end, and any other at once
 */
export async function throughOutages<T>(
  work: () => Promise<T>,
  options: { patience: Patience; signal: AbortSignal; onWait: (reason: string) => void },
): Promise<T> {
  const { patience, signal, onWait } = options;
  const giveUp = Date.now() + patience.limitMs;
  const policy = retry(
    handleWhen((error) => isOutage(error) && Date.now() < giveUp && !signal.aborted),
    {
      maxAttempts: Number.POSITIVE_INFINITY,
      backoff: new ExponentialBackoff({ initialDelay: patience.initialDelayMs, maxDelay: patience.maxDelayMs }),
    },
  );
  policy.onRetry((event) => {
    const reason = "error" in event ? (event.error as Error).message : "no answer";
    onWait(`waiting ${Math.ceil(event.delay / 1000)} s: ${reason}`);
  });
  return policy.execute(work, signal);
}
