/** What a reader may look a record up by, from the name a link gives: `PMID 123`, `DOI 10.1000/x`, `PMC123`. */
export function nameOfRecord(name: string): string {
  if (/^\d+$/.test(name)) return `PMID ${name}`;
  const [, scheme, value = ""] = /^(pmid|pmcid|doi):(.*)$/.exec(name) ?? [];
  if (scheme === undefined) return name;
  return scheme === "pmcid" ? value : `${scheme.toUpperCase()} ${value}`;
}

/** Where such a record can be looked up; null for a name that leads nowhere. */
export function addressOfRecord(name: string): string | null {
  const pmid = /^(?:pmid:)?(\d+)$/.exec(name)?.[1];
  if (pmid) return `https://pubmed.ncbi.nlm.nih.gov/${pmid}/`;
  const pmcid = /^(?:pmcid:)?(PMC\d+)$/.exec(name)?.[1];
  if (pmcid) return `https://pmc.ncbi.nlm.nih.gov/articles/${pmcid}/`;
  const doi = /^(?:doi:)?(10\.\d+(?:\.\d+)*\/\S+)$/.exec(name)?.[1];
  return doi ? `https://doi.org/${doi.split("/").map(encodeURIComponent).join("/")}` : null;
}
