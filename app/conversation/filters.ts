import { evidenceLevels, populations, type QuestionFilters } from "#lib/domain.ts";
import { evidenceLabels, formatDate, populationLabels } from "./labels.ts";

/** Where a question is put to: collections by slug (none means all) and what their documents have to be. */
export interface Scope {
  collections: string[];
  filters: QuestionFilters;
}

/** One thing that is set, in words, with what remains once it is taken away. */
export interface FilterChip {
  label: string;
  without: QuestionFilters;
}

type ListName = "evidenceLevels" | "publicationTypes" | "languages" | "populations";

/** What is set, one chip each, in the order of the form. */
export function filterChips(filters: QuestionFilters): FilterChip[] {
  const dates = [
    ["from", "Published from"],
    ["to", "Published until"],
    ["asOf", "Known by"],
  ] as const;
  return [
    ...dates.flatMap(([name, words]) => {
      const date = filters[name];
      return date
        ? [{ label: `${words} ${formatDate(date)}`, without: withoutEmpty({ ...filters, [name]: undefined }) }]
        : [];
    }),
    ...chipsOf(filters, "evidenceLevels", (level) => evidenceLabels[level]),
    ...chipsOf(filters, "publicationTypes", (type) => type),
    ...chipsOf(filters, "languages", languageName),
    ...chipsOf(filters, "populations", (population) => populationLabels[population]),
  ];
}

function chipsOf<Name extends ListName>(
  filters: QuestionFilters,
  name: Name,
  inWords: (value: NonNullable<QuestionFilters[Name]>[number]) => string,
): FilterChip[] {
  return (filters[name] ?? []).map((value) => ({
    label: inWords(value),
    without: withoutEmpty({ ...filters, [name]: filters[name]?.filter((other) => other !== value) }),
  }));
}

/** The filters with a value of a list set or taken away; the lists that have an order of their own keep it. */
export function withValue<Name extends ListName>(
  filters: QuestionFilters,
  name: Name,
  value: NonNullable<QuestionFilters[Name]>[number],
  isSet: boolean,
): QuestionFilters {
  const others = ((filters[name] ?? []) as string[]).filter((other) => other !== value);
  const order: readonly string[] =
    name === "evidenceLevels" ? evidenceLevels : name === "populations" ? populations : [];
  const values = isSet ? [...others, value] : others;
  if (order.length > 0) values.sort((a, b) => order.indexOf(a) - order.indexOf(b));
  return withoutEmpty({ ...filters, [name]: values });
}

/** Only what narrows: no empty date and no empty list. */
export function withoutEmpty(
  filters: { [Name in keyof QuestionFilters]: QuestionFilters[Name] | undefined },
): QuestionFilters {
  return Object.fromEntries(
    Object.entries(filters).filter(([, value]) => (Array.isArray(value) ? value.length > 0 : Boolean(value))),
  );
}

/** Why the dates leave nothing to be found, in words; null when they do not. `field` is the one to change. */
export function dateProblem({ from, to, asOf }: QuestionFilters): { field: "to" | "asOf"; message: string } | null {
  if (from && to && from > to) {
    return {
      field: "to",
      message: `Nothing can be published from ${formatDate(from)} and until ${formatDate(to)}: the first date is after the second.`,
    };
  }
  if (from && asOf && from > asOf) {
    return {
      field: "asOf",
      message: `Nothing published from ${formatDate(from)} on was known by ${formatDate(asOf)}: the first date is after the second.`,
    };
  }
  return null;
}

/** Languages that PubMed's records most often have, as BCP 47. */
export const commonLanguages = ["en", "es", "fr", "de", "it", "pt", "nl", "pl", "ru", "tr", "zh", "ja", "ko"];

/** Publication types as PubMed writes them; any other can be written in. */
export const commonPublicationTypes = [
  "Practice Guideline",
  "Systematic Review",
  "Meta-Analysis",
  "Randomized Controlled Trial",
  "Clinical Trial",
  "Observational Study",
  "Case Reports",
  "Review",
  "Editorial",
  "Letter",
];

const names = new Intl.DisplayNames(["en"], { type: "language", fallback: "code" });

/** `Spanish` for `es`; what is no language tag stays as it is. */
export function languageName(tag: string): string {
  try {
    return names.of(tag) ?? tag;
  } catch {
    return tag;
  }
}
