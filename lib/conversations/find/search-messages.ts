import { z } from "zod";
import {
  type FoundMessageRow,
  type SearchableConversation,
  searchMessageRows,
  searchTitles,
  selectIdentifiers,
  selectNames,
  selectSearchable,
} from "#db/index.ts";
import type { Viewer } from "../../auth/index.ts";
import type { Deps } from "../../deps.ts";
import type { FoundConversation, FoundMessage, SearchResult } from "../../domain.ts";
import { defaultSpace } from "../../embeddings/index.ts";
import { InvalidInputError } from "../../errors.ts";
import {
  findIdentifiers,
  placeholdersIn,
  restoreIdentifiers,
  withoutIdentifiers,
  withoutPlaceholders,
} from "../../phi/index.ts";
import { cleanText, collapseWhitespace } from "../../text/clean.ts";
import { parseInput } from "../input.ts";
import { addDays, startOfDay, todayIn } from "./days.ts";
import { withExcerpts } from "./excerpts.ts";
import { mayNamePeople, type Named } from "./people.ts";
import { type ReadQuery, readQuery } from "./read-query.ts";
import { beginningOf, segmentsOf } from "./segments.ts";
import { tokensOf } from "./tokens.ts";

/** Cosine from which the local model's vectors mean something: unrelated questions lie below .3. */
const nearness = 0.32;
const mostTitles = 10;
const longestQuery = 500;

const searchInput = z.object({
  query: z
    .string()
    .max(longestQuery, `at most ${longestQuery} characters`)
    .transform((query) => collapseWhitespace(cleanText(query)))
    .pipe(z.string().min(1, "write what to look for")),
  limit: z.int("a whole number").min(1, "at least 1").max(50, "at most 50").default(20),
  before: z.string().optional(),
  timeZone: z.string().max(60).default("UTC"),
});
export type SearchInput = z.input<typeof searchInput>;

type SearchDeps = Pick<Deps, "database" | "objects" | "embeddingsOf" | "log">;

/**
 * Finds messages in the conversations that the viewer takes part in, wherever they lie, and conversations by their titles. Words for dates
 * and "with" or "from" a participant are read out of the query, the rest is searched by words and by meaning; without
 * a rest, the newest of what is left come first.
 * @param input `limit` messages at most a page (20, at most 50); `before` is an earlier page's `next`; `timeZone` is
 *   the viewer's, by its IANA name, in which "yesterday" is meant
 * @throws InvalidInputError naming the field that does not fit
 */
export async function searchMessages(
  deps: SearchDeps,
  viewer: Viewer,
  input: SearchInput,
  now = new Date(),
): Promise<SearchResult> {
  const { query, limit, before, timeZone } = parseInput(searchInput, input);
  const { offset, asOf } = positionOf(before);
  const today = zoned(timeZone, now);
  const searchable = await selectSearchable(deps.database, viewer);
  const tokens = tokensOf(query);
  const names = mayNamePeople(tokens)
    ? await namesOf(
        deps,
        searchable.flatMap(({ people }) => people),
      )
    : new Map<string, string>();
  const self = { id: viewer.userId, name: viewer.name };
  const others = [...names].flatMap(([id, name]) => (id === self.id ? [] : [{ id, name }]));
  const read = withoutPatients(readQuery(tokens, today, others, self), today, self);
  const among = searchable.filter((conversation) =>
    read.with.every((group) => group.some(({ id }) => conversation.people.includes(id))),
  );

  const words = read.words === "" ? null : { whole: read.whole, beginning: read.beginning };
  const vector = await vectorOf(deps, read.words);
  const until = read.until === null ? null : startOfDay(addDays(read.until, 1), timeZone);
  const [rows, titles] = await Promise.all([
    searchMessageRows(deps.database, among, {
      words,
      vector,
      nearness,
      from: read.from === null ? null : startOfDay(read.from, timeZone),
      until: earlier(until, asOf),
      senders: read.senders?.map(({ id }) => id) ?? null,
      limit: limit + 1,
      offset,
    }),
    words && offset === 0 && !isNarrowed(read) ? searchTitles(deps.database, among, words, mostTitles) : [],
  ]);
  const page = await withExcerpts(deps, words, rows.slice(0, limit));
  const shown = grouped(page, titles, among);
  return {
    conversations: await viewsOf(deps, viewer, shown),
    understood: {
      words: read.words,
      from: read.from,
      until: read.until,
      withPeople: read.with.map((group) => [...new Set(group.map(({ name }) => name))].join(" / ")),
      fromPeople: [...new Set((read.senders ?? []).map(({ name }) => name))],
    },
    byMeaning: vector !== null,
    titlesOnly: among.filter(({ titleOnly }) => titleOnly).length,
    next: rows.length > limit ? `${(asOf ?? now).toISOString()}~${offset + limit}` : null,
  };
}

/** Identifiers of patients are looked up nowhere, as they are stored in no text: neither words nor vector have them. */
function withoutPatients(read: ReadQuery<Named>, today: string, self: Named): ReadQuery<Named> {
  const without = withoutPlaceholders(withoutIdentifiers(read.words));
  if (without === read.words || findIdentifiers(read.words).length === 0) return read;
  const { words, whole, beginning } = readQuery<Named>(tokensOf(without), today, [], self);
  return { ...read, words, whole, beginning };
}

/** A title has no sender and no day of its own. */
function isNarrowed({ from, until, senders }: ReadQuery<Named>): boolean {
  return from !== null || until !== null || senders !== null;
}

const position = z.tuple([z.iso.datetime().transform((moment) => new Date(moment)), z.coerce.number().int().min(0)]);

// What is written while somebody leafs through results does not push them about.
function positionOf(before: string | undefined): { asOf: Date | null; offset: number } {
  if (before === undefined) return { asOf: null, offset: 0 };
  const parsed = position.safeParse(before.split("~"));
  if (!parsed.success) throw new InvalidInputError("“before” is not a position that an earlier page gave.");
  const [asOf, offset] = parsed.data;
  return { asOf, offset };
}

function zoned(timeZone: string, now: Date): string {
  try {
    return todayIn(timeZone, now);
  } catch {
    throw new InvalidInputError(`“timeZone”: there is no time zone ${timeZone}.`);
  }
}

function earlier(one: Date | null, other: Date | null): Date | null {
  if (one === null || other === null) return one ?? other;
  return one < other ? one : other;
}

async function namesOf(deps: Pick<Deps, "database">, ids: string[]): Promise<Map<string, string>> {
  const people = await selectNames(deps.database, [...new Set(ids)]);
  return new Map(people.map(({ id, name }) => [id, name]));
}

/** The vector of a query's words; null where it would say nothing, or the model cannot be asked: words still find. */
async function vectorOf(deps: SearchDeps, words: string): Promise<number[] | null> {
  if (!/[\p{L}\p{N}]{3}/u.test(words)) return null;
  try {
    const embeddings = await deps.embeddingsOf(defaultSpace);
    return await embeddings.embedQuery(words);
  } catch (error) {
    deps.log.warn({ err: error }, "a search was made by words alone: its meaning could not be computed");
    return null;
  }
}

interface Group {
  conversation: SearchableConversation;
  /** With marks where its words were found. */
  title: string;
  messages: FoundMessageRow[];
}

/** Conversations in the order of their best message; one whose title has the words comes as early as that title. */
function grouped(
  rows: FoundMessageRow[],
  titles: { id: string; title: string }[],
  searchable: SearchableConversation[],
): Group[] {
  const known = new Map(searchable.map((conversation) => [conversation.id, conversation]));
  const places = new Map<string, { place: number; group: Group }>();
  const groupOf = (id: string, place: number): Group | null => {
    const conversation = known.get(id);
    if (!conversation) return null;
    const { group } = places.get(id) ?? { group: { conversation, title: conversation.title, messages: [] } };
    places.set(id, { place: Math.min(place, places.get(id)?.place ?? place), group });
    return group;
  };
  for (const [at, row] of rows.entries()) groupOf(row.conversationId, at)?.messages.push(row);
  for (const [at, { id, title }] of titles.entries()) {
    const group = groupOf(id, at + 0.5);
    if (group) group.title = title;
  }
  return [...places.values()].toSorted((left, right) => left.place - right.place).map(({ group }) => group);
}

async function viewsOf(deps: SearchDeps, viewer: Viewer, groups: Group[]): Promise<FoundConversation[]> {
  // Somebody who has left takes part no more, but what they wrote still bears their name.
  const names = await namesOf(
    deps,
    groups.flatMap(({ conversation, messages }) => [
      ...conversation.people,
      ...messages.flatMap(({ role, senderId }) => (role === "user" ? senderId : [])),
    ]),
  );
  const titles = await Promise.all(groups.map((group) => ownTitle(deps, viewer, group)));
  return groups.map(({ conversation, messages }, place) => ({
    id: conversation.id,
    title: segmentsOf(titles[place] ?? ""),
    updatedAt: conversation.updatedAt.toISOString(),
    archived: conversation.archived,
    shared: conversation.shared,
    people: conversation.people.flatMap((id) => (id === viewer.userId ? [] : (names.get(id) ?? []))),
    messages: messages.map(
      (row): FoundMessage => ({
        id: row.id,
        sequenceId: row.sequenceId,
        role: row.role,
        senderName: names.get(row.senderId) ?? null,
        createdAt: row.createdAt.toISOString(),
        readable: row.snippet !== null,
        snippet: row.byWords ? segmentsOf(row.snippet ?? "") : beginningOf(row.snippet ?? ""),
        byWords: row.byWords,
      }),
    ),
  }));
}

/** The title with the person's own words; the store is asked only where there are placeholders. */
async function ownTitle(deps: SearchDeps, viewer: Viewer, { conversation, title }: Group): Promise<string> {
  if (placeholdersIn(title).length === 0) return title;
  return restoreIdentifiers(title, await selectIdentifiers(deps.database, viewer, conversation.id));
}
