/** Bytes of a buffer at least, and of a chunk that are joined at a time to what is held before it. */
const sizes = { buffer: 1 << 17, joined: 1 << 14 };

/**
 * The unread part of a byte stream, addressed by absolute offsets, so that a search can go on over chunk borders
 * without copying what was already searched. Bytes once written are never written over: what is given out stays valid
 * (and so must the chunks that are given in).
 */
export class ByteWindow {
  private buffer: Buffer = Buffer.alloc(0);
  /** Absolute offset of the buffer's first byte. */
  private base = 0;
  /** Absolute offset of the first byte still held. */
  private first = 0;
  /** The buffer's bytes that are written, as the search sees them. */
  private view: Buffer = this.buffer.subarray(0, 0);

  /** Absolute offset of the first byte still held. */
  get start(): number {
    return this.first;
  }

  /** Absolute offset after the last byte held. */
  get end(): number {
    return this.base + this.view.length;
  }

  /**
   * Takes a chunk in and yields each time there is more to search. Copies only what is held from before and as much of
   * the chunk as whoever searches needs to be done with that; then the chunk itself is searched.
   */
  *admit(chunk: Uint8Array): Generator<void> {
    const start = this.end;
    for (let from = 0, step = sizes.joined; from < chunk.length; from += step, step *= 2) {
      if (this.first >= start) {
        this.buffer = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
        this.view = this.buffer;
        this.base = start;
        yield;
        return;
      }
      this.append(chunk.subarray(from, from + step));
      yield;
    }
  }

  private append(chunk: Uint8Array): void {
    let length = this.view.length;
    if (length + chunk.length > this.buffer.length) {
      const held = this.view.subarray(this.first - this.base);
      const needed = held.length + chunk.length;
      this.buffer = Buffer.allocUnsafeSlow(Math.max(sizes.buffer, needed * 2));
      this.buffer.set(held);
      this.base = this.first;
      length = held.length;
    }
    this.buffer.set(chunk, length);
    this.view = this.buffer.subarray(0, length + chunk.length);
  }

  /** Forgets everything before `offset`. */
  discard(offset: number): void {
    this.first = Math.min(Math.max(this.first, offset), this.end);
  }

  byte(offset: number): number {
    return this.buffer[offset - this.base] as number;
  }

  /** Absolute offset of `pattern` at or after `from`; -1 when it is not in what is held. */
  indexOf(pattern: Buffer | number, from: number): number {
    const found = this.view.indexOf(pattern, Math.max(this.first, from) - this.base);
    return found === -1 ? -1 : found + this.base;
  }

  /** A view that stays valid when the window moves on. It keeps the buffer it is in alive, a quarter of a megabyte or more. */
  bytes(from: number, to: number): Uint8Array {
    return new Uint8Array(this.buffer.buffer, this.buffer.byteOffset + from - this.base, to - from);
  }

  latin1(from: number, to: number): string {
    return this.view.toString("latin1", Math.max(0, from - this.base), Math.min(to - this.base, this.view.length));
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
