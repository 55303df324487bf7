import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import { z } from "zod";
import type { MovedLine, MovedLinePage, MovedPlace } from "#db/index.ts";
import type { Deps } from "../deps.ts";
import { StorageError } from "../storage/storage-error.ts";

/** Messages read from the database in one go, with all that belongs to them. */
const messagesAtOnce = 200;

/** What the lines of a conversation come to. */
export type LineSummary = Pick<MovedPlace, "sha256" | "lines" | "messages">;

type ReadPage = (afterSequence: number, limit: number) => Promise<MovedLinePage>;

/** All lines of a conversation, page by page. Its `return` value says what they came to. */
async function* allLines(readPage: ReadPage): AsyncGenerator<string, LineSummary> {
  const hash = createHash("sha256");
  let lines = 0;
  let messages = 0;
  for (let after: number | null = 0; after !== null; ) {
    const page: MovedLinePage = await readPage(after, messagesAtOnce);
    for (const line of page.lines) {
      const text = `${line}\n`;
      hash.update(text);
      yield text;
    }
    lines += page.lines.length;
    messages += page.messages;
    after = page.last;
  }
  return { sha256: hash.digest("hex"), lines, messages };
}

/** What a conversation's lines come to now. */
export async function summarise(readPage: ReadPage): Promise<LineSummary> {
  const lines = allLines(readPage);
  for (;;) {
    const { done, value } = await lines.next();
    if (done) return value;
  }
}

/** Writes a conversation's lines into an object as they are read; in memory is one page of them at most. */
export async function putLines(
  deps: Pick<Deps, "objects">,
  key: string,
  readPage: ReadPage,
): Promise<LineSummary & { bytes: number }> {
  let summary: LineSummary | undefined;
  const lines = allLines(readPage);
  const counted = async function* () {
    summary = yield* lines;
  };
  const gzip = createGzip();
  const putting = deps.objects.put(key, gzip, { contentType: "application/gzip" }).catch((error: unknown) => {
    gzip.destroy(); // else whoever writes into it would wait for ever
    throw error;
  });
  const [{ size }] = await Promise.all([putting, pipeline(Readable.from(counted()), gzip)]);
  if (!summary) throw new Error("a conversation's lines did not end");
  return { ...summary, bytes: size };
}

const lineSchema = z.object({
  table: z.enum(["messages", "message_citations", "answer_receipts", "message_feedback"]),
  row: z.record(z.string(), z.unknown()),
});

/**
 * The lines that lie at a place, whole and as they were written.
 * @throws StorageError naming the object when it is missing, damaged or another's
 */
export async function getLines(deps: Pick<Deps, "objects">, place: MovedPlace): Promise<string[]> {
  const { body } = await deps.objects.get(place.key);
  const parts: Buffer[] = [];
  const hash = createHash("sha256");
  try {
    await pipeline(body, createGunzip(), async (unzipped: AsyncIterable<Buffer>) => {
      for await (const part of unzipped) {
        hash.update(part);
        parts.push(part);
      }
    });
  } catch (error) {
    if (error instanceof StorageError) throw error;
    throw damaged(deps, place, "it cannot be unpacked", error);
  }
  if (hash.digest("hex") !== place.sha256) throw damaged(deps, place, "its text is not what was moved");
  const lines = Buffer.concat(parts).toString("utf8").split("\n");
  lines.pop(); // behind the last line's end
  if (lines.length !== place.lines) throw damaged(deps, place, `it has ${lines.length} lines, not ${place.lines}`);
  return lines;
}

export function parseLine(line: string): MovedLine {
  return lineSchema.parse(JSON.parse(line));
}

function damaged(deps: Pick<Deps, "objects">, { key }: MovedPlace, reason: string, cause?: unknown): StorageError {
  return new StorageError({ code: "failed", backend: deps.objects.name, operation: "get", key, reason, cause });
}
