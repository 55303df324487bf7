import { type Database, selectLostReaders } from "#db/index.ts";
import type { Viewer } from "../../auth/index.ts";
import { ProbatumError } from "../../errors.ts";

/** Ends an event stream: whoever reads it no longer may. Nothing of the conversation is in it. */
export class NoLongerReaderError extends ProbatumError {
  constructor(deleted: boolean) {
    super(
      404,
      "no_longer_takes_part",
      deleted ? "This conversation was deleted." : "You no longer take part in this conversation.",
    );
  }
}

interface Reading {
  tenantId: string;
  userId: string;
  conversationId: string;
  lost: (error: NoLongerReaderError) => void;
}

interface Watch {
  readings: Set<Reading>;
  timer: NodeJS.Timeout | undefined;
}

/** As often as an open stream's heartbeat. */
export const watchMilliseconds = 15_000;

// One statement asks for all open streams of a process, however many there are.
const watches = new WeakMap<Database, Watch>();

/**
 * Tells once when a viewer may no longer read a conversation: they were removed or disabled, or it was deleted.
 * @returns `stop`, and `check`, which asks now instead of within `watchMilliseconds`
 */
export function watchAccess(
  database: Database,
  viewer: Viewer,
  conversationId: string,
  lost: (error: NoLongerReaderError) => void,
): { check: () => Promise<void>; stop: () => void } {
  const watch = watches.get(database) ?? { readings: new Set(), timer: undefined };
  watches.set(database, watch);
  const reading: Reading = { tenantId: viewer.tenantId, userId: viewer.userId, conversationId, lost };
  watch.readings.add(reading);
  // A failed look is tried again by the next; the database's own absence is told where it matters.
  watch.timer ??= setInterval(() => void ask(database, [...watch.readings]).catch(() => {}), watchMilliseconds).unref();
  return {
    check: () => ask(database, [reading]),
    stop: () => {
      watch.readings.delete(reading);
      if (watch.readings.size > 0) return;
      clearInterval(watch.timer);
      watch.timer = undefined;
    },
  };
}

async function ask(database: Database, readings: Reading[]): Promise<void> {
  for (const { place, deleted } of await selectLostReaders(database, readings)) {
    readings[place]?.lost(new NoLongerReaderError(deleted));
  }
}
