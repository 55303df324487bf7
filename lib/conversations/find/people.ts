import { plainOf, type Token } from "./tokens.ts";

/** Somebody a query may name. */
export interface Named {
  id: string;
  name: string;
}

export interface ReadPeople<Person extends Named> {
  /** They take part: of each group at least one. */
  with: Person[][];
  /** They wrote it: one of them. Null: whoever. */
  from: Person[] | null;
  rest: Token[];
}

const withWords = new Set(["with", "con"]);
const fromWords = new Set(["from", "by", "de", "por"]);
const me = new Set(["me", "myself", "mi"]);

/** Whether a query may name people at all, so that nobody's names are looked up for nothing. */
export function mayNamePeople(tokens: Token[]): boolean {
  return tokens.some(({ plain, quoted }) => !quoted && (withWords.has(plain) || fromWords.has(plain)));
}

/**
 * Takes "with Ana", "from Dr Ruiz", "by me" (and "con", "de", "por") out of a query where a name follows that somebody
 * bears: the whole name, or one of its words. Names that several bear mean any of them. Whatever else follows stays.
 * @param self the one who asks
 */
export function readPeople<Person extends Named>(tokens: Token[], people: Person[], self: Person): ReadPeople<Person> {
  const read: ReadPeople<Person> = { with: [], from: null, rest: [] };
  for (let at = 0; at < tokens.length; ) {
    const token = tokens[at] as Token;
    const isWith = !token.quoted && withWords.has(token.plain);
    const isFrom = !token.quoted && fromWords.has(token.plain);
    const named = isWith || isFrom ? nameAt(tokens, at + 1, people, self) : null;
    // Everything of one's own is with oneself: "with me" says nothing.
    if (!named || (isWith && named.people.includes(self))) {
      read.rest.push(token);
      at += 1;
      continue;
    }
    if (isWith) read.with.push(named.people);
    else read.from = [...(read.from ?? []), ...named.people];
    at = named.next;
  }
  return read;
}

function nameAt<Person extends Named>(tokens: Token[], start: number, people: Person[], self: Person) {
  let at = start;
  while (["dr", "dra", "prof", "doctor", "doctora"].includes(wordAt(tokens, at))) at += 1;
  if (me.has(wordAt(tokens, at))) return { people: [self], next: at + 1 };
  let longest: { people: Person[]; next: number } | null = null;
  let candidates = [self, ...people].map((person) => ({ person, words: wordsOf(person.name) }));
  for (let next = at; next < tokens.length; next += 1) {
    const word = wordAt(tokens, next);
    if (!word) break;
    // A name's words may be left out but not turned round: "Ana Ruiz" is "Ana María Ruiz".
    candidates = candidates.flatMap(({ person, words }) => {
      const place = words.indexOf(word);
      return place < 0 ? [] : [{ person, words: words.slice(place + 1) }];
    });
    if (candidates.length === 0) break;
    longest = { people: candidates.map(({ person }) => person), next: next + 1 };
  }
  return longest;
}

function wordAt(tokens: Token[], at: number): string {
  const token = tokens[at];
  return token && !token.quoted ? token.plain : "";
}

// An initial is too much like other words ("from a"), a single character of other scripts is a name.
function wordsOf(name: string): string[] {
  return name
    .split(/[\s,]+/)
    .map(plainOf)
    .filter((word) => word.length > 1 || /\p{Lo}/u.test(word));
}
