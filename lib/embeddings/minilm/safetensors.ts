import { EmbeddingError } from "../types.ts";

/** Row-major numbers and their shape. */
export type Matrix = { shape: number[]; data: Float32Array };

type Entry = { dtype: string; shape: number[]; data_offsets: [number, number] };

/** IEEE 754 half precision to number, by the definition of binary16. */
export function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

let halfTable: Float32Array | undefined;
function halves(): Float32Array {
  halfTable ??= Float32Array.from({ length: 0x10000 }, (_, bits) => halfToNumber(bits));
  return halfTable;
}

/**
 * Reads a safetensors file held in memory: eight bytes of little-endian header length, a JSON header of name →
 * {dtype, shape, data_offsets}, then the data (https://huggingface.co/docs/safetensors, "Format").
 * F16 and F32 are widened to 32-bit floats; any other type, or an offset outside the file, is `bad_weights`.
 */
export function openSafetensors(bytes: Uint8Array): { names: string[]; matrix(name: string): Matrix } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const header = readHeader(bytes, view);
  const dataStart = 8 + Number(view.getBigUint64(0, true));

  function matrix(name: string): Matrix {
    const entry = header[name];
    if (!entry) throw new EmbeddingError("bad_weights", name, `The weights hold no tensor named ${name}.`);
    const width = entry.dtype === "F16" ? 2 : entry.dtype === "F32" ? 4 : 0;
    const length = entry.shape.reduce((product, size) => product * size, 1);
    const [from, to] = entry.data_offsets;
    if (width === 0 || to - from !== length * width || from < 0 || dataStart + to > bytes.byteLength) {
      throw new EmbeddingError("bad_weights", name, `The tensor ${name} has a type, shape or place that does not fit.`);
    }
    const data = new Float32Array(length);
    const start = dataStart + from;
    if (width === 2) {
      const table = halves();
      for (let index = 0; index < length; index++)
        data[index] = table[view.getUint16(start + 2 * index, true)] as number;
    } else {
      for (let index = 0; index < length; index++) data[index] = view.getFloat32(start + 4 * index, true);
    }
    return { shape: entry.shape, data };
  }

  return { names: Object.keys(header).filter((name) => name !== "__metadata__"), matrix };
}

function readHeader(bytes: Uint8Array, view: DataView): Record<string, Entry> {
  try {
    const length = Number(view.getBigUint64(0, true));
    if (8 + length > bytes.byteLength) throw new RangeError("the header is longer than the file");
    return JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  } catch (cause) {
    throw new EmbeddingError("bad_weights", "header", "The weights are not a safetensors file.", { cause });
  }
}
