import { Parser as HtmlParser } from "htmlparser2";
import { SaxesParser } from "saxes";
import { RecordError } from "../record-error.ts";
import type { CharacterEntities } from "./doctype.ts";

/** An element as a plain tree. Names carry no prefix (`mml:math` is `math`); attribute names keep theirs. */
export interface XmlElement {
  name: string;
  attributes: Record<string, string>;
  children: XmlNode[];
}
export type XmlNode = XmlElement | string;

const depthLimit = 400;

/**
 * Parses one record. Entities: the five, those of `entities`, and the named characters of HTML, which hold the ISO
 * sets that NLM's DTDs declare. Not well-formed or nested past 400 levels throws `malformed`.
 */
export function parseXml(bytes: Uint8Array, entities: CharacterEntities = new Map()): XmlElement {
  const parser = new SaxesParser({ xmlns: false });
  parser.ENTITIES = entityTable(entities);
  const stack: XmlElement[] = [];
  let root: XmlElement | null = null;
  parser.on("error", (error) => {
    throw new RecordError("malformed", `the record is not well-formed XML: ${error.message.slice(0, 200)}`);
  });
  parser.on("opentag", (tag) => {
    const element: XmlElement = { name: localName(tag.name), attributes: tag.attributes, children: [] };
    stack.at(-1)?.children.push(element);
    root ??= element;
    stack.push(element);
    if (stack.length > depthLimit) throw new RecordError("malformed", `elements nest deeper than ${depthLimit} levels`);
  });
  parser.on("closetag", () => {
    stack.pop();
  });
  const onText = (text: string) => {
    stack.at(-1)?.children.push(text);
  };
  parser.on("text", onText);
  parser.on("cdata", onText);
  parser.write(new TextDecoder().decode(bytes)).close();
  if (!root) throw new RecordError("malformed", "the record holds no element");
  return root;
}

function localName(name: string): string {
  return name.slice(name.indexOf(":") + 1);
}

const five: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function entityTable(entities: CharacterEntities): Record<string, string> {
  return new Proxy(five, {
    get: (known, name) =>
      typeof name === "string" ? (known[name] ?? entities.get(name) ?? htmlCharacter(name)) : undefined,
  });
}

const htmlCharacters = new Map<string, string | undefined>();

/** The character HTML gives a name (`alpha`, `lsqb`); undefined for a name it does not know. */
function htmlCharacter(name: string): string | undefined {
  if (htmlCharacters.has(name)) return htmlCharacters.get(name);
  if (!/^[A-Za-z][A-Za-z0-9]{1,31}$/.test(name)) return undefined;
  let text = "";
  const parser = new HtmlParser({ ontext: (data) => (text += data) });
  parser.end(`&${name};`);
  const character = text.startsWith("&") || text.includes(";") ? undefined : text;
  if (htmlCharacters.size < 5000) htmlCharacters.set(name, character);
  return character;
}

export function isElement(node: XmlNode): node is XmlElement {
  return typeof node !== "string";
}

/** Child elements, all or those of the given names. */
export function childrenOf(element: XmlElement | null | undefined, ...names: string[]): XmlElement[] {
  return (element?.children ?? []).filter(
    (node): node is XmlElement => isElement(node) && (names.length === 0 || names.includes(node.name)),
  );
}

/** The first element down a path of names. */
export function find(element: XmlElement | null | undefined, ...path: string[]): XmlElement | null {
  let current = element ?? null;
  for (const name of path) current = childrenOf(current, name)[0] ?? null;
  return current;
}

/** All descendants of a name, in document order. */
export function descendants(element: XmlElement | null | undefined, name: string): XmlElement[] {
  return childrenOf(element).flatMap((child) => [...(child.name === name ? [child] : []), ...descendants(child, name)]);
}

/** All character data, as it stands. */
export function rawText(element: XmlElement | null | undefined): string {
  return (element?.children ?? []).map((node) => (isElement(node) ? rawText(node) : node)).join("");
}
