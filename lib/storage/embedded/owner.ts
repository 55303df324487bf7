import { randomUUID } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { link, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { dirname } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { z } from "zod";

const ownerFile = z.object({
  pid: z.number().int(),
  /** When the kernel started that process (Linux), so that a reused pid is not taken for the owner. */
  processStart: z.string().nullable(),
  /** Null while the owner is still starting. */
  url: z.string().nullable(),
  socketPath: z.string().nullable(),
});
export type Owner = z.infer<typeof ownerFile>;

const startupPatience = 90_000;

/**
 * The process that owns an embedded database, once it answers; null when nobody does.
 * Waits for an owner that is starting or closing.
 * @throws Error naming the process when it holds the file but does not answer in time
 */
export async function findOwner(file: string): Promise<Owner | null> {
  const deadline = Date.now() + startupPatience;
  for (;;) {
    const owner = await readOwner(file);
    if (!owner || !isAlive(owner)) return null;
    if (owner.socketPath && (await answers(owner.socketPath))) return owner;
    if (Date.now() > deadline) {
      throw new Error(
        `Process ${owner.pid} holds the embedded database (${file}) but does not answer. ` +
          "Stop it; if no such Probatum process exists, delete that file.",
      );
    }
    await wait(100);
  }
}

/**
 * Makes this process the owner of the database behind `file`.
 * @returns false when another process became it first
 */
export async function claim(file: string): Promise<boolean> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const stale = await readFile(file, "utf8").catch(() => null);
  if (stale !== null) {
    const owner = parseOwner(stale);
    if (owner && isAlive(owner)) return false;
    if (!(await removeStale(file, stale))) return false;
  }
  const mine: Owner = { pid: process.pid, processStart: processStart(process.pid), url: null, socketPath: null };
  return linkWhole(file, JSON.stringify(mine));
}

// The file appears with all of its content or not at all: a file seen half-written would be taken for a crash's.
async function linkWhole(file: string, content: string): Promise<boolean> {
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, content, { mode: 0o600 });
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

/** Says where the database answers, for commands that come later. */
export async function announce(file: string, url: string, socketPath: string): Promise<void> {
  const mine: Owner = { pid: process.pid, processStart: processStart(process.pid), url, socketPath };
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, JSON.stringify(mine), { mode: 0o600 });
  await rename(draft, file);
}

export async function release(file: string): Promise<void> {
  const owner = await readOwner(file);
  if (owner?.pid === process.pid) await rm(file, { force: true });
}

// Two processes may find the same dead owner: the file is moved aside and compared, so that a live claim made in
// between is put back instead of being deleted.
async function removeStale(file: string, expected: string): Promise<boolean> {
  const aside = `${file}.stale-${randomUUID()}`;
  try {
    await rename(file, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return true;
    throw error;
  }
  const moved = await readFile(aside, "utf8");
  if (moved !== expected) await linkWhole(file, moved);
  await rm(aside, { force: true });
  return moved === expected;
}

async function readOwner(file: string): Promise<Owner | null> {
  const content = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  return content === null ? null : parseOwner(content);
}

function parseOwner(content: string): Owner | null {
  try {
    return ownerFile.parse(JSON.parse(content));
  } catch {
    return null; // cut short by a crash while it was written: nobody owns it
  }
}

function isAlive(owner: Owner): boolean {
  if (owner.pid === process.pid) {
    // Where the kernel does not say when a process started, a file without an address may be of an earlier one.
    return (
      owner.processStart === processStart(process.pid) && (owner.processStart !== null || owner.socketPath !== null)
    );
  }
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
  }
  const start = processStart(owner.pid);
  return start === null || owner.processStart === null || start === owner.processStart;
}

function processStart(pid: number): string | null {
  const file = `/proc/${pid}/stat`;
  if (!existsSync(file)) return null;
  const stat = readFileSync(file, "utf8");
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? null;
}

function answers(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(socketPath);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
