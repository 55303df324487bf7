import type { Redirection } from "../domain.ts";

/** What a question gets that no passage should answer; null for all others. */
export function redirectionOf(_question: string): Redirection | null {
  return null;
}
