/** A DOI as records compare it: without resolver or prefix, in lower case (DOIs are case-insensitive); null for none. */
export function doiOf(text: string | null | undefined): string | null {
  const bare = (text ?? "")
    .trim()
    .replace(/^(?:info:doi\/|https?:\/\/(?:dx\.|www\.)?doi\.org\/|doi:?\s*)/i, "")
    .replace(/[\s.,;]+$/, "");
  return /^10\.\d+(?:\.\d+)*\/\S+$/.test(bare) ? bare.toLowerCase() : null;
}

/** `PMC123` from what records write for it (`123`, `pmc123`, `PMC123.2`); null for anything else. */
export function pmcidOf(text: string | null | undefined): string | null {
  const digits = /^(?:PMC)?(\d+)(?:\.\d+)?$/i.exec((text ?? "").trim())?.[1];
  return digits === undefined ? null : `PMC${digits}`;
}

export interface NamedIds {
  pmid?: string | null;
  pmcid?: string | null;
  doi?: string | null;
  setId?: string | null;
  /** National Drug Codes of the products. */
  ndc?: readonly string[];
}

/** The names other records may call a document by, in the form of `ParsedDocument.identifiers`. */
export function identifiersOf({ pmid, pmcid, doi, setId, ndc = [] }: NamedIds): string[] {
  const names = [
    pmid && /^\d+$/.test(pmid) ? `pmid:${pmid}` : null,
    pmcidOf(pmcid) && `pmcid:${pmcidOf(pmcid)}`,
    doiOf(doi) && `doi:${doiOf(doi)}`,
    setId ? `setid:${setId.toLowerCase()}` : null,
    ...ndc.filter((code) => /^\d{4,5}-\d{3,4}(?:-\d{1,2})?$/.test(code)).map((code) => `ndc:${code}`),
  ];
  return [...new Set(names.filter((name) => name !== null && name !== ""))] as string[];
}

/** A related article's id in the form of `DocumentLink.sourceId`. @param type what kind of id the record says it is */
export function linkTarget(text: string | null | undefined, type = ""): string | null {
  const id = (text ?? "").trim();
  if (id === "") return null;
  const doi = doiOf(id);
  if (doi) return `doi:${doi}`;
  if (/^pmc(?:id)?$/i.test(type) || /^PMC\d+(?:\.\d+)?$/i.test(id)) {
    const pmcid = pmcidOf(id);
    if (pmcid) return `pmcid:${pmcid}`;
  }
  return id;
}

/** The DOI a citation names in running text, e.g. `J Fix. 2020;1:2. doi: 10.1000/x.`; null when it names none. */
export function doiIn(citation: string): string | null {
  return doiOf(/\b10\.\d{4,9}(?:\.\d+)*\/[^\s"<>]+/.exec(citation)?.[0]);
}
