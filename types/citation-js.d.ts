/** The part of citation-js (https://citation.js.org) that is used here; it ships no types. */
declare module "@citation-js/core" {
  export class Cite {
    constructor(items: readonly object[] | string);
    readonly data: Record<string, unknown>[];
    format(format: "bibtex", options?: object): string;
    format(
      format: "bibliography",
      options: { format: "text" | "html"; template: string; lang: string; asEntryArray: true },
    ): [id: string, entry: string][];
  }
  export const plugins: {
    config: { get(name: "@bibtex"): { format: { asciiOnly: boolean; useIdAsLabel: boolean } } };
  };
}
declare module "@citation-js/plugin-bibtex";
declare module "@citation-js/plugin-csl";
declare module "@citation-js/plugin-ris";
