export interface RunsQuery {
  collection: string | null;
  status: string | null;
  offset: number;
}

/** The address of a page of runs. */
export function runsHref({ collection, status, offset }: RunsQuery): string {
  const query = new URLSearchParams();
  if (collection) query.set("collection", collection);
  if (status) query.set("status", status);
  if (offset > 0) query.set("offset", String(offset));
  return query.size > 0 ? `/admin/runs?${query}` : "/admin/runs";
}

type Given = string | string[] | undefined;

/** What an address asks for; what makes no sense in it is left out. */
export function readRunsQuery(given: Record<string, Given>, statuses: readonly string[]): RunsQuery {
  const text = (value: Given) => (typeof value === "string" && value !== "" ? value : null);
  const status = text(given.status);
  const offset = Number(text(given.offset) ?? 0);
  return {
    collection: text(given.collection),
    status: status && statuses.includes(status) ? status : null,
    offset: Number.isSafeInteger(offset) && offset > 0 ? offset : 0,
  };
}
