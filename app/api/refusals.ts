import { log } from "#lib/log.ts";

/** Refusals that one process writes out in a minute; the rest of that minute are counted. */
export const toldPerMinute = 60;
const minute = 60_000;

/** Input that does not fit, writes of other sites, methods, times, sizes, forms, foreign hosts, limits. */
const told = new Set([400, 403, 405, 408, 413, 415, 421, 429]);

export interface Refusal {
  status: number;
  method: string;
  /** With its parameters by name, and without its query: `/api/conversations/[id]`. Null where no route was reached. */
  route: string | null;
  /** The network address, as far as it can be believed. */
  address: string | null;
  /** Who is signed in, by id. */
  user: string | null;
}

/** @returns what writes a line of the process log for each refusal that may be somebody's trying; never what was sent */
export function openRefusals(logger: Pick<typeof log, "warn"> = log, clock = Date.now): (refusal: Refusal) => void {
  let window = { until: 0, written: 0, more: 0 };
  return (refusal) => {
    if (!told.has(refusal.status)) return;
    const now = clock();
    if (now >= window.until) {
      if (window.more > 0) logger.warn({ more: window.more }, "more requests were refused");
      window = { until: now + minute, written: 0, more: 0 };
    }
    window.written += 1;
    if (window.written <= toldPerMinute) logger.warn({ ...refusal }, "a request was refused");
    else window.more += 1;
  };
}

export const tellRefusal = openRefusals();
