/** What a process knows of the windows it counts in. */
interface Window {
  spent: number;
  /** As `performance.now()` has it. */
  endsAt: number;
}

export interface LocalCount {
  allowed: boolean;
  spent: number;
  millisecondsLeft: number;
}

/** Windows beyond this many are looked through for those that have ended. */
const tidyAbove = 10_000;

/** Fixed windows by key, counted in this process. Nothing is awaited in between, so that every count is exact. */
export class LocalWindows {
  readonly #windows = new Map<string, Window>();
  readonly #milliseconds: number;
  #tidyAt = tidyAbove;

  constructor(milliseconds: number) {
    this.#milliseconds = milliseconds;
  }

  /** Takes `amount` where the window holds it; else takes nothing. */
  take(key: string, amount: number, most: number): LocalCount {
    const window = this.#windowOf(key);
    const allowed = window.spent + amount <= most;
    if (allowed) window.spent += amount;
    return this.#told(window, allowed);
  }

  /**
   * Takes over what a shared count has told of all processes, itself included: never less than this process granted,
   * so that a shared count that was lost does not open the window anew.
   */
  follow(key: string, granted: number, shared: { spent: number; millisecondsLeft: number }): LocalCount {
    const window = this.#windowOf(key, sharedWindowsEnd);
    const isNew = window.spent === 0;
    window.spent = Math.max(window.spent + granted, shared.spent);
    if (isNew) window.endsAt = performance.now() + shared.millisecondsLeft;
    return this.#told(window, true);
  }

  #windowOf(key: string, slack = 0): Window {
    const now = performance.now();
    const known = this.#windows.get(key);
    if (known && known.endsAt - slack > now) return known;
    const window = { spent: 0, endsAt: now + this.#milliseconds };
    this.#windows.set(key, window);
    if (this.#windows.size > this.#tidyAt) this.#tidy(now);
    return window;
  }

  #tidy(now: number): void {
    for (const [key, { endsAt }] of this.#windows) if (endsAt <= now) this.#windows.delete(key);
    this.#tidyAt = Math.max(tidyAbove, 2 * this.#windows.size);
  }

  #told(window: Window, allowed: boolean): LocalCount {
    return { allowed, spent: window.spent, millisecondsLeft: Math.max(0, window.endsAt - performance.now()) };
  }
}

/** Milliseconds by which a window of this process may end after the shared one that it follows. */
const sharedWindowsEnd = 200;
