import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { announce, claim, findOwner, release } from "./owner.ts";
import { serveProtocol } from "./protocol-server.ts";

/** Longest path a Unix socket may have (sockaddr_un), with room for the terminator. */
const socketPathLimit = 100;

export interface EmbeddedPostgres {
  /** A `postgres:` address that the ordinary `pg` driver takes. */
  url: string;
  /** False when another process owns the database and this one only uses it. */
  isOwner: boolean;
  close(): Promise<void>;
}

/**
 * The embedded Postgres of a data directory: PGlite (Postgres in WebAssembly, with pgvector) behind a Unix socket that
 * only this user can reach. Exactly one process owns the directory; others are given the owner's address.
 * @param directory where the database lives; created when missing
 * @throws Error when the owner does not answer, or the database cannot be opened
 */
export async function openEmbeddedPostgres(directory: string): Promise<EmbeddedPostgres> {
  const ownerFile = resolve(directory, "owner.json");
  for (;;) {
    const owner = await findOwner(ownerFile);
    if (owner?.url) return { url: owner.url, isOwner: false, close: async () => undefined };
    if (await claim(ownerFile)) break;
  }
  try {
    return await startOwned(directory, ownerFile);
  } catch (error) {
    await release(ownerFile);
    throw error;
  }
}

async function startOwned(directory: string, ownerFile: string): Promise<EmbeddedPostgres> {
  const [{ PGlite }, { vector }] = await Promise.all([
    import("@electric-sql/pglite"),
    import("@electric-sql/pglite-pgvector"),
  ]);
  const database = await PGlite.create({ dataDir: resolve(directory, "data"), extensions: { vector } });
  const sockets = socketDirectory(directory);
  const socketPath = join(sockets, ".s.PGSQL.5432");
  rmSync(socketPath, { force: true });
  const server = await serveProtocol(database, socketPath);
  const url = `postgres://postgres@localhost/postgres?host=${encodeURIComponent(sockets)}`;
  await announce(ownerFile, url, socketPath);
  return {
    url,
    isOwner: true,
    close: async () => {
      await server.close();
      await database.close();
      rmSync(socketPath, { force: true });
      if (!sockets.startsWith(resolve(directory))) rmSync(sockets, { recursive: true, force: true });
      await release(ownerFile);
    },
  };
}

function socketDirectory(directory: string): string {
  const inside = resolve(directory, "socket");
  if (inside.length + 14 <= socketPathLimit && process.platform !== "win32") {
    mkdirSync(inside, { recursive: true, mode: 0o700 });
    return inside;
  }
  return mkdtempSync(join(tmpdir(), "probatum-"));
}
