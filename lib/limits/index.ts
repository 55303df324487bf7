/** What one may do how often, how much of it at once, and what a tenant's answers may cost. */
export { type Counted, rateLimitHeaders } from "./headers.ts";
export type { Lease } from "./leases.ts";
export { type Limits, openLimits, toldLimits } from "./limits.ts";
