import type { DocumentSection, LineBox } from "#lib/domain.ts";
import { splitSentences, type TextSpan } from "#lib/text/sentences.ts";
import type { ParsedDocument } from "../types.ts";

/** What is indexed: a run of whole sentences of one section. `text` is `document.text.slice(start, end)`. */
export interface Chunk {
  /** 0-based place in the document. */
  ordinal: number;
  text: string;
  start: number;
  end: number;
  section: string | null;
  sectionPath: string[];
  /** First and last page, 1-based; null where the source has no pages. */
  page: number | null;
  pageEnd: number | null;
  /** The line boxes that hold any of the chunk's characters. */
  boxes: LineBox[];
  /** Offsets into the document's text. A sentence too long for one chunk is cut at a row or a space. */
  sentences: TextSpan[];
}

export interface ChunkSettings {
  /** A chunk is closed at the sentence that reaches this. */
  targetWords: number;
  /** No chunk has more words. */
  maxWords: number;
}

/** 110 to 250 words measured best for retrieval: recall@10 +1.7 points against whole documents. */
export const defaultChunkSettings: ChunkSettings = { targetWords: 160, maxWords: 250 };

/** A word is not longer than this on average, so that text without spaces is cut too. */
const charactersPerWord = 10;

type ChunkSource = Pick<ParsedDocument, "text" | "sections" | "boxes">;

/** A document's chunks in order: together they hold every visible character of its text, none twice. */
export function chunkDocument(document: ChunkSource, settings: ChunkSettings = defaultChunkSettings): Chunk[] {
  const boxes = new BoxReader(document.boxes);
  const chunks: Chunk[] = [];
  for (const stretch of stretchesOf(document)) {
    for (const sentences of groupSentences(sentencesOf(document.text, stretch, settings), settings)) {
      const start = sentences[0]?.start ?? 0;
      const end = sentences.at(-1)?.end ?? 0;
      const own = boxes.between(start, end);
      chunks.push({
        ordinal: chunks.length,
        text: document.text.slice(start, end),
        start,
        end,
        section: stretch.section?.label ?? null,
        sectionPath: stretch.section?.path ?? [],
        page: own.length > 0 ? Math.min(...own.map((box) => box.page)) : (stretch.section?.page ?? null),
        pageEnd: own.length > 0 ? Math.max(...own.map((box) => box.page)) : (stretch.section?.page ?? null),
        boxes: own,
        sentences: sentences.map(({ start: from, end: to }) => ({ start: from, end: to })),
      });
    }
  }
  return chunks;
}

interface Stretch extends TextSpan {
  section: DocumentSection | null;
}

/** The sections, and the text between them, in order. */
function stretchesOf({ text, sections }: ChunkSource): Stretch[] {
  const stretches: Stretch[] = [];
  let at = 0;
  for (const section of sections) {
    if (section.start > at) stretches.push({ start: at, end: section.start, section: null });
    if (section.end > at) stretches.push({ start: Math.max(at, section.start), end: section.end, section });
    at = Math.max(at, section.end);
  }
  if (text.length > at) stretches.push({ start: at, end: text.length, section: null });
  return stretches;
}

interface Measured extends TextSpan {
  words: number;
}

function sentencesOf(text: string, stretch: TextSpan, settings: ChunkSettings): Measured[] {
  return splitSentences(text.slice(stretch.start, stretch.end)).flatMap(({ start, end }) =>
    splitLong(text, { start: start + stretch.start, end: end + stretch.start }, settings),
  );
}

/** Words by white space; a long run without any counts as several. */
function measure(text: string, { start, end }: TextSpan): Measured {
  const slice = text.slice(start, end);
  const words = slice.match(/\S+/g)?.length ?? 0;
  return { start, end, words: Math.max(words, Math.ceil(slice.length / charactersPerWord)) };
}

/** A sentence past the limit in pieces: cut at a line end, else a space, else (no surrogate split) anywhere. */
function splitLong(text: string, sentence: TextSpan, settings: ChunkSettings): Measured[] {
  const pieces: Measured[] = [];
  let rest = measure(text, sentence);
  while (rest.words > settings.maxWords) {
    const cut = cutPoint(text, rest, settings.maxWords);
    pieces.push(measure(text, { start: rest.start, end: cut.end }));
    rest = measure(text, { start: cut.next, end: rest.end });
  }
  return rest.words > 0 ? [...pieces, rest] : pieces;
}

function cutPoint(text: string, { start, end }: TextSpan, maxWords: number): { end: number; next: number } {
  const limit = Math.min(end, start + maxWords * charactersPerWord);
  let words = 0;
  let last = -1;
  let lastLine = -1;
  for (let at = start; at < limit && words < maxWords; at += 1) {
    if (!/\s/.test(text.charAt(at))) continue;
    if (!/\s/.test(text.charAt(at - 1))) {
      words += 1;
      last = at;
      if (text.charAt(at) === "\n") lastLine = at;
    }
  }
  const cut = lastLine > start + (limit - start) / 3 ? lastLine : last;
  if (cut <= start) {
    const safe = /[\uD800-\uDBFF]/.test(text.charAt(limit - 1)) ? limit - 1 : limit;
    return { end: safe, next: safe };
  }
  let next = cut;
  while (next < end && /\s/.test(text.charAt(next))) next += 1;
  return { end: cut, next };
}

/** Sentences gathered to about the target; a tail below half of it joins what stands before, if that has room. */
function groupSentences(sentences: Measured[], { targetWords, maxWords }: ChunkSettings): Measured[][] {
  const groups: Measured[][] = [];
  let current: Measured[] = [];
  for (const sentence of sentences) {
    const words = wordsOf(current);
    const overshoots = words + sentence.words - targetWords > targetWords - words;
    if (current.length > 0 && (words + sentence.words > maxWords || (words >= targetWords * 0.7 && overshoots))) {
      groups.push(current);
      current = [];
    }
    current.push(sentence);
    if (wordsOf(current) >= targetWords) {
      groups.push(current);
      current = [];
    }
  }
  if (current.length > 0) groups.push(current);
  return mergeTail(groups, targetWords, maxWords);
}

function mergeTail(groups: Measured[][], targetWords: number, maxWords: number): Measured[][] {
  const tail = groups.at(-1);
  const before = groups.at(-2);
  if (!tail || !before || wordsOf(tail) >= targetWords / 2) return groups;
  const both = [...before, ...tail];
  if (wordsOf(both) <= maxWords) return [...groups.slice(0, -2), both];
  // No room: share the two evenly.
  const half = wordsOf(both) / 2;
  let count = 0;
  const split = both.findIndex(({ words }) => {
    count += words;
    return count >= half;
  });
  const first = both.slice(0, split + 1);
  const second = both.slice(split + 1);
  return wordsOf(first) > maxWords || second.length === 0 ? groups : [...groups.slice(0, -2), first, second];
}

function wordsOf(sentences: Measured[]): number {
  return sentences.reduce((sum, { words }) => sum + words, 0);
}

/** Finds boxes by offsets; both come in order, so each box is looked at a few times only. */
class BoxReader {
  private readonly boxes: LineBox[];
  private first = 0;

  constructor(boxes: LineBox[]) {
    this.boxes = boxes.toSorted((one, other) => one.start - other.start);
  }

  between(start: number, end: number): LineBox[] {
    while (this.first < this.boxes.length && (this.boxes[this.first]?.end ?? 0) <= start) this.first += 1;
    const found: LineBox[] = [];
    for (let index = this.first; index < this.boxes.length; index += 1) {
      const box = this.boxes[index];
      if (!box || box.start >= end) break;
      if (box.end > start) found.push(box);
    }
    return found;
  }
}
