import { readFileSync } from "node:fs";
import { join } from "node:path";
import { drizzle } from "drizzle-orm/node-postgres";
import { migrate as applyMigrations } from "drizzle-orm/node-postgres/migrator";
import pg from "pg";

/** Any constant that no other program of ours uses. */
const advisoryLock = 7_701_662_817;

/** The database has migrations this program does not know: an older program must not write to it. */
export class NewerDatabaseError extends Error {
  override name = "NewerDatabaseError";
}

/**
 * Brings the database to this program's schema, one process at a time (advisory lock).
 * @param folder the checked-in migrations
 * @returns how many migrations were applied
 * @throws NewerDatabaseError when the database was migrated by a newer program
 */
export async function migrateDatabase(url: string, folder = join(import.meta.dirname, "migrations")): Promise<number> {
  const client = new pg.Client({ connectionString: url, application_name: "probatum-migrate" });
  await client.connect();
  try {
    await client.query("select pg_advisory_lock($1)", [advisoryLock]);
    const before = await appliedMigrations(client);
    const known = knownMigrations(folder);
    const foreign = before.filter((when) => !known.has(when));
    if (foreign.length > 0) {
      throw new NewerDatabaseError(
        `The database has ${foreign.length} migration(s) that this version of Probatum does not know ` +
          `(the newest from ${new Date(Math.max(...foreign)).toISOString().slice(0, 10)}). ` +
          "It was used by a newer version: start that version, or restore a backup from before the upgrade.",
      );
    }
    await applyMigrations(drizzle(client), { migrationsFolder: folder });
    return (await appliedMigrations(client)).length - before.length;
  } finally {
    // The lock belongs to the session and goes with it; on the embedded database the session is shared, so say it.
    await client.query("select pg_advisory_unlock_all()").catch(() => undefined);
    await client.end();
  }
}

function knownMigrations(folder: string): Set<number> {
  const journal = JSON.parse(readFileSync(join(folder, "meta", "_journal.json"), "utf8")) as {
    entries: { when: number }[];
  };
  return new Set(journal.entries.map((entry) => entry.when));
}

async function appliedMigrations(client: pg.Client): Promise<number[]> {
  const { rows } = await client.query<{ table: string | null }>(
    `select to_regclass('drizzle.__drizzle_migrations')::text as "table"`,
  );
  if (!rows[0]?.table) return [];
  const applied = await client.query<{ when: string }>(
    `select created_at as "when" from drizzle.__drizzle_migrations order by created_at`,
  );
  return applied.rows.map((row) => Number(row.when));
}
