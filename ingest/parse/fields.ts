import type { EvidenceLevel } from "#lib/domain.ts";
import { cleanText, collapseWhitespace } from "#lib/text/clean.ts";
import type { ParsedDocument } from "../types.ts";
import { inlineText, isTidy, newNotes, tidy } from "./inline.ts";
import type { XmlElement } from "./xml/tree.ts";

type Required = "sourceId" | "title" | "text" | "sections" | "evidenceLevel" | "isSample" | "original";

/** A document from the fields a format has; the others stand empty, as the contract wants them. */
export function makeDocument(
  fields: Pick<ParsedDocument, Required> & Partial<Omit<ParsedDocument, Required>>,
): ParsedDocument {
  return {
    language: "en",
    url: null,
    publishedOn: null,
    revisedOn: null,
    authors: [],
    publication: null,
    publicationTypes: [],
    meshTerms: [],
    status: "current",
    statusNote: null,
    links: [],
    metadata: {},
    pages: [],
    boxes: [],
    ocr: [],
    identifiers: [],
    ...fields,
  };
}

/** An element's content as one line of final text; empty when there is none. */
export function lineOf(element: XmlElement | null | undefined): string {
  if (!element) return "";
  const only = element.children.length === 1 ? element.children[0] : undefined;
  if (typeof only === "string" && isTidy(only)) return only;
  return tidy(inlineText(element.children, newNotes())).replaceAll("\n", " ");
}

/** A string as one line of final text. */
export function plainLine(text: string): string {
  return isTidy(text) ? text : collapseWhitespace(cleanText(text));
}

/** Without the empty ones. */
export function present(fields: Record<string, unknown>): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    const isEmpty =
      value === "" || value === null || value === undefined || (Array.isArray(value) && value.length === 0);
    if (!isEmpty) kept[name] = value;
  }
  return kept;
}

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/** ISO 8601 at the precision given; what is no date is left off. Months as numbers or English names. */
export function isoDate(year: string | null, month: string | null = null, day: string | null = null): string | null {
  const y = /^\s*(\d{4})\s*$/.exec(year ?? "")?.[1];
  if (!y || Number(y) < 1000) return null;
  const monthText = (month ?? "").trim().toLowerCase();
  const m = /^\d{1,2}$/.test(monthText) ? Number(monthText) : months.indexOf(monthText.slice(0, 3)) + 1;
  if (m < 1 || m > 12) return y;
  const d = /^\s*\d{1,2}\s*$/.test(day ?? "") ? Number(day) : 0;
  const yearMonth = `${y}-${String(m).padStart(2, "0")}`;
  if (d < 1 || d > new Date(Date.UTC(Number(y), m, 0)).getUTCDate()) return yearMonth;
  return `${yearMonth}-${String(d).padStart(2, "0")}`;
}

/** `20110426`, `201104` or `2011`, as SPL and openFDA write dates. */
export function compactDate(text: string | null | undefined): string | null {
  const match = /^(\d{4})(\d{2})?(\d{2})?/.exec(text?.trim() ?? "");
  return match ? isoDate(match[1] ?? null, match[2] ?? null, match[3] ?? null) : null;
}

const languageTags = new Map<string, string | null>();

/** BCP 47 of a language code (ISO 639-1, -2 or -3) as the formats give it; null when it is none. */
export function languageTag(code: string | null | undefined): string | null {
  const text = code?.trim().replaceAll("_", "-") ?? "";
  const known = languageTags.get(text);
  if (known !== undefined) return known;
  const tag = canonicalTag(text);
  if (languageTags.size < 1000) languageTags.set(text, tag);
  return tag;
}

function canonicalTag(text: string): string | null {
  if (!/^[a-z]{2,3}(?:-[a-z0-9]{2,8})*$/i.test(text)) return null;
  try {
    return Intl.getCanonicalLocales(text)[0] ?? null;
  } catch {
    // Not a tag by BCP 47's grammar: the same as none.
    return null;
  }
}

/** A link a reader may follow: http or https only. */
export function webAddress(text: string | null | undefined): string | null {
  const trimmed = text?.trim() ?? "";
  return /^https?:\/\//i.test(trimmed) && URL.canParse(trimmed) ? trimmed : null;
}

const levels: [EvidenceLevel, RegExp][] = [
  ["guideline", /^(?:practice guideline|guideline|consensus development conference.*)$/],
  ["systematic_review", /^(?:systematic[ -]review|meta-analysis|network meta-analysis)$/],
  [
    "randomised_trial",
    /^(?:randomi[sz]ed controlled trial|pragmatic clinical trial|equivalence trial|adaptive clinical trial)$/,
  ],
  [
    "observational",
    /^(?:observational study|clinical study|clinical trial.*|controlled clinical trial|cohort stud(?:y|ies)|case-control studies|cross-sectional studies|prospective studies|retrospective studies|longitudinal studies|follow-up studies)$/,
  ],
  ["case_report", /^(?:case reports?|case[ -]series)$/],
  ["review", /^(?:review|review[ -]article|scoping review|literature review)$/],
];

const ranks = new Map<string, number>();

/** Which of the levels a publication type says; their number for one that says none. */
function rankOf(type: string): number {
  const known = ranks.get(type);
  if (known !== undefined) return known;
  const lower = type.toLowerCase().trim();
  const found = levels.findIndex(([, pattern]) => pattern.test(lower));
  const rank = lower.endsWith(", veterinary") ? -1 : found === -1 ? levels.length : found;
  if (ranks.size < 50_000) ranks.set(type, rank);
  return rank;
}

/** The strongest kind of evidence among publication types (or study-design headings). Trials in animals are `other`. */
export function evidenceLevelOf(types: readonly string[]): EvidenceLevel {
  let strongest = levels.length;
  for (const type of types) {
    const rank = rankOf(type);
    if (rank === -1) return "other";
    strongest = Math.min(strongest, rank);
  }
  return levels[strongest]?.[0] ?? "other";
}
