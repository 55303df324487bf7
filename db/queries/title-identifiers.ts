import type { Database } from "../pool.ts";

/** A patient identifier that is kept apart from the text it was taken out of. */
export interface StoredIdentifier {
  placeholder: string;
  text: string;
  type: string;
}

export type WithoutTitleIdentifiers<Row> = Omit<Row, "titleIdentifiers">;

const placeholder = /\[[A-Z]{2,8}-\d{1,4}\]/;

/** Conversations, read for their reader, with what stands behind the placeholders of their titles; most have none. */
export async function withTitleIdentifiers<Row extends { id: string; title: string }>(
  database: Database,
  rows: Row[],
): Promise<(Row & { titleIdentifiers: StoredIdentifier[] })[]> {
  const ids = rows.filter(({ title }) => placeholder.test(title)).map(({ id }) => id);
  if (ids.length === 0) return rows.map((row) => ({ ...row, titleIdentifiers: [] }));
  const found = await database.pool.query<{ id: string; identifiers: StoredIdentifier[] }>(
    `select c.id, m.identifiers from conversations c join messages m on m.month = c.month and m.conversation_id = c.id
     where c.id = any($1::uuid[]) and m.sequence_id <= 100 and m.identifiers is not null order by m.sequence_id`,
    [ids],
  );
  const ofConversation = Map.groupBy(found.rows, ({ id }) => id);
  return rows.map((row) => {
    const lists = ofConversation.get(row.id) ?? [];
    return { ...row, titleIdentifiers: once(lists.flatMap(({ identifiers }) => identifiers)) };
  });
}

/** The first of each placeholder. */
export function once(identifiers: StoredIdentifier[]): StoredIdentifier[] {
  const kept = new Map<string, StoredIdentifier>();
  for (const one of identifiers) if (!kept.has(one.placeholder)) kept.set(one.placeholder, one);
  return [...kept.values()];
}
