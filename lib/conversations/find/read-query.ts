import { readDates } from "./date-words.ts";
import { type Named, readPeople } from "./people.ts";
import { plainOf, type Token } from "./tokens.ts";

/** A query as it is carried out. */
export interface ReadQuery<Person extends Named> {
  /** The words left, as they were written. */
  words: string;
  /** For the search by words: those that are whole, in the syntax of `websearch_to_tsquery`, and one being typed. */
  whole: string;
  beginning: string;
  from: string | null;
  until: string | null;
  with: Person[][];
  senders: Person[] | null;
}

/** @param today the reader's own day */
export function readQuery<Person extends Named>(
  tokens: Token[],
  today: string,
  people: Person[],
  self: Person,
): ReadQuery<Person> {
  // Names first: "from May Chen" is a person where there is one, else "from May" a date.
  const named = readPeople(tokens, people, self);
  const { from, until, rest } = readDates(named.rest, today);
  const words = rest.map(({ text }) => text).join(" ");
  return { words, ...typed(rest), from, until, with: named.with, senders: named.from };
}

/** The last word counts as being typed, unless it is quoted, excluded or one side of an "or". */
function typed(tokens: Token[]): { whole: string; beginning: string } {
  const all = tokens.map(({ text }) => text).join(" ");
  const last = tokens.at(-1);
  const before = tokens.at(-2);
  if (!last || last.quoted || last.text.startsWith("-") || before?.plain === "or") return { whole: all, beginning: "" };
  const beginning = /[\p{L}\p{N}]+$/u.exec(last.text)?.[0] ?? "";
  // One letter begins too many words to narrow anything.
  if (beginning.length < 2 || plainOf(beginning) === "or") return { whole: all, beginning: "" };
  return { whole: all.slice(0, all.length - beginning.length), beginning };
}
