import { boundStands } from "./bounds.ts";
import { endsName, type NamedText, splitNames } from "./names.ts";
import { type Quantities, type Quantity, quantitiesOf } from "./quantities.ts";
import { isOftenUnsaid } from "./units.ts";

export interface NumberProblem {
  reason: "number_not_in_quote" | "direction";
  /** The number as the sentence writes it. */
  written: string;
}

/**
 * The number lock: every number of a sentence, with its unit, must stand in its quotes. Written-out numbers count as
 * digits; thousands separators and spellings of a unit do not matter. What a dose is counted against (`mg/kg`) belongs
 * to its unit; "daily" may be left out but not put in. A bare number does not stand on a percentage or an amount. A
 * bound ("below 30") must be the quote's, a rise no fall, and a range the quote's range.
 */
export function numberProblem(sentence: NamedText, quotes: NamedText[]): NumberProblem | null {
  const said = quantitiesOf(sentence.rest);
  if (said.all.length === 0 && said.periods.size === 0) return null;
  const held = quotes.map(({ rest }) => quantitiesOf(rest));
  const amounts = held.flatMap(({ all }) => all);
  for (const quantity of said.all) {
    const equal = amounts.filter((other) => supports(other, quantity));
    if (equal.length === 0) {
      if (quantity.unit === null && endsName(quantity.wordBefore, quantity.value, quotes)) continue;
      return { reason: "number_not_in_quote", written: quantity.written };
    }
    if (!equal.some((other) => agrees(other, quantity))) return { reason: "direction", written: quantity.written };
  }
  const range = said.ranges.find((pair) => !held.some((one) => holdsRange(one, pair)));
  if (range) return { reason: "number_not_in_quote", written: range.map(({ written }) => written).join(" to ") };
  const periods = new Set(held.flatMap((one) => [...one.periods]));
  const often = [...said.periods].find((period) => !periods.has(period));
  return often === undefined ? null : { reason: "number_not_in_quote", written: `every ${often}` };
}

/** The first number of a sentence that does not stand in its quotes as said, as written; null when all stand. */
export function unsupportedNumber(sentence: string, quotes: string[]): string | null {
  return numberProblem(splitNames(sentence), quotes.map(splitNames))?.written ?? null;
}

function supports(held: Quantity, said: Quantity): boolean {
  if (held.value !== said.value || (said.each !== null && held.each !== said.each)) return false;
  if (said.role === "every" ? held.role !== "every" : said.role === "during" && held.role === "every") return false;
  const often = held.frequency ?? (held.each && `1 time/${held.each}`);
  if (said.frequency !== null && often !== null && often !== said.frequency) return false;
  return held.unit === said.unit || (said.unit === null && held.unit !== null && isOftenUnsaid(held.unit));
}

function agrees(held: Quantity, said: Quantity): boolean {
  const opposite = said.change !== null && held.change !== null && said.change !== held.change;
  return !opposite && boundStands(said.bound, held.bound);
}

function holdsRange(held: Quantities, [low, high]: [Quantity, Quantity]): boolean {
  const isSame = (one: Quantity, other: Quantity) => one.value === other.value;
  return [...held.ranges, ...held.pairs].some(([from, to]) => isSame(from, low) && isSame(to, high));
}
