type Given = Record<string, string | string[] | undefined>;

const names = ["person", "from", "until", "words", "collection", "feedback", "state"] as const;
export type ArchiveQuery = Partial<Record<(typeof names)[number], string>>;

/** What an address asks for; what is empty is not asked. */
export function readArchiveQuery(given: Given): ArchiveQuery {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = given[name];
      return typeof value === "string" && value.trim() !== "" ? [[name, value.trim()]] : [];
    }),
  );
}

export function archiveHref(query: ArchiveQuery, before?: string): string {
  const search = new URLSearchParams(query);
  if (before) search.set("before", before);
  return search.size > 0 ? `/admin/archive?${search}` : "/admin/archive";
}
