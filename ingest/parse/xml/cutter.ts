import type { FailureCode } from "../../types.ts";
import { ByteWindow, Finder } from "../byte-window.ts";
import { RecordError } from "../record-error.ts";
import { asUtf8 } from "../utf8.ts";
import { type CharacterEntities, readDoctype } from "./doctype.ts";

export interface CutSettings {
  /** Element names that make a record, without prefix. A record does not hold another of its own name. */
  records: readonly string[];
  /** Root elements that may hold no record at all. */
  roots: readonly string[];
  /** A record past this many bytes is a `too_large` failure. */
  recordLimit: number;
}

export type Cut =
  | { kind: "record"; name: string; bytes: Uint8Array; record: number; offset: number; entities: CharacterEntities }
  | { kind: "failure"; code: FailureCode; reason: string; record: number | null; offset: number | null };

const lessThan = 0x3c;
const greaterThan = 0x3e;
const slash = 0x2f;
const doctypeLimit = 1 << 20;
/** A tag longer than this is not waited for: it is no tag. */
const tagLimit = 1 << 16;

/**
 * Cuts an XML byte stream into records without parsing it: comments, CDATA and processing instructions are skipped
 * over, and memory holds one record at a time. A record cut short is reported where the next begins.
 */
export async function* cutXml(stream: AsyncIterable<Uint8Array>, settings: CutSettings): AsyncGenerator<Cut> {
  const cutter = new Cutter(settings);
  for await (const chunk of asUtf8(stream)) {
    for (const _more of cutter.window.admit(chunk)) {
      yield* cutter.advance();
      if (cutter.refused) return;
    }
  }
  yield* cutter.finish();
}

class Cutter {
  readonly window = new ByteWindow();
  /** Set once the document type is refused: nothing after it is read. */
  refused = false;
  private readonly settings: CutSettings;
  private readonly specials = new Map<string, { open: Finder; close: Finder }>();
  private readonly declarations = new Finder("<!");
  private readonly instructions = new Finder("<?");
  private position = 0;
  private skipTo: Buffer | null = null;
  private entities: CharacterEntities = new Map();
  private root: string | null = null;
  private openRoots = 0;
  private count = 0;
  private inside: { name: string; start: number; record: number; dropped: boolean; head: boolean } | null = null;

  constructor(settings: CutSettings) {
    this.settings = settings;
    for (const name of settings.records) {
      this.specials.set(name, { open: new Finder(`<${name}`), close: new Finder(`</${name}`) });
    }
  }

  /** Goes as far as the bytes held allow. */
  *advance(): Generator<Cut> {
    while (true) {
      if (this.skipTo) {
        const found = this.window.indexOf(this.skipTo, this.position);
        if (found === -1) {
          this.position = Math.max(this.position, this.window.end - this.skipTo.length + 1);
          break;
        }
        this.position = found + this.skipTo.length;
        this.skipTo = null;
      }
      const before = this.position;
      const wasInside = this.inside;
      const step = this.inside ? this.stepInside(this.inside) : this.stepOutside();
      if (step) yield step;
      if (this.refused) return;
      if (!step && this.position === before && this.inside === wasInside && !this.skipTo) break;
    }
    this.dropOversize();
    this.window.discard(this.inside && !this.inside.dropped ? this.inside.start : this.position);
  }

  *finish(): Generator<Cut> {
    const end = this.window.end;
    if (this.inside) {
      yield this.failure("malformed", `the file ends inside a <${this.inside.name}>`, this.inside);
    } else if (this.skipTo || this.position < end) {
      yield this.failure("malformed", "the file ends inside a tag, comment or declaration", null);
    } else if (this.root === null && this.count === 0) {
      yield this.failure("malformed", end === 0 ? "the file is empty" : "the file is not XML", null);
    } else if (this.openRoots > 0) {
      yield this.failure("malformed", `the file ends before </${this.root}>`, null);
    } else if (this.count === 0 && !this.settings.roots.includes(this.root ?? "")) {
      const names = this.settings.records.map((name) => `<${name}>`).join(" or ");
      yield this.failure("malformed", `the file's root is <${this.root}> and it holds no ${names}`, null);
    }
  }

  private failure(code: FailureCode, reason: string, at: { start: number; record: number } | null): Cut {
    return { kind: "failure", code, reason, record: at?.record ?? null, offset: at?.start ?? this.window.end };
  }

  /** A record past the limit is forgotten as it comes; its end is still looked for. */
  private dropOversize(): void {
    if (this.inside && this.window.end - this.inside.start > this.settings.recordLimit) this.inside.dropped = true;
  }

  private stepOutside(): Cut | null {
    const tag = this.window.indexOf(lessThan, this.position);
    if (tag === -1) {
      this.position = this.window.end;
      return null;
    }
    this.position = tag;
    const text = this.window.latin1(tag, tag + 128);
    if (text.startsWith("<!--")) this.skip("-->", 4);
    else if (text.startsWith("<![CDATA[")) this.skip("]]>", 9);
    else if (text.startsWith("<?")) this.skip("?>", 2);
    else if (text.startsWith("<!DOCTYPE")) return this.readDoctype(tag);
    else if (text.length < 9 && "<!DOCTYPE".startsWith(text)) return null;
    else if (text.length < 9 && "<![CDATA[".startsWith(text)) return null;
    else return this.stepTag(tag, text);
    return null;
  }

  private skip(pattern: string, opening: number): void {
    this.position += opening;
    this.skipTo = Buffer.from(pattern);
  }

  private stepTag(tag: number, text: string): Cut | null {
    const name = /^<\/?([^\s/>]+)(?=[\s/>])/.exec(text)?.[1];
    if (name === undefined) {
      // Too short to tell yet, or no tag at all.
      if (text.length >= 128) this.position = tag + 1;
      return null;
    }
    const local = name.slice(name.indexOf(":") + 1);
    const closes = text.startsWith("</");
    if (!closes && this.specials.has(name)) {
      this.count += 1;
      this.inside = { name, start: tag, record: this.count, dropped: false, head: true };
      return null;
    }
    const end = this.window.indexOf(greaterThan, tag);
    if (end === -1) {
      if (this.window.end - tag > tagLimit) this.position = tag + 1;
      return null;
    }
    this.root ??= local;
    if (local === this.root) {
      if (closes) this.openRoots -= 1;
      else if (this.window.byte(end - 1) !== slash) this.openRoots += 1;
    }
    this.position = end + 1;
    return null;
  }

  private readDoctype(tag: number): Cut | null {
    const text = this.window.latin1(tag, tag + doctypeLimit);
    const end = doctypeEnd(text);
    if (end === -1) {
      if (text.length < doctypeLimit) return null;
      this.refused = true;
      return this.failure("forbidden", "the document type is longer than 1 MiB", null);
    }
    try {
      this.entities = readDoctype(Buffer.from(text.slice(0, end), "latin1").toString("utf8"));
    } catch (error) {
      if (!(error instanceof RecordError)) throw error;
      this.refused = true;
      return { kind: "failure", code: error.code, reason: error.message, record: null, offset: tag };
    }
    this.position = tag + end;
    return null;
  }

  private stepInside(inside: NonNullable<typeof this.inside>): Cut | null {
    if (inside.head) return this.stepHead(inside);
    const finders = this.specials.get(inside.name);
    if (!finders) throw new Error(`no finders for ${inside.name}`);
    const close = this.boundary(finders.close, this.position);
    const limit = close === -1 ? Number.POSITIVE_INFINITY : close;
    const open = this.boundary(finders.open, this.position);
    const declaration = this.declarations.find(this.window, this.position);
    const instruction = this.instructions.find(this.window, this.position);
    const first = Math.min(
      ...[open, declaration, instruction, limit].map((found) => (found === -1 ? Number.POSITIVE_INFINITY : found)),
    );
    if (first === Number.POSITIVE_INFINITY) {
      this.position = Math.max(this.position, this.window.end - inside.name.length - 4);
      return null;
    }
    this.position = first;
    if (first === declaration) {
      const text = this.window.latin1(first, first + 9);
      if (text.startsWith("<!--")) this.skip("-->", 4);
      else if (text.startsWith("<![CDATA[")) this.skip("]]>", 9);
      else if (text.length === 9) this.position = first + 2;
      return null;
    }
    if (first === instruction) {
      this.skip("?>", 2);
      return null;
    }
    if (first === open) {
      const reason = `the record is cut short: another <${inside.name}> begins before its end tag`;
      this.inside = null;
      return this.failure("malformed", reason, inside);
    }
    const end = this.window.indexOf(greaterThan, first);
    if (end !== -1) return this.complete(inside, end + 1);
    if (this.window.end - first > tagLimit) this.position = first + 2;
    return null;
  }

  /** The record's own start tag: an empty element ends there. Quotes may hide its end. */
  private stepHead(inside: NonNullable<typeof this.inside>): Cut | null {
    let quote = 0;
    if (this.window.end - inside.start > tagLimit) inside.head = false;
    for (let at = inside.start + 1; at < Math.min(this.window.end, inside.start + tagLimit); at += 1) {
      const byte = this.window.byte(at);
      if (quote) {
        if (byte === quote) quote = 0;
      } else if (byte === 0x22 || byte === 0x27) quote = byte;
      else if (byte === greaterThan) {
        inside.head = false;
        this.position = at + 1;
        return this.window.byte(at - 1) === slash ? this.complete(inside, at + 1) : null;
      } else if (byte === lessThan) {
        inside.head = false;
        this.position = at;
        return null;
      }
    }
    return null;
  }

  private complete(inside: NonNullable<typeof this.inside>, end: number): Cut {
    this.position = end;
    this.inside = null;
    if (inside.dropped || end - inside.start > this.settings.recordLimit) {
      return this.failure("too_large", `the record is larger than ${this.settings.recordLimit} bytes`, inside);
    }
    const bytes = this.window.bytes(inside.start, end);
    const { name, record, start } = inside;
    return { kind: "record", name, bytes, record, offset: start, entities: this.entities };
  }

  /** Like find, but the name must end there: `</article` is not `</article-meta`. */
  private boundary(finder: Finder, from: number): number {
    let at = from;
    while (true) {
      const found = finder.find(this.window, at);
      if (found === -1 || found + finder.size >= this.window.end) return -1;
      const after = this.window.byte(found + finder.size);
      if (after === greaterThan || after === slash || after <= 0x20) return found;
      at = found + 1;
    }
  }
}

/** Length of a DOCTYPE declaration, brackets and quotes respected; -1 when its end is not there. */
function doctypeEnd(text: string): number {
  let depth = 0;
  let at = 9;
  while (at < text.length) {
    const character = text.charAt(at);
    if (character === '"' || character === "'") {
      const end = text.indexOf(character, at + 1);
      if (end === -1) return -1;
      at = end;
    } else if (text.startsWith("<!--", at)) {
      const end = text.indexOf("-->", at + 4);
      if (end === -1) return -1;
      at = end + 2;
    } else if (character === "[") depth += 1;
    else if (character === "]") depth -= 1;
    else if (character === ">" && depth <= 0) return at + 1;
    at += 1;
  }
  return -1;
}
