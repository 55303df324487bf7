const names = ["person", "from", "until", "words", "collection", "feedback", "state"] as const;

/** The archive's filter in an address; one that is empty is not set. */
export function readFilter({ searchParams }: URL): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => (searchParams.get(name) ? [[name, searchParams.get(name) ?? ""]] : [])),
  );
}
