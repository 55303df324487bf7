import type { Citation, LabelWarning } from "#lib/domain.ts";
import { placeKey } from "./sources.ts";

/** All that is shown of one kind for one drug: each quote once. */
export interface WarningGroup {
  kind: LabelWarning["kind"];
  drug: string;
  citations: Citation[];
}

/** Characters of quotes, and number of them, up to which contraindications are shown at once. */
const shownLength = 600;
const shownQuotes = 6;

/** Boxed warnings before contraindications, and by drug in the order they came. */
export function warningGroups(warnings: LabelWarning[]): WarningGroup[] {
  const groups = new Map<string, WarningGroup>();
  for (const { kind, drug, citations } of warnings) {
    const key = `${kind} ${drug.toLowerCase()}`;
    const group = groups.get(key) ?? { kind, drug, citations: [] };
    const known = new Set(group.citations.map(placeKey));
    groups.set(key, {
      ...group,
      citations: [...group.citations, ...citations.filter((one) => !known.has(placeKey(one)))],
    });
  }
  const all = [...groups.values()];
  return [...all.filter(({ kind }) => kind === "boxed_warning"), ...all.filter(({ kind }) => kind !== "boxed_warning")];
}

/** Whether a group may be folded: never a boxed warning, whatever its length. */
export function isFolded({ kind, citations }: WarningGroup): boolean {
  if (kind === "boxed_warning") return false;
  return citations.length > shownQuotes || citations.reduce((sum, { quote }) => sum + quote.length, 0) > shownLength;
}

/** A label's quotes together: what their source is needs saying once. */
export function byDocument(citations: Citation[]): { first: Citation; quotes: Citation[] }[] {
  const documents = new Map<string, { first: Citation; quotes: Citation[] }>();
  for (const citation of citations) {
    const known = documents.get(citation.documentId);
    if (known) known.quotes.push(citation);
    else documents.set(citation.documentId, { first: citation, quotes: [citation] });
  }
  return [...documents.values()];
}

export const warningLabels: Record<LabelWarning["kind"], string> = {
  boxed_warning: "Boxed warning",
  contraindication: "Contraindications",
};
