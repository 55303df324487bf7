import { describe, expect, it } from "vitest";
import { byteLength, float, integer, message, text, varint } from "./protobuf.ts";
import { quantiseRows, stack, transpose } from "./quantise.ts";
import { halfToNumber, openSafetensors } from "./safetensors.ts";

const hex = (pieces: Uint8Array[]) => Buffer.concat(pieces).toString("hex");

describe("protobuf", () => {
  it("writes the encodings of the specification's own examples", () => {
    expect(hex(integer(1, 150))).toBe("089601");
    expect(hex(text(2, "testing"))).toBe("120774657374696e67");
    expect(hex(message(3, integer(1, 150)))).toBe("1a03089601");
  });

  it("writes negative integers in ten bytes and floats in little-endian order", () => {
    expect(hex([varint(-1)])).toBe("ffffffffffffffffff01");
    expect(hex(float(2, 1))).toBe("150000803f");
  });

  it("counts the bytes of a message that is never joined", () => {
    expect(byteLength(message(1, text(2, "x".repeat(200))))).toBe(1 + 2 + 1 + 2 + 200);
  });
});

describe("safetensors", () => {
  it("reads half precision: normal, subnormal, infinite and not a number", () => {
    expect(halfToNumber(0x3c00)).toBe(1);
    expect(halfToNumber(0xc000)).toBe(-2);
    expect(halfToNumber(0x7bff)).toBe(65504);
    expect(halfToNumber(0x0001)).toBe(2 ** -24);
    expect(halfToNumber(0xfc00)).toBe(Number.NEGATIVE_INFINITY);
    expect(halfToNumber(0x7e01)).toBeNaN();
  });

  it("finds a tensor by name at any alignment", () => {
    const bytes = safetensors({ small: { dtype: "F16", shape: [3], data_offsets: [0, 6] } }, "003c00c00038", " ");
    expect(openSafetensors(bytes).names).toEqual(["small"]);
    expect(openSafetensors(bytes).matrix("small")).toEqual({ shape: [3], data: Float32Array.of(1, -2, 0.5) });
  });

  it("refuses a missing tensor, another type, and offsets outside the file", () => {
    const bytes = safetensors(
      {
        integers: { dtype: "I64", shape: [1], data_offsets: [0, 8] },
        long: { dtype: "F32", shape: [4], data_offsets: [0, 16] },
      },
      "0000000000000000",
    );
    for (const name of ["absent", "integers", "long"]) {
      expect(() => openSafetensors(bytes).matrix(name)).toThrow(expect.objectContaining({ code: "bad_weights" }));
    }
    expect(() => openSafetensors(Buffer.from("not a weight file"))).toThrow("not a safetensors file");
  });
});

describe("quantisation", () => {
  it("is off by at most half a step in every row, whatever the rows' ranges", () => {
    const data = Float32Array.from({ length: 40 }, (_, index) => Math.sin(index * 1.7) * (index < 20 ? 0.01 : 30));
    const { values, scales } = quantiseRows({ shape: [2, 20], data });
    data.forEach((value, index) => {
      const scale = scales[Math.floor(index / 20)] as number;
      expect(Math.abs((values[index] as number) * scale - value)).toBeLessThanOrEqual(scale * 0.5001);
    });
  });

  it("leaves a row of zeros at zero", () => {
    expect(quantiseRows({ shape: [1, 2], data: new Float32Array(2) }).values).toEqual(Int8Array.of(0, 0));
  });

  it("turns and stacks matrices", () => {
    expect(transpose(Float32Array.of(1, 2, 3, 4, 5, 6), 2, 3)).toEqual(Float32Array.of(1, 4, 2, 5, 3, 6));
    const row = (...values: number[]) => ({ shape: [1, 2], data: Float32Array.from(values) });
    expect(stack([row(1, 2), row(3, 4)])).toEqual({ shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) });
  });
});

function safetensors(header: object, dataHex: string, padding = ""): Uint8Array {
  const json = Buffer.from(JSON.stringify(header) + padding);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, Buffer.from(dataHex, "hex")]);
}
