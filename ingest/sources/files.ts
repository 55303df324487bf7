import { createReadStream } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import { createGunzip } from "node:zlib";
import type { SourceType } from "#lib/domain.ts";
import { formatOf } from "../parse/index.ts";
import { RecordError } from "../parse/record-error.ts";
import type { ParserInput, RecordFailure } from "../types.ts";

/** What a walk over files and folders finds beside inputs; each callback is called as it goes. */
export interface FileReport {
  /** A file in a folder whose ending is none of the source's. */
  onSkipped?(file: string): void;
  /** A path that cannot be read: missing, no permission, no file or folder. */
  onFailure?(failure: RecordFailure): void;
}

/**
 * The inputs in files or folders (searched through, in name order, each file once even behind links), for one kind of
 * source. A file named directly is yielded whatever its ending, so that its parser can be refused by name. Nothing is
 * opened here; reading errors come out of `open()` as RecordError `unreadable`.
 */
export async function* findInputs(
  paths: readonly string[],
  sourceType: SourceType,
  options: FileReport & { isSample?: boolean } = {},
): AsyncGenerator<ParserInput> {
  const seen = new Set<string>();
  for (const path of paths) yield* walk(path, true, sourceType, options, seen);
}

async function* walk(
  path: string,
  isNamed: boolean,
  sourceType: SourceType,
  options: FileReport & { isSample?: boolean },
  seen: Set<string>,
): AsyncGenerator<ParserInput> {
  let names: string[] | null = null;
  let size = 0;
  try {
    const real = await realpath(path);
    if (seen.has(real)) return;
    seen.add(real);
    const status = await stat(real);
    if (status.isDirectory()) names = (await readdir(real)).sort();
    else if (!status.isFile()) throw new RecordError("unreadable", `${path} is neither a file nor a folder`);
    size = status.size;
  } catch (error) {
    options.onFailure?.(unreadable(path, error));
    return;
  }
  if (names) for (const name of names) yield* walk(join(path, name), false, sourceType, options, seen);
  else if (isNamed || formatOf(sourceType, path)) yield fileInput(path, size, options.isSample ?? false);
  else options.onSkipped?.(path);
}

/**
 * One file as a parser's input, gunzipped while it is read when its name ends in `.gz`. `name` is what it is called
 * where that is not its path.
 */
export function fileInput(path: string, size: number, isSample: boolean, name = path): ParserInput {
  return { file: name, size, isSample, open: () => readBytes(path, name) };
}

async function* readBytes(path: string, name: string): AsyncGenerator<Uint8Array> {
  const file = createReadStream(path, { highWaterMark: 1 << 18 });
  const gunzip = name.toLowerCase().endsWith(".gz") ? createGunzip({ chunkSize: 1 << 18 }) : null;
  if (gunzip) {
    file.on("error", (error) => gunzip.destroy(error));
    file.pipe(gunzip);
  }
  try {
    for await (const chunk of gunzip ?? file) yield chunk as Uint8Array;
  } catch (cause) {
    throw new RecordError("unreadable", reasonOf(name, cause), { cause });
  } finally {
    file.destroy();
    gunzip?.destroy();
  }
}

const reasons: Record<string, string> = {
  ENOENT: "does not exist",
  EACCES: "may not be read (no permission)",
  EPERM: "may not be read (no permission)",
  ELOOP: "is a link that leads back to itself",
  EISDIR: "is a folder",
  EMFILE: "cannot be opened: too many files are open",
  Z_DATA_ERROR: "is not a sound gzip file",
  Z_BUF_ERROR: "is a gzip file that is cut short",
};

function reasonOf(path: string, cause: unknown): string {
  if (cause instanceof RecordError) return cause.message;
  const { code = "", message = String(cause) } = cause as NodeJS.ErrnoException;
  return `${path} ${reasons[code] ?? `cannot be read: ${message}`}`;
}

/** Any reading error as the record failure that is reported for the file. */
export function unreadable(file: string, cause: unknown): RecordFailure {
  return {
    position: { file, record: null, offset: null },
    sourceId: null,
    code: "unreadable",
    reason: reasonOf(file, cause),
  };
}
