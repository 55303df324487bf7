/** Work under way: its weight counts until it is taken out. */
interface Slot<Result> {
  weight: number;
  result: Promise<Result>;
  isReady: boolean;
}

/**
 * A bounded stage between two others: items go in one after another, their work runs side by side, results come out
 * in the order the items went in. Nobody may put in more than fits, so what is in memory stays bounded.
 */
export class OrderedWindow<Result> {
  readonly #limit: number;
  readonly #slots: Slot<Result>[] = [];
  #weight = 0;
  #isClosed = false;
  #failure: { error: unknown } | null = null;
  #changed = Promise.withResolvers<void>();

  /** @param limit weights under way at most; a single heavier item is let in alone */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Waits until there is room for the weight; then `work` is begun. Throws what the taking side failed with. */
  async put(weight: number, work: () => Promise<Result>): Promise<void> {
    while (!this.#failure && this.#slots.length > 0 && this.#weight + weight > this.#limit) await this.#changed.promise;
    if (this.#failure) throw this.#failure.error;
    const slot: Slot<Result> = { weight, result: work(), isReady: false };
    slot.result.then(
      () => {
        slot.isReady = true;
      },
      () => undefined, // thrown by the `take` whose turn it is
    );
    this.#slots.push(slot);
    this.#weight += weight;
    this.#announce();
  }

  /** No more will come: `take` gives what is left, then null. */
  close(): void {
    this.#isClosed = true;
    this.#announce();
  }

  /** Ends both sides: `put` and `take` throw the error. */
  fail(error: unknown): void {
    this.#failure ??= { error };
    this.#announce();
  }

  /**
   * The next results that are ready, at least one, in order; null when all is taken. Their weight counts until
   * `release` says they are dealt with.
   * @param most weight that is taken together, as far as more than one is ready
   */
  async take(most: number): Promise<{ results: Result[]; release: () => void } | null> {
    while (!this.#failure && this.#slots.length === 0 && !this.#isClosed) await this.#changed.promise;
    if (this.#failure) throw this.#failure.error;
    const first = this.#slots[0];
    if (!first) return null;
    const results = [await first.result];
    if (this.#failure) throw (this.#failure as { error: unknown }).error;
    let weight = first.weight;
    let count = 1;
    for (let slot = this.#slots[1]; slot?.isReady && weight + slot.weight <= most; slot = this.#slots[count]) {
      results.push(await slot.result);
      weight += slot.weight;
      count += 1;
    }
    this.#slots.splice(0, count);
    const release = () => {
      this.#weight -= weight;
      this.#announce();
    };
    return { results, release };
  }

  #announce(): void {
    const changed = this.#changed;
    this.#changed = Promise.withResolvers();
    changed.resolve();
  }
}
