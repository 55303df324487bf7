import type { SourceType } from "../domain.ts";

export interface KnownCollection {
  slug: string;
  title: string;
  description: string;
  sourceType: SourceType;
}

/** The five collections every installation has; any other name may be ingested as well. */
export const knownCollections = [
  {
    slug: "pubmed_abstracts",
    title: "PubMed abstracts",
    description: "Citations and abstracts of the biomedical literature (National Library of Medicine).",
    sourceType: "pubmed",
  },
  {
    slug: "pubmed_fulltext",
    title: "PMC full text",
    description: "Full-text articles of PubMed Central, by section, with tables.",
    sourceType: "pmc",
  },
  {
    slug: "guidelines",
    title: "Practice guidelines",
    description: "Clinical practice guidelines as PDFs, quoted by page.",
    sourceType: "guideline",
  },
  {
    slug: "drug_labels",
    title: "FDA drug labels",
    description: "Prescribing information from openFDA and DailyMed, by section, boxed warnings marked.",
    sourceType: "drug_label",
  },
  {
    slug: "consumer_health",
    title: "Consumer health",
    description: "Health topics written for patients, in English and Spanish.",
    sourceType: "consumer",
  },
] as const satisfies KnownCollection[];
