import { cleanText, collapseWhitespace } from "#lib/text/clean.ts";
import { mathText } from "./math.ts";
import { childrenOf, descendants, isElement, rawText, type XmlElement, type XmlNode } from "./xml/tree.ts";

/** Marks a line break that tidying keeps; no cleaned text can hold it. */
export const lineBreak = "\u0001";

/** Marks that white space with a line end before it is the printer's, not the text's: `β⏎<sub>2</sub>`. */
const attached = "\u0002";

/** Elements that are no prose: pictures, files, machine-readable extras. */
const dropped = new Set(
  "graphic inline-graphic media inline-supplementary-material object-id supplementary-material renderMultiMedia script style fn author-notes index-term indexterm target processing-meta img svg video audio iframe head noscript template".split(
    " ",
  ),
);

const raised: Record<string, string> = {
  "0": "⁰",
  "1": "¹",
  "2": "²",
  "3": "³",
  "4": "⁴",
  "5": "⁵",
  "6": "⁶",
  "7": "⁷",
  "8": "⁸",
  "9": "⁹",
  "+": "⁺",
  "-": "⁻",
  "−": "⁻",
  "–": "⁻",
};

/** Footnotes met on the way (SPL sets them at their first mention): shown as a mark, their text after the block. */
export interface Notes {
  marks: Map<string, string>;
  pending: string[];
}

export function newNotes(): Notes {
  return { marks: new Map(), pending: [] };
}

/** The inline content of an element as one string, not yet tidied. `before` is what stands before it on the line. */
export function inlineText(nodes: readonly XmlNode[], notes: Notes, before = ""): string {
  let text = "";
  for (const node of nodes) text += isElement(node) ? elementText(before + text, node, notes) : node;
  return text;
}

function elementText(before: string, element: XmlElement, notes: Notes): string {
  if (dropped.has(element.name)) return "";
  switch (element.name) {
    case "sup":
      return attached + superscript(before.trimEnd(), element, notes);
    case "sub":
      return attached + subscript(before.trimEnd(), inlineText(element.children, notes).trim());
    case "xref":
      return crossReference(before, element, notes);
    case "br":
    case "break":
      return lineBreak;
    case "inline-formula":
    case "disp-formula":
    case "chem-struct":
    case "tex-math":
    case "math":
      return formulaText(element);
    case "footnote":
      return footnoteMark(element, notes);
    case "footnoteRef":
      return notes.marks.get(element.attributes.IDREF ?? "") ?? "";
    default:
      return inlineText(element.children, notes, before);
  }
}

/**
 * Exponents must not melt into the number they stand on: 10<sup>9</sup> is 10⁹, not 109. Letters after a digit get a
 * caret; superscripts that only cite become bracketed numbers.
 */
function superscript(before: string, element: XmlElement, notes: Notes): string {
  const cites = descendants(element, "xref").some((xref) => xref.attributes["ref-type"] === "bibr");
  const content = collapseWhitespace(cites ? rawText(element) : inlineText(element.children, notes));
  if (content === "") return "";
  if (cites) return insideBracket(before) ? content : `[${content}]`;
  const previous = before.at(-1) ?? "";
  if (/^[+−–-]?\d+$/.test(content) && /[\p{L}\d)\]%Åµ]/u.test(previous)) {
    return [...content].map((character) => raised[character] ?? character).join("");
  }
  return /\d/.test(previous) && /^[\p{L}\d]/u.test(content) ? `^${content}` : content;
}

function subscript(before: string, content: string): string {
  return /\d$/.test(before) && /^\d/.test(content) ? `_${content}` : content;
}

/** A citation of the reference list: bracketed when it is a bare number, so that it is not read as a quantity. */
function crossReference(before: string, element: XmlElement, notes: Notes): string {
  const type = element.attributes["ref-type"];
  const isCitation = type === "bibr";
  const content = collapseWhitespace(isCitation ? rawText(element) : inlineText(element.children, notes));
  if (isCitation && /^\d[\d\s,–-]*$/.test(content) && !insideBracket(before)) return `[${content}]`;
  if ((type === "table-fn" || type === "fn") && /\d$/.test(before) && /^[\p{L}\d]/u.test(content)) return `^${content}`;
  return content;
}

function insideBracket(before: string): boolean {
  const tail = before.slice(-120);
  return tail.lastIndexOf("[") > tail.lastIndexOf("]") || tail.lastIndexOf("(") > tail.lastIndexOf(")");
}

/** A formula as plain text: its MathML, its TeX, its text alternative, or the word that one stands here. */
function formulaText(element: XmlElement): string {
  if (element.name === "math") return ` ${mathText(element)} `;
  const math = descendants(element, "math")[0];
  const label = childrenOf(element, "label").map(rawText).join(" ");
  if (math) return ` ${mathText(math)}${label ? ` ${label}` : ""} `;
  const tex = element.name === "tex-math" ? element : descendants(element, "tex-math")[0];
  if (tex) return ` ${texText(rawText(tex))} `;
  const alternative = descendants(element, "alt-text")[0];
  if (alternative) return ` ${rawText(alternative)} `;
  const isPicture = descendants(element, "graphic").length + descendants(element, "inline-graphic").length > 0;
  const text = inlineText(element.children, newNotes()).trim();
  return text === "" || (text === label.trim() && isPicture) ? ` [formula]${label ? ` ${label}` : ""} ` : ` ${text} `;
}

function texText(tex: string): string {
  const body = /\\begin\{document\}([\s\S]*?)\\end\{document\}/.exec(tex)?.[1] ?? tex;
  return body.replace(/\$+/g, "").trim();
}

const noteMarks = ["*", "†", "‡", "§", "¶", "#"];

function footnoteMark(element: XmlElement, notes: Notes): string {
  const turn = notes.marks.size;
  const mark = (noteMarks[turn % noteMarks.length] ?? "*").repeat(1 + Math.floor(turn / noteMarks.length));
  notes.marks.set(element.attributes.ID ?? `${turn}`, mark);
  notes.pending.push(`${mark} ${tidy(inlineText(element.children, notes))}`);
  return mark;
}

/** For each UTF-16 unit: 1 where tidying changes it (controls, marks, odd spaces, halves of characters), 2 for a space. */
const kinds = new Uint8Array(65_536);
for (const [from, to] of [
  [0x0000, 0x001f],
  [0x007f, 0x00a0],
  [0x00ad, 0x00ad],
  [0x1680, 0x1680],
  [0x2000, 0x200b],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x2060],
  [0x3000, 0x3000],
  [0xd800, 0xdfff],
  [0xe000, 0xe001],
  [0xfeff, 0xfeff],
  [0xfffe, 0xffff],
] as const) {
  kinds.fill(1, from, to + 1);
}
kinds[0x20] = 2;

/** True for text that tidying would give back as it is; most is. A loop, since a pattern of so many ranges is slower. */
export function isTidy(text: string): boolean {
  if (text === "") return true;
  let last = 2;
  for (let at = 0; at < text.length; at += 1) {
    const kind = kinds[text.charCodeAt(at)] as number;
    if (kind !== 0 && (kind === 1 || last === 2)) return false;
    last = kind;
  }
  return last !== 2;
}

/** Inline text as final text: cleaned, white space collapsed, one line for each line break. */
export function tidy(text: string): string {
  if (isTidy(text)) return text;
  const unmarked = text.replaceAll(attached, "");
  if (isTidy(unmarked)) return unmarked;
  const cleaned = cleanText(text.replaceAll(lineBreak, "\uE000").replaceAll(attached, "\uE001"));
  return withoutMarks(cleaned)
    .split("\uE000")
    .map(oneLine)
    .filter((line) => line !== "")
    .join("\n");
}

function withoutMarks(text: string): string {
  return (text.includes("\n") ? text.replace(/\s*\n\s*\uE001/g, "") : text).replaceAll("\uE001", "");
}

/** The printer's line ends leave no space before a stop or inside a bracket. */
function oneLine(text: string): string {
  if (!text.includes("\n")) return collapseWhitespace(text);
  return collapseWhitespace(text.replace(/\s*\n\s*(?=[,.;:)\]])/g, "").replace(/(?<=[([])\s*\n\s*/g, ""));
}
