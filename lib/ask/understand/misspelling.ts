/** The least edits (insert, delete, replace, swap neighbours) between two words, or `limit + 1` when there are more. */
export function editDistance(left: string, right: string, limit: number): number {
  if (Math.abs(left.length - right.length) > limit) return limit + 1;
  // Damerau–Levenshtein in its restricted form (optimal string alignment), three rows at a time.
  let beforeLast: number[] = [];
  let last = Array.from({ length: right.length + 1 }, (_, at) => at);
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const cost = left[row - 1] === right[column - 1] ? 0 : 1;
      let least = Math.min(
        (last[column] as number) + 1,
        (current[column - 1] as number) + 1,
        (last[column - 1] as number) + cost,
      );
      const isSwap =
        row > 1 && column > 1 && left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      if (isSwap) least = Math.min(least, (beforeLast[column - 2] as number) + 1);
      current.push(least);
    }
    if (Math.min(...current) > limit) return limit + 1;
    beforeLast = last;
    last = current;
  }
  return Math.min(last[right.length] as number, limit + 1);
}

/** Edits that a word of this length may have and still be taken for a misspelling. */
export function allowedEdits(word: string): number {
  if (word.length < 6) return 0;
  return word.length < 9 ? 1 : 2;
}

/**
 * The one name that a misspelt word stands for; null when none is near, or when two are as near. Two edits are
 * believed only where no other name is within three: look-alikes (prednisone, prednisolone) are never guessed between.
 */
export function nearestName(word: string, names: Iterable<string>): string | null {
  const limit = allowedEdits(word);
  if (limit === 0) return null;
  const near = [...new Set(names)]
    .map((name) => ({ name, distance: editDistance(word, name, limit + 1) }))
    .filter(({ distance }) => distance <= limit + 1)
    .toSorted((left, right) => left.distance - right.distance);
  const [best, next] = near;
  if (!best || best.distance === 0 || best.distance > limit) return null;
  return next && next.distance <= best.distance + 1 ? null : best.name;
}
