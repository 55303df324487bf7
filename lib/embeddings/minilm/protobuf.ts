/**
 * The part of the Protocol Buffers wire format that ONNX needs (https://protobuf.dev/programming-guides/encoding/).
 * A message is a list of pieces, so that a 90 MB tensor nested four messages deep is never copied.
 */
export type Pieces = Uint8Array[];

export function byteLength(pieces: Pieces): number {
  return pieces.reduce((total, piece) => total + piece.byteLength, 0);
}

/** Base-128 varint; negative numbers take ten bytes, as int64 does. */
export function varint(value: number | bigint): Uint8Array {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  while (rest > 0x7fn) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}

const wireVarint = 0;
const wireLengthDelimited = 2;
const wire32Bit = 5;

function tag(field: number, wireType: number): Uint8Array {
  return varint((field << 3) | wireType);
}

export function integer(field: number, value: number | bigint): Pieces {
  return [tag(field, wireVarint), varint(value)];
}

export function float(field: number, value: number): Pieces {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return [tag(field, wire32Bit), bytes];
}

export function message(field: number, ...contents: Pieces[]): Pieces {
  const pieces = contents.flat();
  return [tag(field, wireLengthDelimited), varint(byteLength(pieces)), ...pieces];
}

export function bytes(field: number, value: Uint8Array): Pieces {
  return message(field, [value]);
}

export function text(field: number, value: string): Pieces {
  return bytes(field, new TextEncoder().encode(value));
}
