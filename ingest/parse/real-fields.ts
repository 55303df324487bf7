import type { ParsedDocument } from "../types.ts";

/**
 * What the real files say of chosen records, read from the raw files by other tools (an XML tree, pdftotext) and
 * written down here as ids, dates, counts, names and hashes of text; never the text itself.
 */
interface Expected extends Partial<ParsedDocument> {
  /** First twelve digits of the SHA-256 of the title, white space as single spaces. */
  titleHash?: string;
  /** Number of authors, MeSH terms. */
  counts?: { authors?: number; meshTerms?: number };
  firstAuthor?: string;
  firstMeshTerm?: string;
  /** The labels that stand among the sections, in this order. */
  labels?: string[];
  /** Hashes of sections' texts, by label. */
  textHashes?: Record<string, string>;
  boxed?: string[];
}

export const expectedFields: Record<"pubmed" | "pmc" | "spl" | "openfda" | "medlineplus", Record<string, Expected>> = {
  pubmed: {
    "1": {
      titleHash: "8d91e5b976ea",
      publishedOn: "1975-06",
      revisedOn: "2019-02-08",
      firstAuthor: "A B Makar",
      counts: { authors: 4, meshTerms: 12 },
      firstMeshTerm: "Aldehyde Oxidoreductases",
      publication: "Biochemical medicine",
      publicationTypes: ["Journal Article", "Research Support, U.S. Gov't, P.H.S."],
      identifiers: ["pmid:1", "doi:10.1016/0006-2944(75)90147-7"],
      labels: [],
    },
    "2": { links: [{ kind: "erratum_in", sourceId: "8", note: "Biochem Pharmacol. 1975 Aug 15;24(16):1517-21" }] },
    "21": { titleHash: "7da8cbbbbfa2", language: "de" },
    "31388315": {
      titleHash: "bf96fe300692",
      publishedOn: "2019-06-28",
      revisedOn: "2020-10-01",
      firstAuthor: "Francesca Battaglin",
      counts: { authors: 4, meshTerms: 0 },
      identifiers: ["pmid:31388315", "pmcid:PMC6607986", "doi:10.2147/cmar.s186042"],
      textHashes: { Abstract: "c1b107eb7ab4" },
    },
    "31418820": { publishedOn: "2019-09", counts: { authors: 1, meshTerms: 14 }, language: "en" },
    "31449448": {
      labels: ["OBJECTIVE", "ANIMALS", "PROCEDURES", "RESULTS", "CONCLUSIONS AND CLINICAL RELEVANCE"],
      textHashes: { OBJECTIVE: "393ab285a982", RESULTS: "1f53ad512dac" },
      publishedOn: "2019-09",
    },
    "31449457": { status: "current", publicationTypes: ["Journal Article", "Published Erratum"] },
    "31479874": { publishedOn: "2019-08-31", counts: { authors: 8 } },
    "31541003": {
      titleHash: "279facb16736",
      status: "retracted",
      publicationTypes: ["Journal Article", "Retracted Publication"],
      links: [{ kind: "retraction_in", sourceId: "32167152", note: "Biosci Rep. 2020 Mar 27;40(3):" }],
    },
  },
  pmc: {
    "10.1371/journal.pmed.1001080": {
      titleHash: "07c91be049c4",
      publishedOn: "2011-08-30",
      firstAuthor: "Mikkel Zahle Oestergaard",
      counts: { authors: 9 },
      publication: "PLoS Medicine",
      publicationTypes: ["research-article", "Research Article"],
      labels: ["Introduction", "Methods", "Results", "Discussion"],
    },
    "10.1371/journal.pbio.1000359": {
      titleHash: "fa0a1dcf1f8c",
      publishedOn: "2010-04-27",
      authors: ["Edward F. DeLong", "Oded Béjà"],
      publicationTypes: ["article-commentary", "Primer"],
    },
    PMC2994229: {
      titleHash: "cbb19a5f3816",
      publishedOn: "2010-11-02",
      counts: { authors: 46 },
      identifiers: ["pmid:21045829", "pmcid:PMC2994229", "doi:10.1038/sj.bjc.6605965"],
      labels: ["Materials and Methods", "Results", "Discussion"],
    },
    PMC2599765: { titleHash: "f983c1d6cc1b", publishedOn: "2008-08-01", counts: { authors: 4 } },
    PMC3574550: { titleHash: "0a4d36ee92d6", publishedOn: "2012-11-12", publication: "Annals of Oncology" },
  },
  spl: {
    "c6e131fe-e7df-4876-83f7-9156fc4e8228": {
      publishedOn: "2014-01-13",
      publication: "Parke-Davis Div of Pfizer Inc",
      labels: ["1 INDICATIONS AND USAGE", "4 CONTRAINDICATIONS", "10 OVERDOSAGE", "PATIENT INFORMATION"],
      identifiers: [
        "setid:c6e131fe-e7df-4876-83f7-9156fc4e8228",
        "ndc:0071-0155",
        "ndc:0071-0156",
        "ndc:0071-0157",
        "ndc:0071-0158",
      ],
      boxed: [],
    },
    "17a163ef-b349-4e32-bc8c-b02bac7f65d6": {
      publishedOn: "2012-02-29",
      publication: "PD-Rx Pharmaceuticals, Inc.",
      identifiers: ["setid:17a163ef-b349-4e32-bc8c-b02bac7f65d6", "ndc:55289-800"],
    },
    "00f66f25-3469-4c16-9baf-fba21e9628bd": {
      publishedOn: "2011-04-26",
      labels: ["Active ingredient", "Purpose", "Uses", "Directions", "Inactive ingredients"],
    },
    "0027b8a3-73bf-4005-a7e3-b035f451a861": {
      publishedOn: "2010-07-28",
      publication: "Contract Pharmacy Services-PA",
      labels: ["Boxed warning", "DESCRIPTION", "CONTRAINDICATIONS", "OVERDOSAGE"],
      boxed: ["Boxed warning"],
    },
  },
  openfda: {
    "3162733b-9382-39f1-e063-6294a90ac420": {
      publishedOn: "2026-06-12",
      publication: "Kenvue Brands LLC",
      identifiers: ["setid:3162733b-9382-39f1-e063-6294a90ac420", "ndc:50580-139"],
      labels: ["Active ingredient", "Purpose", "Indications and usage", "Warnings", "Dosage and administration"],
    },
  },
  medlineplus: {
    "3061": { title: "Abdominal Pain", language: "en", publishedOn: "2003-01-07", meshTerms: ["Abdominal Pain"] },
    "3062": { title: "Dolor abdominal", language: "es", publishedOn: "2003-02-07", meshTerms: [] },
  },
};

/** Pages, the day of the file, the pages that hold nothing, and a heading with its page and its top left in points. */
export const expectedPdfs: Record<
  string,
  {
    pages: number;
    publishedOn: string;
    empty: number[];
    heading: { label: string; page: number; at?: [number, number] };
  }
> = {
  "fda_metformin_label.pdf": {
    pages: 37,
    publishedOn: "2022-03-03",
    empty: [],
    heading: { label: "12.2 Pharmacodynamics", page: 16, at: [95.3, 379.5] },
  },
  "who-clinical-management-and-infection-prevention-and-control-for.pdf": {
    pages: 147,
    publishedOn: "2025-07-07",
    empty: [2, 5, 6, 146],
    heading: { label: "2.5 Differential diagnosis", page: 32 },
  },
  "who-hypertension.pdf": {
    pages: 61,
    publishedOn: "2022-02-11",
    empty: [2, 12],
    heading: { label: "Monotherapy versus combination therapy", page: 37 },
  },
  "who-lenacapavir-for-hiv-prevention-and-testing-strategies.pdf": {
    pages: 61,
    publishedOn: "2025-07-11",
    empty: [2],
    heading: { label: "5.1.8 Use in pregnancy and breastfeeding", page: 39 },
  },
  "who-management-of-sickle-cell-disease-during-pregnancy-childbirt.pdf": {
    pages: 80,
    publishedOn: "2025-06-05",
    empty: [2, 79],
    heading: { label: "2.1.2 Guideline Development Group", page: 22 },
  },
  "who-treatment-of-patients-with-cystic-echinococcosis.pdf": {
    pages: 48,
    publishedOn: "2025-06-10",
    empty: [2, 46, 47],
    heading: { label: "2.5 Evidence synthesis and assessment", page: 19, at: [45.4, 637.5] },
  },
};

/** Hostile PDFs that every test run reads; beside them every twelfth. `npm run bench` has a script for all. */
export const worstPdfs = ["issue7200.pdf", "large_jpeg_downscale.pdf", "poppler-937-0-fuzzed.pdf", "bug1020226.pdf"];
