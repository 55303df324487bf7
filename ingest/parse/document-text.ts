import type { DocumentSection } from "#lib/domain.ts";

/** Where a block of text stands: its headings from the outermost in. */
export interface Heading {
  path: readonly string[];
  boxed?: boolean;
}

/**
 * Puts a document's text together from blocks (paragraphs, lists, tables), a blank line between two, and keeps the
 * sections' offsets exact: neighbours under one heading are one section. Headings are labels, not part of the text.
 */
export class DocumentText {
  private text = "";
  private readonly sections: DocumentSection[] = [];
  private last: Heading | null = null;

  /** `block` is final text, as blocks.ts gives it; empty ones are left out. */
  add(block: string, heading: Heading | null = null): void {
    if (block === "") return;
    if (this.text !== "") this.text += "\n\n";
    const start = this.text.length;
    this.text += block;
    const end = this.text.length;
    const current = this.sections.at(-1);
    const labelled = heading && heading.path.length > 0 ? heading : null;
    if (current && labelled && this.last && sameHeading(labelled, this.last)) current.end = end;
    else if (labelled) {
      this.sections.push({
        label: labelled.path.at(-1) ?? "",
        path: [...labelled.path],
        start,
        end,
        page: null,
        ...(labelled.boxed ? { boxed: true } : {}),
      });
    }
    this.last = labelled;
  }

  get isEmpty(): boolean {
    return this.text === "";
  }

  /** The text and its sections; the title alone when nothing was added. */
  finish(title: string): { text: string; sections: DocumentSection[] } {
    return this.isEmpty ? { text: title, sections: [] } : { text: this.text, sections: this.sections };
  }
}

function sameHeading(one: Heading, other: Heading): boolean {
  return one === other || (one.boxed === other.boxed && one.path.join("\n") === other.path.join("\n"));
}
