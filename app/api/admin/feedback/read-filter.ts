import type { FeedbackFilter } from "#lib/feedback/index.ts";

/** `?kind=`, `?state=open|resolved`, `?from=` and `?until=` days; one that is empty is not set. */
export function readFilter({ searchParams }: URL): FeedbackFilter {
  const text = (name: string) => searchParams.get(name) || undefined;
  return { kind: text("kind"), state: text("state"), from: text("from"), until: text("until") };
}
