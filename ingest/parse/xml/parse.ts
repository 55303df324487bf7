import { RecordError } from "../record-error.ts";
import { characterOf } from "./characters.ts";
import type { CharacterEntities } from "./doctype.ts";
import { nameAt, type TagName } from "./names.ts";
import type { XmlElement, XmlNode } from "./tree.ts";

const depthLimit = 400;

const decoder = new TextDecoder();

/**
 * Parses one record, which begins with its start tag. Entities: the five, those of `entities`, and the named
 * characters of HTML, which hold the ISO sets that NLM's DTDs declare. What XML 1.0 calls not well-formed, and
 * elements nested past 400 levels, throw `malformed`. Elements of the names `skipped` are left out unread, up to their
 * end tags, where no comment or CDATA section could hide one.
 */
export function parseXml(
  bytes: Uint8Array,
  entities: CharacterEntities = new Map(),
  skipped: ReadonlySet<string> = noNames,
): XmlElement {
  let text = decoder.decode(bytes);
  if (mayHoldOdd(bytes)) {
    text = text.replace(/\r\n?/g, "\n");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML does not allow
    const odd = /[\u0000-\u0008\u000B-\u001F\uFFFE\uFFFF]/.exec(text);
    if (odd) throw malformed("a character that XML does not allow", odd.index);
  }
  return new Reader(text, entities, skipped).read();
}

/** False for bytes that surely hold nothing of what XML does not allow: controls, U+FFFE and U+FFFF. */
function mayHoldOdd(bytes: Uint8Array): boolean {
  const isPlain = (byte: number) => byte >= 0x20 || byte === newline || byte === tab;
  const head = Math.min(bytes.length, -bytes.byteOffset & 3);
  const words = new Int32Array(bytes.buffer, bytes.byteOffset + head, (bytes.length - head) >> 2);
  for (let at = 0; at < head; at += 1) if (!isPlain(bytes[at] as number)) return true;
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] as number;
    // Set where one of the four is below 0x20.
    if (((word - spaces) & ~word & highBits) === 0) continue;
    for (let byte = head + at * 4; byte < head + at * 4 + 4; byte += 1)
      if (!isPlain(bytes[byte] as number)) return true;
  }
  for (let at = head + words.length * 4; at < bytes.length; at += 1) if (!isPlain(bytes[at] as number)) return true;
  return asBuffer(bytes).includes(lastOfPlane);
}

const spaces = 0x20202020;
const highBits = 0x80808080 | 0;
/** What U+FFFE and U+FFFF begin with in UTF-8. */
const lastOfPlane = Buffer.from([0xef, 0xbf]);

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

function malformed(what: string, at: number): RecordError {
  return new RecordError("malformed", `the record is not well-formed XML: ${what} (character ${at})`);
}

const [tab, newline, space, quotation, apostrophe, slash, equals, greaterThan] = [
  0x09, 0x0a, 0x20, 0x22, 0x27, 0x2f, 0x3d, 0x3e,
];
const noAttributes: Record<string, string> = Object.freeze({});
const noChildren: XmlNode[] = [];
const noNames: ReadonlySet<string> = new Set();

/** Jumps from tag to tag; text between is sliced, and looked into only where it holds a reference. */
class Reader {
  private readonly text: string;
  private readonly entities: CharacterEntities;
  private readonly endsCdata: boolean;
  private readonly skipped: ReadonlySet<string>;
  private at = 0;
  /** The next `&` at or after `at`. */
  private reference: number;
  private root: XmlElement | null = null;
  private readonly open: XmlElement[] = [];
  private readonly names: TagName[] = [];

  constructor(text: string, entities: CharacterEntities, skipped: ReadonlySet<string>) {
    this.text = text;
    this.skipped = skipped.size === 0 || text.includes("<!") ? noNames : skipped;
    this.entities = entities;
    this.endsCdata = text.includes("]]>");
    this.reference = this.find("&", 0);
  }

  read(): XmlElement {
    const { text } = this;
    while (true) {
      const tag = text.indexOf("<", this.at);
      if (tag === -1) break;
      if (tag > this.at) this.addText(tag);
      const code = text.charCodeAt(tag + 1);
      if (code === slash) this.closeTag(tag);
      else if (code === 0x21) this.declaration(tag);
      else if (code === 0x3f) this.instruction(tag);
      else this.openTag(tag);
    }
    if (this.at < text.length) this.addText(text.length);
    const last = this.names.at(-1);
    if (last) throw malformed(`<${last.whole}> is not closed`, text.length);
    if (!this.root) throw new RecordError("malformed", "the record holds no element");
    return this.root;
  }

  private find(pattern: string, from: number): number {
    const found = this.text.indexOf(pattern, from);
    return found === -1 ? Number.POSITIVE_INFINITY : found;
  }

  private addNode(node: XmlNode): void {
    const parent = this.open[this.open.length - 1];
    if (!parent) return;
    // Most elements have one child: an array made for one stays small.
    if (parent.children === noChildren) parent.children = [node];
    else parent.children.push(node);
  }

  private addText(end: number): void {
    const raw = this.text.slice(this.at, end);
    if (this.open.length === 0 && raw.trim() !== "") throw malformed("text outside the record's element", this.at);
    if (this.endsCdata && raw.includes("]]>")) throw malformed('"]]>" in text', this.at);
    this.addNode(this.reference < end ? this.resolved(raw, this.at, end) : raw);
    this.at = end;
  }

  private closeTag(tag: number): void {
    const name = this.names.pop();
    if (!name || !this.text.startsWith(name.whole, tag + 2)) {
      throw malformed(name ? `an end tag where </${name.whole}> is due` : "an end tag without a start", tag);
    }
    let at = tag + 2 + name.whole.length;
    if (this.text.charCodeAt(at) !== greaterThan) {
      at = this.skipSpace(at);
      if (this.text.charCodeAt(at) !== greaterThan) throw malformed(`an end tag where </${name.whole}> is due`, tag);
    }
    this.open.pop();
    this.at = at + 1;
  }

  private openTag(tag: number): void {
    const name = nameAt(this.text, tag + 1);
    if (!name) throw malformed("a < that begins no tag", tag);
    if (this.skipped.has(name.whole) && this.open.length > 0) {
      const end = this.endOfSkipped(name.whole, tag);
      if (end !== -1) {
        this.passTo(end);
        return;
      }
    }
    const element: XmlElement = { name: name.local, attributes: noAttributes, children: noChildren };
    let at = tag + 1 + name.whole.length;
    let code = this.text.charCodeAt(at);
    if (code !== greaterThan && code !== slash) {
      at = this.readAttributes(element, at);
      code = this.text.charCodeAt(at);
    }
    if (this.open.length > 0) this.addNode(element);
    else if (this.root) throw malformed("a second element beside the record's", tag);
    else this.root = element;
    if (code === greaterThan) {
      this.open.push(element);
      this.names.push(name);
      if (this.open.length > depthLimit) {
        throw new RecordError("malformed", `elements nest deeper than ${depthLimit} levels`);
      }
      this.at = at + 1;
    } else {
      if (code !== slash || this.text.charCodeAt(at + 1) !== greaterThan)
        throw malformed(`<${name.whole} is not ended`, tag);
      this.at = at + 2;
    }
  }

  /** After the end tag of the element that begins at `tag`, others of its name inside respected; -1 without one. */
  private endOfSkipped(name: string, tag: number): number {
    const [open, close] = [`<${name}`, `</${name}>`];
    let at = tag;
    let depth = 0;
    do {
      const end = this.text.indexOf(close, at);
      if (end === -1) return -1;
      for (
        let next = this.text.indexOf(open, at);
        next !== -1 && next < end;
        next = this.text.indexOf(open, next + 1)
      ) {
        depth += 1;
      }
      depth -= 1;
      at = end + close.length;
    } while (depth > 0);
    return at;
  }

  /** @returns where the tag's own end, `>` or `/>`, is due */
  private readAttributes(element: XmlElement, from: number): number {
    const { text } = this;
    const attributes: Record<string, string> = {};
    let at = from;
    while (true) {
      const next = this.skipSpace(at);
      const code = text.charCodeAt(next);
      if (code === greaterThan || code === slash) {
        if (next > from) element.attributes = attributes;
        return next;
      }
      if (next === at) throw malformed("white space is due before an attribute", at);
      const name = nameAt(text, next);
      if (!name) throw malformed("an attribute's name is due", next);
      at = this.skipSpace(next + name.whole.length);
      if (text.charCodeAt(at) !== equals) throw malformed(`= is due after the attribute ${name.whole}`, at);
      at = this.skipSpace(at + 1);
      const quote = text.charCodeAt(at);
      const end = quote === quotation || quote === apostrophe ? text.indexOf(text.charAt(at), at + 1) : -1;
      if (end === -1) throw malformed(`the attribute ${name.whole} has no quoted value`, at);
      if (Object.hasOwn(attributes, name.whole)) throw malformed(`the attribute ${name.whole} stands twice`, next);
      attributes[name.whole] = this.valueOf(at + 1, end);
      at = end + 1;
    }
  }

  private valueOf(from: number, end: number): string {
    let value = this.text.slice(from, end);
    if (value.includes("<")) throw malformed("< in an attribute's value", from);
    if (/[\t\n]/.test(value)) value = value.replace(/[\t\n]/g, " ");
    return this.reference < end ? this.resolved(value, from, end) : value;
  }

  private skipSpace(from: number): number {
    let at = from;
    while (true) {
      const code = this.text.charCodeAt(at);
      if (code !== space && code !== newline && code !== tab) return at;
      at += 1;
    }
  }

  /** Text between `from` and `end` with its references resolved. */
  private resolved(raw: string, from: number, end: number): string {
    this.reference = this.find("&", end);
    let text = "";
    let done = 0;
    for (let start = raw.indexOf("&"); start !== -1; start = raw.indexOf("&", done)) {
      const stop = raw.indexOf(";", start);
      const character = stop === -1 ? null : characterOf(raw.slice(start + 1, stop), this.entities);
      if (character === null) throw malformed("an & that begins no known reference", from + start);
      text += raw.slice(done, start) + character;
      done = stop + 1;
    }
    return text + raw.slice(done);
  }

  private declaration(tag: number): void {
    const { text } = this;
    if (text.startsWith("<![CDATA[", tag)) {
      const end = text.indexOf("]]>", tag + 9);
      if (end === -1 || this.open.length === 0) throw malformed("a CDATA section out of place or without end", tag);
      this.addNode(text.slice(tag + 9, end));
      this.passTo(end + 3);
      return;
    }
    const end = text.startsWith("<!--", tag) ? text.indexOf("--", tag + 4) : -1;
    if (end === -1 || text.charCodeAt(end + 2) !== greaterThan)
      throw malformed("a comment or declaration that is none", tag);
    this.passTo(end + 3);
  }

  private instruction(tag: number): void {
    const end = this.text.indexOf("?>", tag + 2);
    const name = nameAt(this.text, tag + 2);
    const after = tag + 2 + (name?.whole.length ?? 0);
    const isNamed = name !== null && !/^xml$/i.test(name.whole) && (after === end || this.skipSpace(after) > after);
    if (end === -1 || !isNamed) throw malformed("a processing instruction out of place", tag);
    this.passTo(end + 2);
  }

  /** Past what may hold an `&` that is none. */
  private passTo(at: number): void {
    this.at = at;
    if (this.reference < at) this.reference = this.find("&", at);
  }
}
