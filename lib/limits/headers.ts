import { type LimitKind, limitKinds } from "./kinds.ts";
import type { RateLimitDecision } from "./rate-limiter.ts";

/** One thing that was counted against a limit. */
export interface Counted extends RateLimitDecision {
  kind: LimitKind;
}

/**
 * The limits a request was counted against, as structured fields: the policy (quota, window in seconds) and what is left
 * of it (remaining, seconds until it is whole again). See draft-ietf-httpapi-ratelimit-headers-10.
 */
export function rateLimitHeaders(counted: readonly Counted[]): Record<string, string> {
  if (counted.length === 0) return {};
  const latest = [...new Map(counted.map((one) => [one.kind, one])).values()];
  const list = (item: (one: Counted) => string) =>
    latest.map((one) => `"${limitKinds[one.kind].policy}";${item(one)}`).join(", ");
  return {
    "RateLimit-Policy": list(({ limit, windowSeconds }) => `q=${limit};w=${windowSeconds}`),
    RateLimit: list(({ remaining, resetSeconds }) => `r=${remaining};t=${resetSeconds}`),
  };
}
