import type {
  AnswerResult,
  Citation,
  DocumentStatus,
  EvidenceLevel,
  Population,
  ReadDepth,
  SourceType,
  Stage,
} from "#lib/domain.ts";

export const stageLabels: Record<Stage, string> = {
  guard: "Checking the question",
  rewrite: "Preparing the search",
  retrieve: "Searching collections",
  rank: "Ranking passages",
  answer: "Composing the answer",
  verify: "Verifying each sentence",
};

/** The stages in the order they are passed. */
export const stageOrder = Object.keys(stageLabels) as Stage[];

export const evidenceLabels: Record<EvidenceLevel, string> = {
  guideline: "Guideline",
  systematic_review: "Systematic review",
  randomised_trial: "Randomised trial",
  observational: "Observational study",
  case_report: "Case report",
  review: "Review",
  label: "Drug label",
  consumer: "Consumer health",
  other: "Article",
};

export const sourceTypeLabels: Record<SourceType, string> = {
  pubmed: "PubMed records",
  pmc: "Full-text articles",
  guideline: "Guideline PDFs",
  drug_label: "Drug labels",
  consumer: "Consumer health topics",
  beir: "Documents",
};

/** The mark of a document that is not current; null for one that is. */
export const statusLabels: Record<DocumentStatus, string | null> = {
  current: null,
  superseded: "Superseded",
  retracted: "Retracted",
  withdrawn: "Withdrawn",
  concern: "Expression of concern",
};

const dropReasons: Partial<Record<string, string>> = {
  no_quote: "It named no quote from a source.",
  quote_not_found: "Its quote does not stand in the source.",
  number_not_in_quote: "A number or unit in it does not stand in its quote.",
  number_on_ocr: "A number in it stands only on text recognised from a scan, which may be misread.",
  retracted_unmarked: "It rests on a retracted or withdrawn source without saying so.",
  link: "It held a link of its own.",
  direction: "It says the opposite of its quote: more where the quote says less, or higher where it says lower.",
  negation: "It denies what its quote says, or says what its quote denies.",
  name_not_in_quote: "It names a drug or condition that its quote does not name.",
  not_in_quote: "What it says does not stand in its quote.",
  instruction: "It repeats an instruction instead of evidence.",
  prompt: "It repeats the instructions given to the model.",
};

/** Why a sentence was left out, in words; also for a reason that this page does not know yet. */
export function dropReasonInWords(reason: string): string {
  const code = reason.replaceAll("_", " ");
  return dropReasons[reason] ?? `It did not pass the check against its source (${code}).`;
}

const depthLabels: Record<ReadDepth, string> = {
  abstract: "abstract only",
  full_text: "full text",
  guideline_page: "guideline page",
  label_section: "label section",
  topic: "health topic",
  record: "record",
};

/** How deeply a source was read for its quotes: `Read: guideline page 4`. Null for answers from before it was kept. */
export function depthInWords(quotes: Partial<Pick<Citation, "depth" | "page">>[]): string | null {
  const depth = quotes.find((quote) => quote.depth !== undefined)?.depth;
  if (!depth) return null;
  const pages = [...new Set(quotes.flatMap(({ page }) => page ?? []))].sort((a, b) => a - b);
  if (depth !== "guideline_page" || pages.length === 0) return `Read: ${depthLabels[depth]}`;
  return `Read: guideline ${pages.length === 1 ? "page" : "pages"} ${pages.join(", ")}`;
}

export const populationLabels: Record<Population, string> = {
  newborn: "Newborns",
  child: "Children",
  adolescent: "Adolescents",
  adult: "Adults",
  older_adult: "Older adults",
  pregnancy: "Pregnancy",
  breastfeeding: "Breastfeeding",
};

/** How an answer was made, in the words shown under it. */
export function madeBy(answer: Pick<AnswerResult, "mode" | "model">): string {
  return answer.mode === "extractive"
    ? "Quoted from sources – no model"
    : `Written by ${answer.model ?? "a model"}, each sentence checked against its quote`;
}

/** Near copies of a cited document that stand behind it unshown: `and 3 near-identical labels`. */
export function alikeInWords(source: { alike?: number; evidenceLevel: EvidenceLevel }): string | null {
  if (!source.alike) return null;
  return `and ${counted(source.alike, source.evidenceLevel === "label" ? "near-identical label" : "near-identical document")}`;
}

/** An ISO date at the precision it has: `2021`, `Mar 2021`, `15 Mar 2021`. Anything else is shown as it came. */
export function formatDate(date: string | null): string | null {
  if (date === null) return null;
  const match = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(?:T.*)?$/.exec(date);
  if (!match) return date;
  const [, year, month, day] = match;
  const name = month && months[Number(month) - 1];
  if (!name) return year ?? date;
  return day ? `${Number(day)} ${name} ${year}` : `${name} ${year}`;
}

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

export function formatCount(count: number): string {
  return count.toLocaleString("en-GB");
}

/** `1 source`, `3 sources`. */
export function counted(count: number, singular: string, plural = `${singular}s`): string {
  return `${formatCount(count)} ${count === 1 ? singular : plural}`;
}
