import { ByteWindow, Finder } from "./byte-window.ts";
import { asUtf8 } from "./utf8.ts";

export type JsonCut =
  | { kind: "element"; bytes: Uint8Array; record: number; offset: number }
  | { kind: "failure"; code: "malformed" | "too_large"; reason: string; record: number | null; offset: number };

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const newline = 0x0a;

type State = "value" | "array" | "afterElement" | "wrapper" | "afterArray";

/**
 * Cuts JSON into records without parsing it: the elements of a top-level array, the elements of `results` in a
 * top-level object, a single object, or one object a line. Memory holds one record.
 */
export async function* cutJson(stream: AsyncIterable<Uint8Array>, recordLimit: number): AsyncGenerator<JsonCut> {
  const cutter = new JsonCutter(recordLimit);
  for await (const chunk of asUtf8(stream)) {
    for (const _more of cutter.window.admit(chunk)) {
      yield* cutter.advance();
      if (cutter.stopped) return;
    }
  }
  yield* cutter.finish();
}

const decoder = new TextDecoder();

/** A cut element as its value. @throws SyntaxError when it is not JSON */
export function parseJson(bytes: Uint8Array): unknown {
  return JSON.parse(decoder.decode(bytes));
}

class JsonCutter {
  readonly window = new ByteWindow();
  stopped = false;
  private readonly limit: number;
  private readonly newlines = new Finder("\n");
  private state: State = "value";
  private position = 0;
  private count = 0;
  private topLevel = 0;
  /** True once `results` was entered: the object around it ends with its own brace. */
  private wrapped = false;
  private afterComma = false;
  private sawNewline = true;
  private item: { start: number; depth: number; inString: boolean; dropped: boolean; plain: boolean } | null = null;

  constructor(limit: number) {
    this.limit = limit;
  }

  *advance(): Generator<JsonCut> {
    while (!this.stopped && this.position < this.window.end) {
      const [before, item] = [this.position, this.item];
      const cut = this.item ? this.scan(this.item) : this.between();
      if (cut) yield cut;
      // A backslash at the end waits for what it escapes.
      else if (this.position === before && this.item !== null && this.item === item) break;
    }
    if (this.item && this.window.end - this.item.start > this.limit) this.item.dropped = true;
    this.window.discard(this.item && !this.item.dropped ? this.item.start : this.position);
  }

  *finish(): Generator<JsonCut> {
    if (this.item?.plain && this.state === "value") {
      const cut = this.complete(this.item, this.window.end);
      if (cut) yield cut;
    } else if (this.item) {
      yield this.failure("malformed", "the file ends inside a value", this.item.start, this.count);
    } else if (this.state !== "value") {
      yield this.failure("malformed", "the file ends before its array or object is closed", this.window.end, null);
    } else if (this.topLevel === 0) {
      yield this.failure("malformed", "the file is empty", 0, null);
    }
  }

  private failure(code: "malformed" | "too_large", reason: string, offset: number, record: number | null): JsonCut {
    return { kind: "failure", code, reason, record, offset };
  }

  /** White space, separators and brackets around the records. */
  private between(): JsonCut | null {
    const byte = this.window.byte(this.position);
    if (byte === 0x20 || (byte >= 0x09 && byte <= 0x0d && byte !== 0x0b && byte !== 0x0c)) {
      if (byte === newline) this.sawNewline = true;
      this.position += 1;
      return null;
    }
    if (this.state === "afterElement") {
      this.position += 1;
      if (byte === comma) {
        this.state = "array";
        this.afterComma = true;
      } else if (byte === closeBracket) this.closeArray();
      else return this.stop("a comma or the array's end is expected after an element");
      return null;
    }
    if (this.state === "afterArray") return this.skipRest(byte);
    if (this.state === "array") {
      if (byte === closeBracket) {
        if (this.afterComma) return this.stop("an element is expected after a comma");
        this.position += 1;
        this.closeArray();
        return null;
      }
      if (byte === comma) return this.stop("an element is expected before a comma");
    }
    if (this.state === "value") {
      if (!this.sawNewline) return this.stop("something follows the end of the top-level value");
      this.topLevel += 1;
      if (byte === openBracket) {
        this.position += 1;
        this.state = "array";
        this.afterComma = false;
        return null;
      }
    }
    this.count += 1;
    const plain = byte !== openBrace && byte !== openBracket && byte !== quote;
    this.item = { start: this.position, depth: 0, inString: false, dropped: false, plain };
    return null;
  }

  private closeArray(): void {
    this.state = this.wrapped ? "afterArray" : "value";
    this.sawNewline = false;
  }

  private stop(reason: string): JsonCut {
    this.stopped = true;
    return this.failure("malformed", `${reason} (byte ${this.position})`, this.position, null);
  }

  /** What follows `results` in its object: skipped, its strings respected. */
  private skipRest(byte: number): JsonCut | null {
    if (byte === closeBrace) {
      this.position += 1;
      this.state = "value";
      this.wrapped = false;
      this.sawNewline = false;
      return null;
    }
    if (byte !== comma) return this.stop("a comma or the object's end is expected after its array");
    this.state = "wrapper";
    this.item = { start: this.position, depth: 1, inString: false, dropped: true, plain: false };
    this.position += 1;
    return null;
  }

  /** Goes through a value up to its end, brackets and strings respected. */
  private scan(item: NonNullable<typeof this.item>): JsonCut | null {
    const { window } = this;
    const end = window.end;
    let at = this.position;
    while (at < end) {
      if (item.inString) {
        at = this.stringEnd(at, item);
        if (item.inString) break;
        if (item.depth === 0) return this.complete(item, at);
        continue;
      }
      const byte = window.byte(at);
      if (item.plain) {
        if (byte === comma || byte === closeBracket || byte === closeBrace || byte === newline)
          return this.complete(item, at);
      } else if (byte === quote) item.inString = true;
      else if (byte === openBrace || byte === openBracket) {
        item.depth += 1;
        if (item.depth === 2 && byte === openBracket && this.entersResults(item, at)) {
          this.position = at + 1;
          return null;
        }
      } else if (byte === closeBrace || byte === closeBracket) {
        item.depth -= 1;
        if (item.depth <= 0) return this.complete(item, at + 1);
      }
      at += 1;
    }
    this.position = Math.max(at, this.position);
    return null;
  }

  /** Offset after the closing quote; a raw line end closes a broken string, so that the next record can be found. */
  private stringEnd(from: number, item: NonNullable<typeof this.item>): number {
    const { window } = this;
    let at = from;
    while (true) {
      const found = window.indexOf(quote, at);
      const end = found === -1 ? window.end : found;
      const line = this.lineEnd(at, end);
      if (line !== -1) {
        item.inString = false;
        return line + 1;
      }
      let slashes = 0;
      while (end - slashes > from && window.byte(end - slashes - 1) === backslash) slashes += 1;
      // A backslash at the end waits for what it escapes.
      if (found === -1) return slashes % 2 === 1 ? end - 1 : end;
      if (slashes % 2 === 0) {
        item.inString = false;
        return found + 1;
      }
      at = found + 1;
    }
  }

  /** Offset of the first line end in a part of a string, -1 without one. Names are short: no search is set up for them. */
  private lineEnd(from: number, to: number): number {
    if (to - from > 32) {
      const line = this.newlines.find(this.window, from);
      return line < to ? line : -1;
    }
    for (let at = from; at < to; at += 1) if (this.window.byte(at) === newline) return at;
    return -1;
  }

  private entersResults(item: NonNullable<typeof this.item>, at: number): boolean {
    if (this.state !== "value" || this.wrapped || item.dropped) return false;
    if (!/"results"\s*:\s*$/.test(this.window.latin1(Math.max(item.start, at - 64), at))) return false;
    this.item = null;
    this.count -= 1;
    this.wrapped = true;
    this.state = "array";
    this.afterComma = false;
    return true;
  }

  private complete(item: NonNullable<typeof this.item>, end: number): JsonCut | null {
    this.item = null;
    this.position = end;
    this.sawNewline = false;
    if (this.state === "wrapper") {
      this.state = "value";
      this.wrapped = false;
      return null;
    }
    if (this.state === "array") this.state = "afterElement";
    if (item.dropped || end - item.start > this.limit) {
      return this.failure("too_large", `the record is larger than ${this.limit} bytes`, item.start, this.count);
    }
    return { kind: "element", bytes: this.window.bytes(item.start, end), record: this.count, offset: item.start };
  }
}
