/** A stretch of text: UTF-16 offsets, end exclusive. */
export interface TextSpan {
  start: number;
  end: number;
}

/** Words after whose full stop a sentence goes on, whatever follows. */
const neverLast = new Set(
  "e.g i.e cf vs viz resp approx ca dr mr mrs ms prof st fig figs eq eqs ref refs sect sec tab vol nos pp al seq spp var subsp dept univ ed eds min max incl excl ibid p.o i.v i.m s.c q.d b.i.d t.i.d q.i.d p.r.n".split(
    " ",
  ),
);

/** Words after whose full stop a sentence goes on when a digit, or a lower-case word, follows: "No. 3", "Art. 12". */
const rarelyLast = new Set(
  "no nr art ch chap col p op suppl app ver jan feb mar apr jun jul aug sep sept oct nov dec".split(" "),
);

/** Abbreviations that often do end a sentence: it ends only when a capital starts the next. */
const sometimesLast = new Set("etc inc ltd co corp jr sr ph.d m.d a.m p.m d.c wk yr hr mo sp".split(" "));

const closing = /["'”’»)\]}*†‡]/;
const terminator = /[.!?…。！？]/;
const bullet =
  /^(?:(?:[•◦▪■□●‣⁃·*–—-]|\d{1,2}[.)]|\(?[a-z]\)|\(?[ivx]{1,4}\))\s+\S|\d{1,2}(?:\.\d{1,2}){1,3}\s+\p{Lu}\p{Ll})/u;
/** "(Strong recommendation)" after the full stop: it speaks of the sentence before, never of the next. */
const remark = /^\s\((?:[^().!?]|\.(?=\d)){3,100}\)\.?(?=\s*$|\s+[\p{Lu}\d"“(•])/u;

const countries = /^u\.(?:s|k|s\.a|n)$/;
const opensSentence =
  /^\s*["“(]?(?:The|This|These|Those|In|It|We|A|An|Our|For|Among|However|Although|Of|All|They|There|To|As)\s/;

/** True when the full stop at `dot` belongs to an abbreviation, an initial or a species name and ends nothing. */
function isAbbreviation(text: string, lineStart: number, dot: number, next: string): boolean {
  let from = dot;
  while (from > lineStart && !/[\s([{"“‘'/;,–—]/.test(text.charAt(from - 1))) from -= 1;
  const word = text.slice(from, dot);
  if (word === "") return true;
  const lower = word.toLowerCase();
  const nextIsLower = /\p{Ll}/u.test(next);
  // "1. Review yearly": the number of a list item.
  if (/^\d{1,2}$/.test(word) && text.slice(lineStart, from).trim() === "") return true;
  if (countries.test(lower)) return !opensSentence.test(text.slice(dot + 1, dot + 20));
  if (neverLast.has(lower)) {
    // "et al." does end a sentence where a capital starts the next one.
    return lower !== "al" || !/\p{Lu}/u.test(next);
  }
  if (/^(?:min|max)$/.test(lower)) return nextIsLower || /\d/.test(next);
  if (rarelyLast.has(lower)) return nextIsLower || /[\d(]/.test(next);
  if (sometimesLast.has(lower)) return !/\p{Lu}/u.test(next) && !/[•“"]/.test(next);
  if (nextIsLower) return true;
  // A single capital is an initial or a genus ("E. coli", "J. Smith"), unless it ends a name such as "vitamin D." or "type B.".
  if (/^\p{Lu}$/u.test(word)) return !isNamedLetter(text.slice(lineStart, from));
  return /^(?:\p{Lu}\.)+\p{Lu}$/u.test(word) && !/\p{Lu}\p{Ll}/u.test(next);
}

function isNamedLetter(before: string): boolean {
  return /(?:vitamin|type|group|class|grade|stage|hepatitis|influenza|table|figure|appendix|category|factor|part|level|score|arm|cohort|panel|protein|coenzyme|immunoglobulin)\s+$/i.test(
    before,
  );
}

/** Splits one line-joined stretch at its terminators. */
function splitStretch(text: string, start: number, end: number, sentences: TextSpan[]): void {
  let from = start;
  let position = start;
  let depth = 0;
  while (position < end) {
    const character = text.charAt(position);
    if (character === "(" || character === "[") depth += 1;
    else if (character === ")" || character === "]") depth = Math.max(0, depth - 1);
    if (!terminator.test(character)) {
      position += 1;
      continue;
    }
    let after = position + 1;
    while (after < end && (terminator.test(text.charAt(after)) || closing.test(text.charAt(after)))) after += 1;
    let inside = depth;
    for (const closer of text.slice(position + 1, after))
      if (closer === ")" || closer === "]") inside = Math.max(0, inside - 1);
    // Citations set after the full stop ("…patients.[12] Next", "…patients.1,2 Next") stay with their sentence.
    const citation = /^(?:\s?\[[\d\s,;–-]+\])+(?=\s|$)|^\d{1,3}(?:[,–-]\d{1,3})*(?=\s+\p{Lu})/u.exec(
      text.slice(after, Math.min(end, after + 60)),
    );
    const wordBefore = /\p{L}$/u.test(text.slice(Math.max(start, position - 1), position));
    if (citation && (citation[0].includes("[") || wordBefore)) after += citation[0].length;
    after += remark.exec(text.slice(after, Math.min(end, after + 120)))?.[0].length ?? 0;
    const gap = /^\s+/.exec(text.slice(after, Math.min(end, after + 200)))?.[0].length ?? 0;
    const next = text
      .slice(after + gap, after + gap + 2)
      .replace(/^["'“‘([]/u, "")
      .charAt(0);
    const wideScript = /[。！？]/.test(character);
    const atEnd = after >= end;
    // An unclosed bracket holds its sentence together, but not for ever: authors forget to close them.
    const held = inside > 0 && position - from < 600;
    if (!atEnd && !wideScript && (gap === 0 || held || endsNothing(text, from, position, after, next))) {
      depth = inside;
      position = after;
      continue;
    }
    push(text, from, after, sentences);
    from = after;
    depth = 0;
    position = after;
  }
  push(text, from, end, sentences);
}

function endsNothing(text: string, from: number, position: number, after: number, next: string): boolean {
  const character = text.charAt(position);
  if (character === "." && after === position + 1) return isAbbreviation(text, from, position, next);
  return /\p{Ll}/u.test(next);
}

function push(text: string, start: number, end: number, sentences: TextSpan[]): void {
  let from = start;
  let to = end;
  while (from < to && /\s/.test(text.charAt(from))) from += 1;
  while (to > from && /\s/.test(text.charAt(to - 1))) to -= 1;
  if (from < to) sentences.push({ start: from, end: to });
}

/** A line that stands for itself: followed by a blank line or a list item, or itself a heading or a table row. */
function lineEndsSentence(line: string, nextLine: string): boolean {
  if (nextLine.trim() === "" || bullet.test(nextLine.trimStart())) return true;
  if (line.includes(" | ") || nextLine.includes(" | ")) return true;
  // A short capitalised line without end mark before a capital reads as a heading; a wrapped line is longer.
  return (
    line.length < 60 &&
    /^[\p{Lu}\d]/u.test(line.trim()) &&
    !/[,;:\-–(]\s*$/.test(line) &&
    /^\s*\p{Lu}/u.test(nextLine) &&
    !/\b(?:the|of|and|or|in|to|a|an|for|with|by|from|on|at|as|that|is|are|was|were)\s*$/i.test(line)
  );
}

/**
 * Sentence boundaries of medical prose, in order, not overlapping, white space outside: offsets are exact, so that
 * `text.slice(start, end)` is the sentence. Blank lines, headings, list items and table rows (` | `) end a sentence;
 * a wrapped line does not.
 */
export function splitSentences(text: string): TextSpan[] {
  const sentences: TextSpan[] = [];
  let stretchStart = 0;
  let lineStart = 0;
  while (lineStart <= text.length) {
    const newline = text.indexOf("\n", lineStart);
    const lineEnd = newline === -1 ? text.length : newline;
    const nextEnd = text.indexOf("\n", lineEnd + 1);
    const nextLine = newline === -1 ? "" : text.slice(lineEnd + 1, nextEnd === -1 ? text.length : nextEnd);
    if (newline === -1 || lineEndsSentence(text.slice(lineStart, lineEnd), nextLine)) {
      const line = text.slice(stretchStart, lineEnd);
      // A table row is one unit whatever its cells hold.
      if (line.includes(" | ")) push(text, stretchStart, lineEnd, sentences);
      else splitStretch(text, stretchStart, lineEnd, sentences);
      stretchStart = lineEnd + 1;
    }
    if (newline === -1) break;
    lineStart = lineEnd + 1;
  }
  return sentences;
}
