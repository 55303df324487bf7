import { Cite, plugins } from "@citation-js/core";
import "@citation-js/plugin-bibtex";
import "@citation-js/plugin-csl";
import type { CslItem } from "./csl.ts";

// Its default drops what it has no LaTeX command for: a title's “≥” would be gone.
plugins.config.get("@bibtex").format.asciiOnly = false;

/** The references in Vancouver style (citeproc), in the order given, without their numbers. */
export function vancouver(items: readonly CslItem[]): string[] {
  if (items.length === 0) return [];
  const entries = new Map(
    new Cite(items).format("bibliography", {
      format: "text",
      template: "vancouver",
      lang: "en-US",
      asEntryArray: true,
    }),
  );
  return items.map(({ id, note }) => {
    const entry = (entries.get(id) ?? "")
      .replace(/^\s*\d+\.\s*/, "")
      .replace(/\s+/g, " ")
      .trim();
    return note ? `${entry} [${note}]` : entry;
  });
}

export function bibtex(items: readonly CslItem[]): string {
  return items.length === 0 ? "" : `${new Cite(items).format("bibtex").trim()}\n`;
}

export function cslJson(items: readonly CslItem[]): string {
  return `${JSON.stringify(items, null, 2)}\n`;
}

const risTypes: Record<CslItem["type"], string> = {
  "article-journal": "JOUR",
  report: "RPRT",
  webpage: "ELEC",
  document: "GEN",
};

/**
 * The references as RIS records (Research Information Systems' tagged format, 2011 revision). Written here: the library
 * that writes the others leaves out DOIs and joins first and last page.
 */
export function ris(items: readonly CslItem[]): string {
  return items.map(risRecord).join("");
}

function risRecord(item: CslItem): string {
  const [first, last] = (item.page ?? "").split("-");
  const [year, month, day] = item.issued?.["date-parts"][0] ?? [];
  const padded = (value: number | undefined) => (value === undefined ? "" : String(value).padStart(2, "0"));
  const lines: [string, string | undefined][] = [
    ["TY", risTypes[item.type]],
    ["ID", item.id],
    ["TI", item.title],
    ...(item.author ?? []).map((name): [string, string] => ["AU", risName(name)]),
    ["T2", item["container-title"]],
    ["PB", item.publisher],
    ["M3", item.genre],
    ["PY", year === undefined ? undefined : String(year)],
    ["DA", year === undefined ? undefined : `${year}/${padded(month)}/${padded(day)}/`],
    ["VL", item.volume],
    ["IS", item.issue],
    ["SP", first],
    ["EP", last],
    ["SN", item.ISSN],
    ["DO", item.DOI],
    ["AN", item.PMID],
    ["C2", item.PMCID],
    ["UR", item.URL],
    ["LA", item.language],
    ["N1", item.note],
  ];
  const written = lines.filter((line): line is [string, string] => Boolean(line[1]));
  return `${written.map(([tag, value]) => `${tag}  - ${value.replace(/\s+/g, " ").trim()}`).join("\r\n")}\r\nER  - \r\n\r\n`;
}

function risName(name: NonNullable<CslItem["author"]>[number]): string {
  return "literal" in name ? name.literal : [name.family, name.given, name.suffix].filter(Boolean).join(", ");
}
