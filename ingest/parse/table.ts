import { inlineText, type Notes, tidy } from "./inline.ts";
import { childrenOf, isElement, type XmlElement, type XmlNode } from "./xml/tree.ts";

const spanLimit = 100;
const cellLimit = 200_000;

/**
 * A table as text: its caption, then one line a row, cells separated by ` | `. A cell that spans rows is repeated in
 * each, so that every row can be quoted alone; one that spans columns leaves the others empty.
 */
export function tableText(table: XmlElement, notes: Notes): string {
  const caption = childrenOf(table, "caption").map((child) => cellText(child.children, notes));
  // tfoot stands before tbody in older HTML and SPL; it is read last.
  const parts = [...childrenOf(table, "thead"), ...childrenOf(table, "tr", "tbody"), ...childrenOf(table, "tfoot")];
  const rows = parts.flatMap((part) => (part.name === "tr" ? [part] : childrenOf(part, "tr")));
  return [...caption, ...rowLines(rows, notes)].filter((line) => line !== "").join("\n");
}

function rowLines(rows: XmlElement[], notes: Notes): string[] {
  const lines: string[] = [];
  const carried: { text: string; rows: number }[] = [];
  let cells = 0;
  for (const row of rows) {
    const line: string[] = [];
    let column = 0;
    const takeCarried = () => {
      for (let above = carried[column]; above && above.rows > 0; above = carried[column]) {
        line.push(above.text);
        above.rows -= 1;
        column += 1;
      }
    };
    for (const cell of childrenOf(row, "td", "th", "entry")) {
      takeCarried();
      const text = cellText(cell.children, notes);
      const rowSpan = span(cell.attributes.rowspan);
      for (let repeat = span(cell.attributes.colspan); repeat > 0 && cells < cellLimit; repeat -= 1) {
        line.push(repeat === span(cell.attributes.colspan) ? text : "");
        carried[column] = { text: line.at(-1) ?? "", rows: rowSpan - 1 };
        column += 1;
        cells += 1;
      }
    }
    takeCarried();
    const text = line
      .join(" | ")
      .replace(/(?:\s*\|\s*)+$/, "")
      .trim();
    if (/[^\s|]/.test(text)) lines.push(text);
  }
  return lines;
}

function span(value: string | undefined): number {
  return Math.min(Math.max(Number.parseInt(value ?? "1", 10) || 1, 1), spanLimit);
}

const blockNames = new Set([
  "p",
  "paragraph",
  "item",
  "li",
  "list-item",
  "list",
  "ul",
  "ol",
  "div",
  "caption",
  "table",
  "tr",
  "td",
]);

/** All of a cell in one line. */
function cellText(nodes: readonly XmlNode[], notes: Notes): string {
  return tidy(inlineText(spaced(nodes), notes)).replaceAll("\n", " ");
}

/** Blocks inside a cell keep a space between them. */
function spaced(nodes: readonly XmlNode[]): XmlNode[] {
  return nodes.flatMap((node): XmlNode[] => {
    if (!isElement(node)) return [node];
    if (!blockNames.has(node.name))
      return [node.children.some(isElement) ? { ...node, children: spaced(node.children) } : node];
    return [" ", ...spaced(node.children), " "];
  });
}
