import { z } from "zod";
import { advanceReadMarks, type Database, type ReadMark } from "#db/index.ts";
import type { Viewer } from "../../auth/index.ts";
import type { Deps } from "../../deps.ts";
import { NotFoundError } from "../../errors.ts";
import { checkId, parseInput } from "../input.ts";

const readInput = z.object({
  sequenceId: z
    .number("say up to which message was read, by its sequence id")
    .int("a sequence id is a whole number")
    .positive("sequence ids begin with 1"),
});

/** Marks that come within so many milliseconds are written by one statement; each is written before its caller hears. */
const gatherMilliseconds = 100;

interface Batch {
  marks: ReadMark[];
  written: Promise<boolean[]>;
}

const batches = new WeakMap<Database, Batch>();

/** Says up to where the viewer has read. A mark never goes back, nor beyond the last message. */
export async function markRead(deps: Deps, viewer: Viewer, conversationId: string, input: unknown): Promise<void> {
  checkId(conversationId, "The conversation");
  const { sequenceId } = parseInput(readInput, input);
  const { tenantId, userId } = viewer;
  const isTheirs = await write(deps.database, { tenantId, userId, conversationId, sequenceId });
  if (!isTheirs) throw new NotFoundError("The conversation");
}

async function write(database: Database, mark: ReadMark): Promise<boolean> {
  const batch = batches.get(database) ?? openBatch(database);
  const place = batch.marks.push(mark) - 1;
  return (await batch.written)[place] ?? false;
}

function openBatch(database: Database): Batch {
  const marks: ReadMark[] = [];
  const written = new Promise<void>((resolve) => setTimeout(resolve, gatherMilliseconds)).then(() => {
    batches.delete(database); // what comes from now on goes into the next
    return advanceReadMarks(database, marks);
  });
  const batch = { marks, written };
  batches.set(database, batch);
  return batch;
}
