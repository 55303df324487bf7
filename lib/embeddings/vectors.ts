export type Pooling = "mean" | "cls";

/**
 * One vector a text from the last hidden state, row-major [texts, sequence, dimensions]: the mean of a text's own
 * tokens (padding left out), or its first token; scaled to length 1 if `normalise`.
 */
export function pool(
  hidden: Float32Array,
  tokenCounts: number[],
  sequence: number,
  dimensions: number,
  { pooling, normalise }: { pooling: Pooling; normalise: boolean },
): Float32Array[] {
  return tokenCounts.map((count, row) => {
    const start = row * sequence * dimensions;
    const used = pooling === "cls" ? 1 : count;
    const vector = new Float32Array(dimensions);
    for (let token = 0; token < used; token++) {
      const offset = start + token * dimensions;
      for (let index = 0; index < dimensions; index++) {
        vector[index] = (vector[index] as number) + (hidden[offset + index] as number);
      }
    }
    const divisor = normalise ? Math.hypot(...vector) : used;
    if (divisor > 0)
      for (let index = 0; index < dimensions; index++) vector[index] = (vector[index] as number) / divisor;
    return vector;
  });
}

export function cosine(left: ArrayLike<number>, right: ArrayLike<number>): number {
  let product = 0;
  let leftSquares = 0;
  let rightSquares = 0;
  for (let index = 0; index < left.length; index++) {
    const a = left[index] as number;
    const b = right[index] as number;
    product += a * b;
    leftSquares += a * a;
    rightSquares += b * b;
  }
  return product / Math.sqrt(leftSquares * rightSquares);
}
