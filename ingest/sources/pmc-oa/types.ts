/** An article as a service lists it, and how its JATS file is had. */
export interface Article {
  /** `PMC123`. */
  id: string;
  /** Present when the service says why there is nothing to have. */
  absence?: string;
  isRetracted: boolean;
  fetch(): Promise<{ path: string; size: number; isRetracted?: boolean }>;
}

/** Which articles: named ones, or those changed in a span of ISO days, both included. */
export type Wanted = { ids: readonly string[] } | { from: string; until: string };
