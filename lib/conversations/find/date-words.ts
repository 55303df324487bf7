import { addDays, dayOf, monthOf, partsOf, type Span, weekdayOf, weekOf, yearOf } from "./days.ts";
import type { Token } from "./tokens.ts";

/** What a query says of when; a day is `YYYY-MM-DD`, both bounds belong to it. */
export interface ReadDates {
  from: string | null;
  until: string | null;
  /** The tokens that say nothing of it. */
  rest: Token[];
}

interface Reading {
  span: Span;
  /** The token after it. */
  next: number;
}

const numbered = (lists: string[][]) => new Map(lists.flatMap((names, at) => names.map((name) => [name, at + 1])));

const months = numbered([
  ["january", "jan", "enero", "ene"],
  ["february", "feb", "febrero"],
  ["march", "mar", "marzo"],
  ["april", "apr", "abril", "abr"],
  ["may", "mayo"],
  ["june", "jun", "junio"],
  ["july", "jul", "julio"],
  ["august", "aug", "agosto", "ago"],
  ["september", "sep", "sept", "septiembre", "setiembre"],
  ["october", "oct", "octubre"],
  ["november", "nov", "noviembre"],
  ["december", "dec", "diciembre", "dic"],
]);
const weekdays = numbered([
  ["monday", "mon", "lunes"],
  ["tuesday", "tue", "tues", "martes"],
  ["wednesday", "wed", "miercoles"],
  ["thursday", "thu", "thurs", "jueves"],
  ["friday", "fri", "viernes"],
  ["saturday", "sat", "sabado"],
  ["sunday", "sun", "domingo"],
]);
const counts = new Map(
  [
    ["a", "an", "one", "un", "una"],
    ["two", "couple", "dos"],
    ["three", "tres"],
    ["four", "cuatro"],
    ["five", "cinco"],
    ["six", "seis"],
    ["seven", "siete"],
    ["eight", "ocho"],
    ["nine", "nueve"],
    ["ten", "diez"],
  ].flatMap((names, at) => names.map((name) => [name, at + 1])),
);
type Unit = "day" | "week" | "month" | "year";
const units = new Map<string, Unit>([
  ...["day", "days", "dia", "dias"].map((name): [string, Unit] => [name, "day"]),
  ...["week", "weeks", "semana", "semanas"].map((name): [string, Unit] => [name, "week"]),
  ...["month", "months", "mes", "meses"].map((name): [string, Unit] => [name, "month"]),
  ...["year", "years", "ano", "anos"].map((name): [string, Unit] => [name, "year"]),
]);
const single = new Map([
  ["today", 0],
  ["hoy", 0],
  ["yesterday", -1],
  ["ayer", -1],
  ["anteayer", -2],
  ["antier", -2],
]);
const within = words("in during on en durante");
const since = words("since from desde");
const until = words("until till through up hasta");
const before = words("before antes");
const after = words("after despues");
const articles = words("the el la los las of de del to al");
const thisOne = words("this current este esta");
const lastOne = words("last past previous ultimo ultima ultimos ultimas");
const oldest = 2000;

function words(list: string): Set<string> {
  return new Set(list.split(" "));
}

/**
 * Takes the words for dates out of a query, English and Spanish: `yesterday`, `last week`, `in March 2026`, `2026-03`,
 * `before June`, `since Monday`, `3 days ago`, `between May and July`, `hace dos semanas`. Weeks begin on Monday; a
 * month or weekday without a year is the latest that has begun. Several together narrow one another.
 * @param today the reader's own day
 */
export function readDates(tokens: Token[], today: string): ReadDates {
  const rest: Token[] = [];
  let from: string | null = null;
  let last: string | null = null;
  for (let at = 0; at < tokens.length; ) {
    const read = clause(tokens, at, today);
    if (!read) {
      rest.push(tokens[at] as Token);
      at += 1;
      continue;
    }
    if (read.from !== null && (from === null || read.from > from)) from = read.from;
    if (read.until !== null && (last === null || read.until < last)) last = read.until;
    at = read.next;
  }
  return { from, until: last, rest };
}

interface Clause {
  from: string | null;
  until: string | null;
  next: number;
}

function clause(tokens: Token[], at: number, today: string): Clause | null {
  const word = wordAt(tokens, at);
  if (word === "between" || word === "entre") return between(tokens, at, today);
  const named = (next: number) => period(tokens, skipArticles(tokens, next), today);
  if (since.has(word)) {
    const read = named(at + 1);
    if (!read) return null;
    const to = ["to", "a", "al", "hasta", "until", "till"].includes(wordAt(tokens, read.next))
      ? named(read.next + 1)
      : null;
    return { from: read.span.first, until: to?.span.last ?? null, next: to?.next ?? read.next };
  }
  if (until.has(word)) return bound(named(at + 1), ({ last }) => ({ from: null, until: last }));
  if (before.has(word)) return bound(named(at + 1), ({ first }) => ({ from: null, until: addDays(first, -1) }));
  if (after.has(word)) return bound(named(at + 1), ({ last }) => ({ from: addDays(last, 1), until: null }));
  const whole = ({ first, last }: Span) => ({ from: first, until: last });
  if (within.has(word)) return bound(named(at + 1), whole);
  if (word === "el" || word === "la" || word === "los" || word === "las" || word === "the") {
    // "el lunes", "the last week": without its article a weekday alone says nothing of when.
    const isSpanishDay = word === "el" && weekdays.has(wordAt(tokens, at + 1));
    return bound(isSpanishDay ? period(tokens, at + 1, today) : unmistakable(tokens, at + 1, today), whole);
  }
  return bound(unmistakable(tokens, at, today), whole);
}

function bound(read: Reading | null, of: (span: Span) => { from: string | null; until: string | null }): Clause | null {
  return read && { ...of(read.span), next: read.next };
}

function between(tokens: Token[], at: number, today: string): Clause | null {
  const first = period(tokens, skipArticles(tokens, at + 1), today);
  if (!first || !["and", "y", "e"].includes(wordAt(tokens, first.next))) return null;
  const second = period(tokens, skipArticles(tokens, first.next + 1), today);
  if (!second) return null;
  const [one, other] = [first.span, second.span].toSorted((left, right) => (left.first < right.first ? -1 : 1));
  return { from: one?.first ?? null, until: other?.last ?? null, next: second.next };
}

/** What is a date wherever it stands. */
function unmistakable(tokens: Token[], at: number, today: string): Reading | null {
  const word = wordAt(tokens, at);
  const days = single.get(word);
  if (days !== undefined) return oneDay(addDays(today, days), at + 1);
  return (
    isoDate(word, at) ?? relative(tokens, at, today) ?? ago(tokens, at, today) ?? dayAndMonth(tokens, at, today, true)
  );
}

/** What is a date after a word such as `in`, `since` or `before`. */
function period(tokens: Token[], at: number, today: string): Reading | null {
  return (
    unmistakable(tokens, at, today) ??
    dayAndMonth(tokens, at, today, false) ??
    weekday(tokens, at, today, 0) ??
    year(wordAt(tokens, at), at, today)
  );
}

function isoDate(word: string, at: number): Reading | null {
  const match = /^(\d{4})-(\d{2})(?:-(\d{2}))?$/.exec(word);
  if (!match) return null;
  const [, inYear, inMonth, inDay] = match.map(Number);
  if (!inYear || !inMonth || inMonth > 12) return null;
  if (match[3] === undefined) return { span: monthOf(inYear, inMonth), next: at + 1 };
  // The 31st of a short month is no day.
  return dayOf(inYear, inMonth, inDay ?? 0) === word ? oneDay(word, at + 1) : null;
}

/** `this month`, `last year`, `last Monday`, `the last 3 days`, `la semana pasada`, `el mes pasado`. */
function relative(tokens: Token[], at: number, today: string): Reading | null {
  const word = wordAt(tokens, at);
  const following = wordAt(tokens, at + 1);
  const unit = units.get(following);
  if (thisOne.has(word) && unit) return { span: spanOf(unit, today, 0), next: at + 2 };
  if (lastOne.has(word)) {
    if (unit && following === unit) return { span: spanOf(unit, today, -1), next: at + 2 };
    const count = countOf(following);
    const counted = units.get(wordAt(tokens, at + 2));
    if (count !== null && counted) return { span: { first: backBy(counted, today, count), last: today }, next: at + 3 };
    const day = weekday(tokens, at + 1, today, 1);
    if (day) return day;
    if (months.has(following)) return dayAndMonth(tokens, at + 1, today, false);
    return unit && word.startsWith("ultim") ? { span: spanOf(unit, today, -1), next: at + 2 } : null;
  }
  const own = units.get(word);
  if (own && ["pasado", "pasada"].includes(following)) return { span: spanOf(own, today, -1), next: at + 2 };
  if (weekdays.has(word) && following === "pasado") {
    const day = weekday(tokens, at, today, 1);
    return day && { ...day, next: at + 2 };
  }
  return null;
}

/** `3 days ago`, `a week ago`, `hace dos meses`: the day, week, month or year that lies so far back. */
function ago(tokens: Token[], at: number, today: string): Reading | null {
  const isSpanish = wordAt(tokens, at) === "hace";
  let next = isSpanish ? at + 1 : at;
  if (wordAt(tokens, next) === "a" && wordAt(tokens, next + 1) === "couple") next += 1;
  const count = countOf(wordAt(tokens, next));
  if (count === null) return null;
  if (wordAt(tokens, next) === "couple" && wordAt(tokens, next + 1) === "of") next += 1;
  const unit = units.get(wordAt(tokens, next + 1));
  if (!unit || (!isSpanish && wordAt(tokens, next + 2) !== "ago")) return null;
  return { span: spanOf(unit, today, -count), next: next + (isSpanish ? 2 : 3) };
}

/** `March 2026`, `14 March`, `March 14, 2026`, `14 de marzo de 2026`; a month alone unless it must be unmistakable. */
function dayAndMonth(tokens: Token[], at: number, today: string, strict: boolean): Reading | null {
  let next = at;
  let day = dayNumber(wordAt(tokens, next));
  if (day !== null) next = skipArticles(tokens, next + 1);
  const month = months.get(wordAt(tokens, next));
  if (month === undefined) return null;
  next += 1;
  if (day === null) {
    day = dayNumber(wordAt(tokens, next));
    if (day !== null) next += 1;
  }
  const afterwards = skipArticles(tokens, next);
  const said = yearNumber(wordAt(tokens, afterwards), today);
  if (said !== null) next = afterwards + 1;
  // Without a year or a word like "in", only "14 March" is a date: "grade 2 may cause" and "march 5" may be others.
  const isSure = dayNumber(wordAt(tokens, at)) !== null && wordAt(tokens, next - 1) !== "may";
  if (strict && said === null && !isSure) return null;
  const { year: thisYear } = partsOf(today);
  const of = (inYear: number) =>
    day === null ? monthOf(inYear, month) : { first: dayOf(inYear, month, day), last: "" };
  let inYear = said ?? thisYear;
  if (said === null && of(inYear).first > today) inYear -= 1;
  if (day === null) return { span: monthOf(inYear, month), next };
  const exact = dayOf(inYear, month, day);
  return partsOf(exact).month === month ? oneDay(exact, next) : null;
}

/** The latest such weekday, today only when nothing was skipped. */
function weekday(tokens: Token[], at: number, today: string, skipped: number): Reading | null {
  const wanted = weekdays.get(wordAt(tokens, at));
  if (wanted === undefined) return null;
  const back = (weekdayOf(today) - wanted + 7) % 7;
  return oneDay(addDays(today, -(back === 0 && skipped > 0 ? 7 : back)), at + 1);
}

function year(word: string, at: number, today: string): Reading | null {
  const said = yearNumber(word, today);
  return said === null ? null : { span: yearOf(said), next: at + 1 };
}

function spanOf(unit: Unit, today: string, steps: number): Span {
  const { year: inYear, month } = partsOf(today);
  if (unit === "year") return yearOf(inYear + steps);
  if (unit === "month") return monthOf(inYear, month + steps);
  if (unit === "week") return weekOf(addDays(today, 7 * steps));
  const day = addDays(today, steps);
  return { first: day, last: day };
}

/** The first day of "the last 3 weeks", which reach back from today. */
function backBy(unit: Unit, today: string, count: number): string {
  if (unit === "day") return addDays(today, 1 - count);
  if (unit === "week") return addDays(today, 1 - 7 * count);
  const { year: inYear, month } = partsOf(today);
  const { first, last } = unit === "month" ? monthOf(inYear, month - count) : monthOf(inYear - count, month);
  const sameDay = `${first.slice(0, 8)}${today.slice(8)}`;
  return sameDay < last ? sameDay : last;
}

function oneDay(day: string, next: number): Reading {
  return { span: { first: day, last: day }, next };
}

function wordAt(tokens: Token[], at: number): string {
  const token = tokens[at];
  return token && !token.quoted ? token.plain : "";
}

function skipArticles(tokens: Token[], at: number): number {
  let next = at;
  while (articles.has(wordAt(tokens, next))) next += 1;
  return next;
}

function countOf(word: string): number | null {
  if (/^\d{1,3}$/.test(word) && Number(word) > 0) return Number(word);
  return counts.get(word) ?? null;
}

function dayNumber(word: string): number | null {
  const match = /^(\d{1,2})(?:st|nd|rd|th)?$/.exec(word);
  const day = Number(match?.[1]);
  return match && day >= 1 && day <= 31 ? day : null;
}

function yearNumber(word: string, today: string): number | null {
  if (!/^\d{4}$/.test(word)) return null;
  const said = Number(word);
  return said >= oldest && said <= partsOf(today).year ? said : null;
}
