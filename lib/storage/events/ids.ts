const idPattern = /^(\d{1,15})-(\d{1,19})$/;

function parts(id: string): [number, bigint] {
  const match = idPattern.exec(id);
  if (!match) throw new TypeError(`"${id}" is no event id; expected <milliseconds>-<number>`);
  return [Number(match[1]), BigInt(match[2] ?? "0")];
}

export function isEventId(id: string): boolean {
  return idPattern.test(id);
}

/** Below 0 when the left id is the earlier one. */
export function compareIds(left: string, right: string): number {
  const [leftTime, leftNumber] = parts(left);
  const [rightTime, rightNumber] = parts(right);
  if (leftTime !== rightTime) return leftTime - rightTime;
  return leftNumber < rightNumber ? -1 : leftNumber > rightNumber ? 1 : 0;
}

export function laterId(left: string, right: string): string {
  return compareIds(left, right) >= 0 ? left : right;
}

export function millisecondsOf(id: string): number {
  return parts(id)[0];
}

/** Hands out rising ids, above every one it was shown, also when the clock steps back. */
export class IdSource {
  #last = "0-0";
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  next(): string {
    const [time, number] = parts(this.#last);
    const now = Math.trunc(this.#now());
    this.#last = now > time ? `${now}-0` : `${time}-${number + 1n}`;
    return this.#last;
  }

  observe(id: string): void {
    this.#last = laterId(this.#last, id);
  }
}
