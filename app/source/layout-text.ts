import type { DocumentSection } from "#lib/domain.ts";

/** A stretch of text, whole within one paragraph, marked or not. All runs together are the text but for blank lines. */
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
  /** Headings that begin here, from the outermost in; the text repeats the last one in some formats. */
  headings: Heading[];
  paragraphs: TextRun[][];
}

export interface Heading {
  label: string;
  /** 1 for the outermost. */
  level: number;
}

/** The headings of a path that the section before did not stand under. */
export function newHeadings(before: string[], path: string[]): Heading[] {
  const same = path.findIndex((label, depth) => label !== before[depth]);
  const from = same === -1 ? path.length - 1 : same;
  return path.map((label, depth) => ({ label, level: depth + 1 })).slice(Math.max(0, from));
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
  let path: string[] = [];
  const add = (end: number, section: DocumentSection | null, sectionIndex: number | null) => {
    const paragraphs = paragraphsOf(text, position, end, mark);
    if (section || paragraphs.some((paragraph) => paragraph.some((run) => run.text.trim() !== ""))) {
      const headings = section ? newHeadings(path, pathOf(section)) : [];
      if (section) path = pathOf(section);
      blocks.push({ section, sectionIndex, headings, paragraphs });
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

/** A section's headings without empty ones; its label alone where it has no path. */
export function pathOf(section: DocumentSection): string[] {
  const path = section.path.filter((label) => label.trim() !== "");
  return path.length > 0 || section.label.trim() === "" ? path : [section.label];
}

function paragraphsOf(
  text: string,
  start: number,
  end: number,
  mark: { start: number; end: number } | null,
): TextRun[][] {
  const paragraphs: TextRun[][] = [];
  let position = start;
  const add = (to: number) => {
    const words = text.slice(position, to);
    const from = position + words.length - words.trimStart().length;
    const last = position + words.trimEnd().length;
    if (from < last) paragraphs.push(runsOf(text, from, last, mark));
  };
  for (const gap of text.slice(start, end).matchAll(/\n\s*\n/g)) {
    add(start + gap.index);
    position = start + gap.index + gap[0].length;
  }
  add(end);
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
