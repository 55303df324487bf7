import { inlineText, lineBreak, type Notes, newNotes, tidy } from "./inline.ts";
import { tableText } from "./table.ts";
import { childrenOf, isElement, type XmlElement, type XmlNode } from "./xml/tree.ts";

/** Elements that make a block of their own in HTML, JATS or SPL text. */
const paragraphs = new Set(
  "p paragraph div blockquote center pre title h1 h2 h3 h4 h5 h6 verse-line attrib speech def dd dt address section article main header footer".split(
    " ",
  ),
);
const lists = new Set(["ul", "ol", "list"]);
const containers = new Set(
  "disp-quote boxed-text body sec text statement verse-group disp-formula-group fig-group table-wrap-group chem-struct-wrap question answer dl form fieldset app floats-group caption table-wrap-foot fn-group notes".split(
    " ",
  ),
);
const skipped = new Set(
  "ref-list supplementary-material media graphic renderMultiMedia script style head svg iframe noscript template".split(
    " ",
  ),
);

/**
 * The blocks of an element's content, final text each: a paragraph is one line, a list one line an item, a table one
 * line a row. Pictures, supplementary files and reference lists are left out.
 */
export function blocksOf(element: XmlElement, notes: Notes = newNotes()): string[] {
  const blocks: string[] = [];
  collect(element.children, blocks, notes);
  return blocks;
}

function collect(nodes: readonly XmlNode[], blocks: string[], notes: Notes): void {
  let inline = "";
  const flush = () => {
    push(blocks, tidy(inline), notes);
    inline = "";
  };
  for (const node of nodes) {
    if (!isElement(node)) inline += node;
    else if (skipped.has(node.name)) continue;
    else if (isBlock(node)) {
      flush();
      collectBlock(node, blocks, notes);
    } else inline += inlineText([node], notes, inline);
  }
  flush();
}

function push(blocks: string[], block: string, notes: Notes): void {
  const lines = [...(block === "" ? [] : [block]), ...notes.pending.splice(0)];
  if (lines.length > 0) blocks.push(lines.join("\n"));
}

function isBlock(element: XmlElement): boolean {
  const { name } = element;
  if (paragraphs.has(name) || lists.has(name) || containers.has(name)) return true;
  if (name === "table" || name === "table-wrap" || name === "fig" || name === "def-list") return true;
  // An inline element around blocks (an SPL content, a named-content) is a container.
  return (
    element.children.some((child) => isElement(child) && isBlock(child)) &&
    name !== "inline-formula" &&
    name !== "footnote"
  );
}

function collectBlock(element: XmlElement, blocks: string[], notes: Notes): void {
  if (lists.has(element.name)) push(blocks, listText(element, notes, 0), notes);
  else if (element.name === "def-list") push(blocks, definitionText(element, notes), notes);
  else if (element.name === "table") push(blocks, tableText(element, notes), notes);
  else if (element.name === "table-wrap") push(blocks, wrappedTableText(element, notes), notes);
  else if (element.name === "fig") push(blocks, captionText(element, notes), notes);
  else collect(element.children, blocks, notes);
}

/** Label and caption on one line: "Table 1. Doses by age." */
export function captionText(element: XmlElement, notes: Notes): string {
  const label = childrenOf(element, "label").map((child) => tidy(inlineText(child.children, notes)));
  const caption = childrenOf(element, "caption").flatMap((child) => blocksOf(child, notes));
  return [...label, ...caption].map(endWithStop).join(" ").replaceAll("\n", " ");
}

function endWithStop(text: string, index: number, parts: string[]): string {
  return index < parts.length - 1 && !/[.!?:;]$/.test(text) ? `${text}.` : text;
}

function wrappedTableText(element: XmlElement, notes: Notes): string {
  const caption = captionText(element, notes);
  const tables = childrenOf(element, "table", "alternatives").flatMap((child) =>
    child.name === "table" ? [child] : childrenOf(child, "table"),
  );
  const foot = childrenOf(element, "table-wrap-foot").flatMap((child) => footLines(child, notes));
  return [caption, ...tables.map((table) => tableText(table, notes)), ...foot].filter((line) => line !== "").join("\n");
}

function footLines(foot: XmlElement, notes: Notes): string[] {
  return childrenOf(foot).flatMap((child) => {
    if (child.name === "fn-group") return footLines(child, notes);
    const label = childrenOf(child, "label")
      .map((part) => tidy(inlineText(part.children, notes)))
      .join(" ");
    const body = { ...child, children: child.children.filter((node) => !isElement(node) || node.name !== "label") };
    return [`${label} ${blocksOf(body, notes).join(" ")}`.replaceAll("\n", " ").trim()].filter((line) => line !== "");
  });
}

function listText(list: XmlElement, notes: Notes, depth: number): string {
  const kind = list.attributes["list-type"] ?? list.attributes.listType ?? "";
  const ordered = list.name === "ol" || /^(?:order|alpha|roman|arabic)/.test(kind);
  const lines: string[] = [];
  const heading = childrenOf(list, "title", "caption").map((child) => tidy(inlineText(child.children, notes)));
  lines.push(...heading.filter((line) => line !== ""));
  let number = Number.parseInt(list.attributes.start ?? "1", 10) || 1;
  for (const item of childrenOf(list, "li", "list-item", "item")) {
    const label = childrenOf(item, "label", "caption")
      .map((child) => tidy(inlineText(child.children, notes)))
      .join(" ");
    const marker = label || (ordered ? `${number}.` : depth === 0 ? "•" : "–");
    number += 1;
    lines.push(...itemLines(item, marker, notes, depth));
  }
  return lines.join("\n");
}

function itemLines(item: XmlElement, marker: string, notes: Notes, depth: number): string[] {
  const own: string[] = [];
  const nested: string[] = [];
  const collectItem = (nodes: readonly XmlNode[]) => {
    const blocks: string[] = [];
    collect(
      nodes.filter(
        (node) => !isElement(node) || !(lists.has(node.name) || node.name === "label" || node.name === "caption"),
      ),
      blocks,
      notes,
    );
    own.push(...blocks);
  };
  const wrapped = item.children.flatMap((node) =>
    isElement(node) && node.name === "p" ? node.children.concat(lineBreak) : [node],
  );
  for (const node of wrapped)
    if (isElement(node) && lists.has(node.name)) nested.push(listText(node, notes, depth + 1));
  collectItem(wrapped);
  const text = own.join("\n").replace(/^[•■▪●·*-]\s+/, "");
  // Text that brings its own bullet or dash keeps one marker, not two.
  return [...(text === "" ? [] : [`${marker} ${text}`]), ...nested.filter((line) => line !== "")];
}

function definitionText(list: XmlElement, notes: Notes): string {
  return childrenOf(list, "def-item")
    .map((item) => {
      const term = childrenOf(item, "term")
        .map((child) => tidy(inlineText(child.children, notes)))
        .join(", ");
      const meaning = childrenOf(item, "def")
        .flatMap((child) => blocksOf(child, notes))
        .join(" ");
      return [term, meaning].filter((part) => part !== "").join(": ");
    })
    .filter((line) => line !== "")
    .join("\n");
}
