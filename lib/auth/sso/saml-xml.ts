/**
 * Reads XML as identity providers write it, and nothing else of XML: no document types, no entities of one's own, no
 * CDATA, no instructions, and no comments unless they are allowed. What is left means the same to every parser that
 * reads it afterwards.
 */
export interface XmlElement {
  /** Without its prefix. */
  name: string;
  namespace: string;
  /** By the names as written; the declarations of namespaces are not among them. */
  attributes: ReadonlyMap<string, string>;
  children: readonly XmlElement[];
  /** What stands directly in it, references resolved. */
  text: string;
}

export class XmlError extends Error {
  override name = "XmlError";
}

const deepest = 40;
const name = "[A-Za-z_][A-Za-z0-9_.-]*";
const qualified = `${name}(?::${name})?`;
const tag = new RegExp(`<(/?)(${qualified})((?:\\s+${qualified}\\s*=\\s*(?:"[^"<>]*"|'[^'<>]*'))*)\\s*(/?)>`, "y");
const attribute = new RegExp(`(${qualified})\\s*=\\s*(?:"([^"]*)"|'([^']*)')`, "g");
const declaration =
  /^\s*<\?xml\s+version=(["'])1\.0\1(?:\s+encoding=(["'])utf-8\2)?(?:\s+standalone=(["'])(?:yes|no)\3)?\s*\?>/i;
const comment = /<!--(?:(?!--)[\s\S])*-->/g;
// Tab, line feed, carriage return, and what is no control, no half of a pair and no non-character.
const character = /^[\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]*$/u;
const xmlNamespace = "http://www.w3.org/XML/1998/namespace";

interface Open {
  written: string;
  scope: ReadonlyMap<string, string>;
  element: { name: string; namespace: string; attributes: Map<string, string>; children: XmlElement[]; text: string };
}

/** The root element. @throws XmlError for whatever is not well-formed, or not of this kind */
export function readXml(text: string, { comments = false } = {}): XmlElement {
  if (!character.test(text)) throw new XmlError("it holds characters that XML does not");
  let rest = text.replace(/^\uFEFF/, "").replace(declaration, "");
  if (comments) rest = rest.replace(comment, "");
  // Document types, comments and CDATA; instructions.
  if (/<[!?]/.test(rest)) throw new XmlError("it holds a document type, a comment, CDATA or an instruction");
  const document: Open = {
    written: "",
    scope: new Map([["xml", xmlNamespace]]),
    element: { name: "", namespace: "", attributes: new Map(), children: [], text: "" },
  };
  const open = [document];
  for (let at = 0; at < rest.length; ) {
    const inside = open[open.length - 1] ?? document;
    if (rest[at] !== "<") {
      const end = rest.indexOf("<", at);
      inside.element.text += resolve(rest.slice(at, end === -1 ? undefined : end));
      at = end === -1 ? rest.length : end;
      continue;
    }
    tag.lastIndex = at;
    const found = tag.exec(rest);
    if (!found) throw new XmlError(`a tag is not well-formed at ${at}`);
    at = tag.lastIndex;
    const [, isEnd, written = "", attributes = "", isEmpty] = found;
    if (isEnd) {
      if (attributes || isEmpty || open.length === 1 || inside.written !== written)
        throw new XmlError(`</${written}> ends nothing`);
      open.pop();
      continue;
    }
    const next = begin(written, attributes, inside.scope);
    inside.element.children.push(next.element);
    if (isEmpty) continue;
    if (open.length > deepest) throw new XmlError("it is nested too deeply");
    open.push(next);
  }
  const [root, another] = document.element.children;
  if (open.length !== 1 || !root || another || document.element.text.trim() !== "")
    throw new XmlError("it is not one whole element");
  return root;
}

function begin(written: string, attributes: string, outer: ReadonlyMap<string, string>): Open {
  const all = new Map<string, string>();
  for (const [, key = "", double, single] of attributes.matchAll(attribute)) {
    if (all.has(key)) throw new XmlError(`“${key}” is given twice`);
    all.set(key, resolve((double ?? single ?? "").replace(/[\t\n\r]/g, " ")));
  }
  const scope = new Map(outer);
  for (const [key, value] of all) {
    if (key !== "xmlns" && !key.startsWith("xmlns:")) continue;
    const prefix = key.slice(6);
    if (prefix === "xml" || prefix === "xmlns" || (prefix !== "" && value === ""))
      throw new XmlError(`“${key}” may not be declared so`);
    scope.set(prefix, value);
    all.delete(key);
  }
  const seen = new Set<string>();
  for (const key of all.keys()) {
    const [prefix, local] = key.includes(":") ? key.split(":") : [null, key];
    const full = `${prefix === null ? "" : namespaceOf(prefix ?? "", scope)} ${local}`;
    if (seen.has(full)) throw new XmlError(`“${key}” is given twice`);
    seen.add(full);
  }
  const [first = "", second] = written.split(":");
  const namespace = second === undefined ? (scope.get("") ?? "") : namespaceOf(first, scope);
  return { written, scope, element: { name: second ?? first, namespace, attributes: all, children: [], text: "" } };
}

function namespaceOf(prefix: string, scope: ReadonlyMap<string, string>): string {
  const found = scope.get(prefix);
  if (found === undefined) throw new XmlError(`the prefix “${prefix}” is not declared`);
  return found;
}

const predefined: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function resolve(text: string): string {
  return text.replace(/&([^;&]*;)?/g, (_, reference: string | undefined) => {
    const body = reference?.slice(0, -1) ?? "";
    if (Object.hasOwn(predefined, body)) return predefined[body] ?? "";
    const code = /^#(?:x([0-9A-Fa-f]{1,6})|([0-9]{1,7}))$/.exec(body);
    const point = code ? Number.parseInt(code[1] ?? code[2] ?? "", code[1] ? 16 : 10) : Number.NaN;
    if (!(point <= 0x10ffff) || !character.test(String.fromCodePoint(point)))
      throw new XmlError("it refers to an entity that is none of XML's own");
    return String.fromCodePoint(point);
  });
}

/** All elements below and the one itself. */
export function* everyElement(root: XmlElement): Generator<XmlElement> {
  yield root;
  for (const child of root.children) yield* everyElement(child);
}
