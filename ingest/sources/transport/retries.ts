import { ConstantBackoff, handleWhen, retry } from "cockatiel";
import { SourceError } from "../source-error.ts";
import { backoff, type Manners } from "./manners.ts";

export interface Watch {
  signal: AbortSignal;
  report(note: string): void;
}

/**
 * Does it again while its SourceError may pass, waiting as long as the source asked or ever longer. Every wait is
 * reported. @throws the last SourceError, or the signal's reason
 */
export async function withRetries<Result>(
  manners: Manners,
  watch: Watch,
  attempt: () => Promise<Result>,
): Promise<Result> {
  const policy = retry(
    handleWhen((error) => error instanceof SourceError && error.isPassing),
    { maxAttempts: manners.attempts - 1, backoff: new ConstantBackoff(0) },
  );
  let failures = 0;
  let last: SourceError | null = null;
  try {
    return await policy.execute(async () => {
      if (last) await pause(manners, watch, last, failures);
      watch.signal.throwIfAborted();
      try {
        return await attempt();
      } catch (error) {
        if (error instanceof SourceError) {
          last = error;
          failures += 1;
        }
        throw error;
      }
    }, watch.signal);
  } catch (error) {
    watch.signal.throwIfAborted();
    if (!(error instanceof SourceError && error.isPassing)) throw error;
    const { code, asked, reason, status, body, cause } = error;
    throw new SourceError(code, asked, `${reason}; given up after ${failures} attempts`, { status, body, cause });
  }
}

async function pause(manners: Manners, watch: Watch, error: SourceError, failures: number): Promise<void> {
  const asked = error.waitMs === null ? null : Math.min(error.waitMs, manners.longestRetryAfterMs);
  const milliseconds = Math.max(asked ?? 0, asked === null ? backoff(manners, failures) : 0);
  const seconds = (milliseconds / 1000).toFixed(milliseconds < 10_000 ? 1 : 0);
  watch.report(`${error.message}; asking again in ${seconds} s (attempt ${failures + 1} of ${manners.attempts})`);
  await manners.sleep(milliseconds, watch.signal);
}
