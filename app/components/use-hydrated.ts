import { useSyncExternalStore } from "react";

const never = () => () => undefined;

/** False until the page's scripts run: what would do nothing before then is shown as not ready. */
export function useHydrated(): boolean {
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
}
