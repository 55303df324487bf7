/** Repeatable random numbers; print the seed in a test's failure so that it can be run again. */
export interface Random {
  seed: number;
  /** A whole number from 0, below the limit. */
  below(limit: number): number;
  pick<T>(values: readonly T[]): T;
}

/** @param seed the same seed gives the same numbers; taken from the clock, or `TEST_SEED`, if not given */
export function randomFrom(seed = Number(process.env.TEST_SEED ?? Date.now() % 1_000_000)): Random {
  let state = seed >>> 0;
  const below = (limit: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 0x1_0000_0000) * limit);
  };
  return { seed, below, pick: (values) => values[below(values.length)] as (typeof values)[number] };
}
