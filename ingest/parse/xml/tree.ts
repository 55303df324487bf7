/** An element as a plain tree. Names carry no prefix (`mml:math` is `math`); attribute names keep theirs. */
export interface XmlElement {
  name: string;
  attributes: Record<string, string>;
  children: XmlNode[];
}
export type XmlNode = XmlElement | string;

export function isElement(node: XmlNode): node is XmlElement {
  return typeof node !== "string";
}

/** Child elements, all or those of the given names. */
export function childrenOf(element: XmlElement | null | undefined, ...names: string[]): XmlElement[] {
  const found: XmlElement[] = [];
  if (!element) return found;
  for (const node of element.children) {
    if (typeof node !== "string" && (names.length === 0 || names.includes(node.name))) found.push(node);
  }
  return found;
}

/** The first element down a path of names. */
export function find(element: XmlElement | null | undefined, ...path: string[]): XmlElement | null {
  let current = element ?? null;
  for (const name of path) {
    if (!current) return null;
    current = firstChild(current, name);
  }
  return current;
}

function firstChild(element: XmlElement, name: string): XmlElement | null {
  for (const node of element.children) if (typeof node !== "string" && node.name === name) return node;
  return null;
}

/** All descendants of a name, in document order. */
export function descendants(element: XmlElement | null | undefined, name: string): XmlElement[] {
  const found: XmlElement[] = [];
  if (element) collect(element, name, found);
  return found;
}

function collect(element: XmlElement, name: string, found: XmlElement[]): void {
  for (const node of element.children) {
    if (typeof node === "string") continue;
    if (node.name === name) found.push(node);
    collect(node, name, found);
  }
}

/** All character data, as it stands. */
export function rawText(element: XmlElement | null | undefined): string {
  let text = "";
  for (const node of element?.children ?? []) text += typeof node === "string" ? node : rawText(node);
  return text;
}
