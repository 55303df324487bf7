import { availableParallelism } from "node:os";
import type pg from "pg";
import { type Database, transaction } from "../pool.ts";
import {
  createVectorTable,
  indexStatement,
  lockCollection,
  type SpaceRow,
  spaceColumns,
  spaceTables,
} from "./space-tables.ts";

/** Vectors a tail may hold before it is merged in the middle of a run: searches read all of it. */
const tailLimits = { embedded: { least: 2_000, most: 5_000 }, native: { least: 50_000, most: 200_000 } };

/** True when a space's tail has grown past twice what is under its index, within limits. */
export async function isMergeDue(database: Database, spaceId: number): Promise<boolean> {
  const { least, most } = database.isEmbedded ? tailLimits.embedded : tailLimits.native;
  const { rows } = await database.pool.query<{ due: boolean }>(
    `select tail_count > least($3, greatest($2, 2 * reltuples)) as due
     from embedding_spaces s join pg_class on pg_class.oid = to_regclass($4) where s.id = $1`,
    [spaceId, least, most, spaceTables(spaceId).main],
  );
  return rows[0]?.due ?? false;
}

/** Rows an embedded database indexes in one go: longer, and nobody else would be served. */
const embeddedBuildLimit = 20_000;
/** Building an index anew is about ten times faster a vector than adding to a living one. */
const buildAdvantage = 10;
const moveAtOnce = { embedded: 50, native: 1_000 };

/**
 * Brings a space's tail under its index: by building the index anew over both when the tail is a good part of them,
 * else by moving the tail into the living index bit by bit. Searches are served all the while on a native server.
 * @returns vectors merged
 */
export async function mergeTail(database: Database, spaceId: number, signal?: AbortSignal): Promise<number> {
  const { rows } = await database.pool.query<SpaceRow>(`select ${spaceColumns} from embedding_spaces where id = $1`, [
    spaceId,
  ]);
  const space = rows[0];
  if (!space || space.tailCount === 0) return 0;
  const counts = await countVectors(database.pool, space);
  if (counts.tail === 0) return 0;
  const total = counts.main + counts.tail;
  const isWorthBuilding = counts.tail * buildAdvantage >= total;
  if (isWorthBuilding && (!database.isEmbedded || total <= embeddedBuildLimit)) {
    return transaction(database, (client) => rebuild(client, space));
  }
  let merged = 0;
  for (;;) {
    signal?.throwIfAborted();
    const moved = await transaction(database, (client) =>
      moveSome(client, space, database.isEmbedded ? moveAtOnce.embedded : moveAtOnce.native),
    );
    merged += moved;
    if (moved === 0) return merged;
  }
}

export async function countVectors(
  client: Pick<pg.PoolClient, "query">,
  space: Pick<SpaceRow, "id">,
): Promise<{ main: number; tail: number }> {
  const { main, tail } = spaceTables(space.id);
  const { rows } = await client.query<{ main: number; tail: number }>(
    `select (select count(*)::int from ${main}) as main, (select count(*)::int from ${tail}) as tail`,
  );
  return rows[0] as { main: number; tail: number };
}

async function moveSome(client: pg.PoolClient, space: SpaceRow, limit: number): Promise<number> {
  const { main, tail } = spaceTables(space.id);
  await lockCollection(client, space);
  const moved = await client.query(
    `with moved as (
       delete from ${tail} where chunk_id in (select chunk_id from ${tail} order by chunk_id limit $1)
       returning chunk_id, embedding)
     insert into ${main} (chunk_id, embedding) select chunk_id, embedding from moved order by chunk_id`,
    [limit],
  );
  await client.query("update embedding_spaces set tail_count = greatest(0, tail_count - $2) where id = $1", [
    space.id,
    moved.rowCount ?? 0,
  ]);
  return moved.rowCount ?? 0;
}

/**
 * Builds the index anew. The smaller table's rows go to the larger, or both to a new one; readers are kept out only
 * while the names change hands at the very end, and see every row exactly once before and after.
 */
async function rebuild(client: pg.PoolClient, space: SpaceRow): Promise<number> {
  await lockCollection(client, space);
  const counts = await countVectors(client, space); // again, now that nobody else writes
  const { main, tail } = spaceTables(space.id);
  const next = `${main}_next`;
  const isIntoTail = counts.tail >= counts.main;
  const built = isIntoTail ? tail : next;
  if (!isIntoTail) {
    await createVectorTable(client, next, space);
    await client.query(`insert into ${next} select chunk_id, embedding from ${tail}`);
  }
  await client.query(`insert into ${built} select chunk_id, embedding from ${main}`);
  await allowBuild(client, space, counts.main + counts.tail);
  await client.query(indexStatement(built, `${next}_embedding`, space));
  await client.query(`drop table ${main}`);
  await client.query(`alter table ${built} rename to ${main}`);
  await client.query(`alter table ${main} rename constraint ${built}_pkey to ${main}_pkey`);
  await client.query(`alter table ${main} rename constraint ${built}_dimensions to ${main}_dimensions`);
  await client.query(`alter index ${next}_embedding rename to ${main}_embedding`);
  if (isIntoTail) await createVectorTable(client, tail, space);
  else await client.query(`truncate ${tail}`);
  await client.query("update embedding_spaces set tail_count = 0 where id = $1", [space.id]);
  return counts.tail;
}

/** A graph that fits into memory is built many times faster. */
async function allowBuild(client: pg.PoolClient, { dimensions, indexType }: SpaceRow, count: number): Promise<void> {
  const bytesPerVector = dimensions * (indexType === "halfvec" ? 2 : 4) + 600;
  const megabytes = Math.min(4096, Math.ceil((count * bytesPerVector * 1.2) / 1e6) + 64);
  await client.query(`set local maintenance_work_mem = '${megabytes}MB'`);
  await client.query(`set local max_parallel_maintenance_workers = ${Math.min(8, availableParallelism() - 1)}`);
}
