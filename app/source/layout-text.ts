import type { DocumentSection } from "#lib/domain.ts";

/** A stretch of text, whole within one paragraph, marked or not. Concatenated, all runs are the text itself. */
export interface TextRun {
  start: number;
  text: string;
  marked: boolean;
}

export interface TextBlock {
  /** The section that begins here; null for text outside every section. */
  section: DocumentSection | null;
  /** Index of the section in the document, for its anchor. */
  sectionIndex: number | null;
  paragraphs: TextRun[][];
}

/**
 * A document's text as sections and paragraphs with [mark.start, mark.end) marked.
 * Sections are in order and do not overlap; text between them becomes blocks of its own, so nothing is left out.
 */
export function layoutText(
  text: string,
  sections: DocumentSection[],
  mark: { start: number; end: number } | null,
): TextBlock[] {
  const blocks: TextBlock[] = [];
  let position = 0;
  const add = (end: number, section: DocumentSection | null, sectionIndex: number | null) => {
    const paragraphs = paragraphsOf(text, position, end, mark);
    if (section || paragraphs.some((paragraph) => paragraph.some((run) => run.text.trim() !== ""))) {
      blocks.push({ section, sectionIndex, paragraphs });
    }
    position = end;
  };
  sections.forEach((section, index) => {
    if (section.start > position) add(section.start, null, null);
    add(Math.max(position, section.end), section, index);
  });
  if (position < text.length) add(text.length, null, null);
  return blocks;
}

function paragraphsOf(
  text: string,
  start: number,
  end: number,
  mark: { start: number; end: number } | null,
): TextRun[][] {
  const paragraphs: TextRun[][] = [];
  const breaks = /\n\s*\n/g;
  breaks.lastIndex = start;
  let position = start;
  while (position < end) {
    const found = breaks.exec(text);
    const stop = found && found.index + found[0].length <= end ? found.index + found[0].length : end;
    paragraphs.push(runsOf(text, position, stop, mark));
    position = stop;
  }
  return paragraphs;
}

function runsOf(text: string, start: number, end: number, mark: { start: number; end: number } | null): TextRun[] {
  const markStart = mark ? Math.max(start, Math.min(end, mark.start)) : end;
  const markEnd = mark ? Math.max(markStart, Math.min(end, mark.end)) : end;
  const cuts: [number, number, boolean][] = [
    [start, markStart, false],
    [markStart, markEnd, true],
    [markEnd, end, false],
  ];
  return cuts
    .filter(([from, to]) => from < to)
    .map(([from, to, marked]) => ({ start: from, text: text.slice(from, to), marked }));
}
