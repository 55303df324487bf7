import type { SourceType } from "#lib/domain.ts";
import type { SourceKind, SourceRequest } from "#lib/ingest-runs/index.ts";

/** Files of a machine are for its command line. */
export type OfferedKind = Exclude<SourceKind, "files">;

export interface SourceField {
  /** The setting's name in a SourceRequest. */
  name: string;
  label: string;
  hint?: string;
  type: "text" | "date" | "choice" | "list";
  required?: boolean;
  placeholder?: string;
  /** Value and label of each choice, the default first. */
  choices?: [value: string, label: string][];
}

type Name<Kind extends OfferedKind> = Exclude<keyof Extract<SourceRequest, { kind: Kind }>, "kind">;
type Kinds = {
  [Kind in OfferedKind]: { label: string; hint: string; fields: (SourceField & { name: Name<Kind> })[] };
};

const from = { name: "from", label: "Changed from", type: "date" } as const;
const until = { name: "until", label: "Changed until", type: "date" } as const;

/** What can be read, in the words of a form. */
export const sourceKinds: Kinds = {
  "pubmed-query": {
    label: "PubMed, by query",
    hint: "Asks E-utilities and takes in what the query finds.",
    fields: [
      {
        name: "query",
        label: "Query",
        type: "text",
        required: true,
        placeholder: "heart failure[mesh] AND randomized controlled trial[pt]",
        hint: "As on pubmed.ncbi.nlm.nih.gov.",
      },
      { ...from, label: "From" },
      { ...until, label: "Until" },
      {
        name: "dateType",
        label: "These dates are of the",
        type: "choice",
        choices: [
          ["mdat", "last change"],
          ["edat", "entry into PubMed"],
          ["pdat", "publication"],
        ],
      },
    ],
  },
  "pubmed-files": {
    label: "PubMed, baseline and update files",
    hint: "The whole of PubMed, and then the files of each day. What was read before is not read again.",
    fields: [
      {
        name: "set",
        label: "Files",
        type: "choice",
        choices: [
          ["all", "Baseline, then updates"],
          ["updatefiles", "Updates only"],
          ["baseline", "Baseline only"],
        ],
      },
    ],
  },
  "pmc-oa": {
    label: "PMC open access",
    hint: "Full-text articles of the open-access subset.",
    fields: [
      from,
      until,
      { name: "ids", label: "Only these articles", type: "list", placeholder: "PMC1234567", hint: "One PMCID a line." },
    ],
  },
  dailymed: {
    label: "DailyMed labels",
    hint: "Labels changed since a day, named ones, or a whole release archive.",
    fields: [
      from,
      { name: "setIds", label: "Only these set ids", type: "list", hint: "One a line." },
      { name: "archive", label: "Release archive", type: "text", placeholder: "dm_spl_release_human_rx_part1.zip" },
    ],
  },
  openfda: {
    label: "openFDA labels",
    hint: "The bulk download, or what a search finds.",
    fields: [
      {
        name: "search",
        label: "Search",
        type: "text",
        placeholder: "openfda.generic_name:warfarin",
        hint: "Leave empty for all labels.",
      },
    ],
  },
  medlineplus: { label: "MedlinePlus topics", hint: "The newest file of health topics.", fields: [] },
  addresses: {
    label: "Addresses",
    hint: "Documents by address, from hosts that the operator allows (INGEST_ALLOWED_HOSTS).",
    fields: [
      {
        name: "urls",
        label: "Addresses",
        type: "list",
        required: true,
        placeholder: "https://guidelines.example/asthma.pdf",
        hint: "One a line.",
      },
    ],
  },
  objects: {
    label: "Object store",
    hint: "Files that were put into the object store, by the beginning of their keys.",
    fields: [
      {
        name: "prefix",
        label: "Keys beginning with",
        type: "text",
        required: true,
        placeholder: "inbox/2026/",
        hint: "Only below inbox/, or this collection's uploads/.",
      },
    ],
  },
};

const ownKinds: Record<SourceType, OfferedKind[]> = {
  pubmed: ["pubmed-query", "pubmed-files"],
  pmc: ["pmc-oa"],
  guideline: [],
  drug_label: ["dailymed", "openfda"],
  consumer: ["medlineplus"],
  beir: [],
};

/** The sources that a collection can be read from, the likeliest first. */
export function kindsFor(sourceType: SourceType): OfferedKind[] {
  return [...ownKinds[sourceType], "addresses", "objects"];
}

/**
 * A form's values as the request they mean: what is left empty is left out, a list is split by lines. Whether it is a
 * right one is not decided here.
 */
export function requestOf(kind: OfferedKind, values: Record<string, string>): Record<string, unknown> {
  const request: Record<string, unknown> = { kind };
  for (const { name, type } of sourceKinds[kind].fields as SourceField[]) {
    const value = (values[name] ?? "").trim();
    if (value === "") continue;
    request[name] = type === "list" ? listOf(value) : value;
  }
  return request;
}

function listOf(text: string): string[] {
  return text.split(/[\s,]+/).filter(Boolean);
}
