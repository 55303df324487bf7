import { randomUUID } from "node:crypto";
import { insertRun } from "#db/index.ts";
import type { Deps } from "../deps.ts";
import { ConflictError, InvalidInputError, ProbatumError } from "../errors.ts";
import { type Actor, checkId, requireCurator } from "./actor.ts";
import { openCollection, openRun } from "./find.ts";
import { uploadPrefix } from "./parse-request.ts";
import { toRunView } from "./translate.ts";
import { checkedContent } from "./upload-content.ts";
import type { RunView } from "./views.ts";

/** A new, empty upload into a collection. @returns its id, to put files under and start a run with */
export async function createUpload(deps: Pick<Deps, "database">, actor: Actor, slug: string): Promise<string> {
  await openCollection(deps, actor, slug);
  return randomUUID();
}

/**
 * Keeps one file of an upload in the object store; the same name again replaces it.
 * @param body streamed, never held whole
 * @returns the object's key and the file's bytes
 * @throws InvalidInputError for a name that is none, or a file that is not by its first bytes what its name says; ProbatumError 413 past
 *   INGEST_FILE_LIMIT_MB. Nothing is kept then.
 */
export async function putUploadedFile(
  deps: Pick<Deps, "database" | "objects" | "env">,
  actor: Actor,
  slug: string,
  uploadId: string,
  file: { name: string; contentType: string; body: AsyncIterable<Uint8Array> },
): Promise<{ key: string; size: number }> {
  const collection = await openCollection(deps, actor, slug);
  const name = fileName(file.name);
  const key = `${uploadOf(collection.slug, uploadId)}${name}`;
  const limit = deps.env.INGEST_FILE_LIMIT_MB * 1024 * 1024;
  const body = limited(file.body, limit, file.name);
  const isPdf = collection.sourceType === "guideline";
  if (isPdf && !/\.pdf$/i.test(key)) throw new InvalidInputError(`“${file.name}” is no PDF by its name.`);
  try {
    const { size } = await deps.objects.put(key, checkedContent(body, name, isPdf ? "pdf" : undefined), {
      contentType: isPdf ? "application/pdf" : file.contentType,
    });
    return { key, size };
  } catch (error) {
    // What the body threw comes back as the cause of the store's own error.
    throw (error as Error).cause instanceof ProbatumError ? (error as Error).cause : error;
  }
}

/**
 * Asks for a run over an upload's files. Asked for twice, the second run finds nothing new.
 * @throws ConflictError when it has no files
 */
export async function startUploadRun(
  deps: Pick<Deps, "database" | "objects">,
  actor: Actor,
  slug: string,
  uploadId: string,
  options: { dryRun?: boolean } = {},
): Promise<RunView> {
  const { userId } = requireCurator(actor);
  const collection = await openCollection(deps, actor, slug);
  const prefix = uploadOf(collection.slug, uploadId);
  let isEmpty = true;
  for await (const _ of deps.objects.list(prefix)) {
    isEmpty = false;
    break;
  }
  if (isEmpty) throw new ConflictError("No file was uploaded yet.");
  const id = await insertRun(deps.database, {
    collectionId: collection.id,
    request: { kind: "objects", prefix },
    trigger: "upload",
    requestedBy: userId,
    dryRun: options.dryRun ?? false,
  });
  return toRunView(await openRun(deps, actor, id));
}

function uploadOf(slug: string, uploadId: string): string {
  return `${uploadPrefix(slug)}${checkId(uploadId, "upload")}/`;
}

/** The last part of a path as browsers send it, as a key's segment; its ending says how it is read and stays whole. */
function fileName(name: string): string {
  const base = (name.split(/[\\/]/).at(-1) ?? "").toWellFormed().normalize("NFC");
  const clean = base.replace(/[\p{Cc}\u2028\u2029\ufffe\uffff%@]/gu, "_").trim();
  if (clean === "" || clean === "." || clean === "..") throw new InvalidInputError(`“${name}” is no name of a file.`);
  const ending = /(?:\.[a-z0-9]{1,8}){0,2}$/i.exec(clean)?.[0] ?? "";
  let stem = clean.slice(0, clean.length - ending.length);
  while (Buffer.byteLength(encodeURIComponent(stem)) > 150) stem = [...stem].slice(0, -1).join("");
  return `${stem}${ending}`;
}

async function* limited(body: AsyncIterable<Uint8Array>, limit: number, name: string): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const part of body) {
    size += part.length;
    if (size > limit) {
      const megabytes = Math.round(limit / 1024 / 1024);
      throw new ProbatumError(413, "too_large", `“${name}” is larger than ${megabytes} MB (INGEST_FILE_LIMIT_MB).`);
    }
    yield part;
  }
}
