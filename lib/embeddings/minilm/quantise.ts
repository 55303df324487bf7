import type { Matrix } from "./safetensors.ts";

export type QuantisedRows = { values: Int8Array; scales: Float32Array };

/** The largest 8-bit step; −128 is left out so that the steps are symmetric about zero. */
const steps = 127;

/** Symmetric 8-bit steps with one scale a row: `value ≈ values[i] * scales[row]`, off by at most half a scale. */
export function quantiseRows({ shape, data }: Matrix): QuantisedRows {
  const [rows = 0, columns = 0] = shape;
  const values = new Int8Array(rows * columns);
  const scales = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    const start = row * columns;
    let largest = 0;
    for (let index = start; index < start + columns; index++)
      largest = Math.max(largest, Math.abs(data[index] as number));
    const scale = largest === 0 ? 1 : largest / steps;
    scales[row] = scale;
    for (let index = start; index < start + columns; index++)
      values[index] = Math.round((data[index] as number) / scale);
  }
  return { values, scales };
}

/** Rows become columns: linear layers are stored [outputs, inputs], ONNX multiplies by [inputs, outputs]. */
export function transpose<Values extends Float32Array | Int8Array>(
  values: Values,
  rows: number,
  columns: number,
): Values {
  const turned = values.slice() as Values;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++)
      turned[column * rows + row] = values[row * columns + column] as number;
  }
  return turned;
}

/** Puts matrices of equal width (or vectors) under one another. */
export function stack(parts: Matrix[]): Matrix {
  const rows = parts.reduce((total, part) => total + (part.shape[0] as number), 0);
  const data = new Float32Array(parts.reduce((total, part) => total + part.data.length, 0));
  let offset = 0;
  for (const part of parts) {
    data.set(part.data, offset);
    offset += part.data.length;
  }
  return { shape: [rows, ...(parts[0]?.shape.slice(1) ?? [])], data };
}
