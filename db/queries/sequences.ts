import type pg from "pg";

/** The next numbers of a sequence, so that rows can refer to each other before they are written. */
export async function nextIds(client: pg.PoolClient, sequence: string, count: number): Promise<string[]> {
  if (count === 0) return [];
  const { rows } = await client.query<{ id: string }>(
    `select nextval('${sequence}')::text as id from generate_series(1, $1)`,
    [count],
  );
  return rows.map(({ id }) => id);
}
