import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, open, rm } from "node:fs/promises";
import { join } from "node:path";
import { SourceError, withoutSecrets } from "../source-error.ts";
import type { Ask, HttpClient, OpenAnswer } from "./http.ts";
import { withRetries } from "./retries.ts";

export interface DownloadOptions {
  /** What the file has to hash to; a mismatch is fetched once more from its beginning. */
  md5?: string | undefined;
  /** Sees the finished file and may throw: a SourceError that may pass is fetched again. */
  check?(path: string): Promise<void>;
}

export interface Downloaded {
  path: string;
  size: number;
  headers: Headers;
}

/** Bytes after which a long download says how far it is. */
const progressStep = 25_000_000;

interface Progress {
  received: number;
  /** What If-Range sends: a strong ETag or a date; null when a cut download cannot be resumed. */
  validator: string | null;
  headers: Headers;
}

/**
 * Fetches into a file of the run's folder, going on after a cut where the server allows (RFC 9110 13.1.5, 14.2). Within
 * the settings' limits of bytes and time. Leaves no file behind when it fails. @throws SourceError
 */
export async function download(client: HttpClient, ask: Ask, options: DownloadOptions = {}): Promise<Downloaded> {
  const { context, manners } = client;
  const path = join(context.directory, `fetched-${randomUUID()}`);
  const limit = AbortSignal.timeout(context.settings.timeLimitMs);
  const signal = AbortSignal.any([context.signal, limit]);
  const progress: Progress = { received: 0, validator: null, headers: new Headers() };
  const file = await open(path, "wx+");
  let mismatches = 0;
  try {
    await withRetries(manners, { signal, report: context.report }, async () => {
      await fetchRest(client, ask, file, progress, signal);
      try {
        if (options.md5) await compare(path, options.md5, ask.url, mismatches++ === 0);
        await options.check?.(path);
      } catch (error) {
        progress.received = 0;
        throw error;
      }
    });
    return { path, size: progress.received, headers: progress.headers };
  } catch (error) {
    await rm(path, { force: true });
    context.signal.throwIfAborted();
    if (!limit.aborted || error instanceof SourceError) throw error;
    const seconds = Math.round(context.settings.timeLimitMs / 1000);
    throw new SourceError("timeout", ask.url, `it took longer than ${seconds} s`, { cause: error });
  } finally {
    await file.close();
  }
}

async function fetchRest(
  client: HttpClient,
  ask: Ask,
  file: FileHandle,
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  const resuming = progress.received > 0 && progress.validator !== null && !ask.form;
  const range = { range: `bytes=${progress.received}-`, "if-range": progress.validator ?? "" };
  const answer = await client.open(resuming ? { ...ask, headers: { ...ask.headers, ...range } } : ask, signal);
  const total = begin(answer, progress, resuming);
  const { byteLimit } = client.context.settings;
  const tooLarge = () => {
    answer.discard();
    return new SourceError("too_large", ask.url, `it is larger than ${byteLimit} bytes`);
  };
  if (total !== null && total > byteLimit) throw tooLarge();
  let reported = progress.received;
  await file.truncate(progress.received);
  for await (const chunk of answer.body) {
    if (progress.received + chunk.length > byteLimit) throw tooLarge();
    for (let written = 0; written < chunk.length; ) {
      const { bytesWritten } = await file.write(chunk, written, chunk.length - written, progress.received);
      written += bytesWritten;
      progress.received += bytesWritten;
    }
    if (progress.received - reported >= progressStep) {
      reported = progress.received;
      const of = total === null ? "" : ` of ${megabytes(total)}`;
      client.context.report(`${withoutSecrets(ask.url)}: ${megabytes(reported)}${of} MB`);
    }
  }
  if (total !== null && progress.received !== total) {
    const reason = `it broke off after ${progress.received} of ${total} bytes`;
    throw new SourceError("unreachable", ask.url, reason, { isPassing: true });
  }
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1e6);
}

/** Takes in an answer's head; gives the whole file's length where the server says it. */
function begin(answer: OpenAnswer, progress: Progress, resuming: boolean): number | null {
  const { status, headers, url } = answer;
  const restart = (reason: string) => {
    answer.discard();
    progress.received = 0;
    progress.validator = null;
    return new SourceError("unreachable", url, reason, { isPassing: true });
  };
  progress.headers = headers;
  if (status === 416) throw restart("it has no such range any more");
  if (status === 206) {
    const [, start, total] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers.get("content-range") ?? "") ?? [];
    if (!resuming || Number(start) !== progress.received) throw restart("it gave another range than was asked for");
    return total === "*" ? null : Number(total);
  }
  progress.received = 0;
  const etag = headers.get("etag");
  const canResume = headers.get("accept-ranges") !== "none";
  progress.validator = canResume ? ((etag?.startsWith("W/") ? null : etag) ?? headers.get("last-modified")) : null;
  const length = headers.get("content-length");
  return length === null ? null : Number(length);
}

async function compare(path: string, expected: string, url: URL, mayPass: boolean): Promise<void> {
  const hash = createHash("md5");
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk);
  const actual = hash.digest("hex");
  if (actual === expected.toLowerCase()) return;
  const reason = `its MD5 is ${actual}, where ${expected} is given`;
  throw new SourceError("checksum", url, reason, { isPassing: mayPass });
}
