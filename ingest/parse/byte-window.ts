/**
 * The unread part of a byte stream as one growing buffer, addressed by absolute offsets, so that a search can go on
 * over chunk borders without copying what was already searched.
 */
export class ByteWindow {
  private buffer: Buffer = Buffer.allocUnsafe(1 << 17);
  /** Absolute offset of the buffer's first byte. */
  private base = 0;
  private length = 0;
  /** What is held, as the search sees it. */
  private view: Buffer = this.buffer.subarray(0, 0);

  /** Absolute offset of the first byte still held. */
  get start(): number {
    return this.base;
  }

  /** Absolute offset after the last byte held. */
  get end(): number {
    return this.base + this.length;
  }

  append(chunk: Uint8Array): void {
    const needed = this.length + chunk.length;
    if (needed > this.buffer.length) {
      const grown = Buffer.allocUnsafe(Math.max(needed, this.buffer.length * 2));
      this.buffer.copy(grown, 0, 0, this.length);
      this.buffer = grown;
    }
    this.buffer.set(chunk, this.length);
    this.length = needed;
    this.view = this.buffer.subarray(0, needed);
  }

  /** Forgets everything before `offset`. */
  discard(offset: number): void {
    const count = Math.min(Math.max(0, offset - this.base), this.length);
    if (count === 0) return;
    this.buffer.copy(this.buffer, 0, count, this.length);
    this.length -= count;
    this.base += count;
    this.view = this.buffer.subarray(0, this.length);
  }

  byte(offset: number): number {
    return this.buffer[offset - this.base] as number;
  }

  /** Absolute offset of `pattern` at or after `from`; -1 when it is not in what is held. */
  indexOf(pattern: Buffer | number, from: number): number {
    const found = this.view.indexOf(pattern, Math.max(0, from - this.base));
    return found === -1 ? -1 : found + this.base;
  }

  /** A copy that stays valid when the window moves on. */
  copy(from: number, to: number): Uint8Array {
    return new Uint8Array(this.buffer.subarray(from - this.base, to - this.base));
  }

  latin1(from: number, to: number): string {
    return this.buffer.toString("latin1", Math.max(0, from - this.base), Math.min(to - this.base, this.length));
  }
}

/** Finds one pattern again and again in a moving window, never reading the same bytes twice. */
export class Finder {
  private next = -1;
  private searched = 0;
  private readonly pattern: Buffer;

  constructor(pattern: string) {
    this.pattern = Buffer.from(pattern);
  }

  /** Absolute offset of the first occurrence at or after `position`, -1 when none is held yet. */
  find(window: ByteWindow, position: number): number {
    if (this.next >= position) return this.next;
    const from = Math.max(position, this.searched - this.pattern.length + 1, window.start);
    this.next = this.pattern.length === 2 ? this.findPair(window, from) : window.indexOf(this.pattern, from);
    this.searched = this.next === -1 ? window.end : this.next;
    return this.next;
  }

  /** `<!` by its rarer second byte: one byte is found by vector instructions, and each `<` would be a stop. */
  private findPair(window: ByteWindow, from: number): number {
    const [first, second] = [this.pattern[0] as number, this.pattern[1] as number];
    let at = window.indexOf(second, from + 1);
    while (at !== -1 && window.byte(at - 1) !== first) at = window.indexOf(second, at + 1);
    return at === -1 ? -1 : at - 1;
  }

  get size(): number {
    return this.pattern.length;
  }
}
