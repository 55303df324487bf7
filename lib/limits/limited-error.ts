import { RateLimitedError } from "../errors.ts";
import { type Counted, rateLimitHeaders } from "./headers.ts";
import { limitKinds } from "./kinds.ts";

/** What somebody over a limit is told: what they did too often, and when they may again. */
export function limitedError(counted: Counted): RateLimitedError {
  const { limit, windowSeconds, retryAfterSeconds } = counted;
  const done = limitKinds[counted.kind].done(limit.toLocaleString("en-GB"), inWords(windowSeconds));
  return new RateLimitedError(`${done} Try again in ${waitInWords(retryAfterSeconds)}.`, {
    "Retry-After": String(retryAfterSeconds),
    ...rateLimitHeaders([counted]),
  });
}

function inWords(seconds: number): string {
  if (seconds === 60) return "a minute";
  if (seconds === 3600) return "an hour";
  return `${seconds} seconds`;
}

function waitInWords(seconds: number): string {
  return seconds < 120 ? `${seconds} s` : `${Math.ceil(seconds / 60)} minutes`;
}
