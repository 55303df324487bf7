import { useSyncExternalStore } from "react";

/**
 * The secret after the # of a mailed link, which browsers send to nobody. Null before the page's scripts run; "" when
 * the link has none.
 */
export function useLinkSecret(): string | null {
  return useSyncExternalStore(
    () => () => undefined,
    () => window.location.hash.slice(1),
    () => null,
  );
}
