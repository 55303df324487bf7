/**
 * Groups texts of similar length so that little is padded: indexes into `lengths`, longest first, each group with
 * `longest × count ≤ maximumTokens` (one text that is longer than that stands alone).
 */
export function planBatches(lengths: number[], maximumTokens: number): number[][] {
  const order = lengths.map((_, index) => index).sort((a, b) => (lengths[b] as number) - (lengths[a] as number));
  const batches: number[][] = [];
  let current: number[] = [];
  let longest = 0;
  for (const index of order) {
    if (current.length > 0 && longest * (current.length + 1) > maximumTokens) {
      batches.push(current);
      current = [];
    }
    if (current.length === 0) longest = lengths[index] as number;
    current.push(index);
  }
  if (current.length > 0) batches.push(current);
  return batches;
}
