import { setTimeout as wait } from "node:timers/promises";
import { type AuditSelection, type Database, selectAudit, selectChainHeads } from "#db/index.ts";
import { auditLine } from "./list.ts";

const everything: AuditSelection = { actorIds: null, action: null, subjectId: null, from: null, until: null };
const linesAtOnce = 500;

/**
 * A tenant's log from behind an id on, a line of JSON each, in order: first what there is, then, if it is to follow, each
 * row as it comes, until the signal or until `mayGoOn` says no. An empty line is a sign of life.
 * Nothing is left out: a tenant's rows become visible in the order of their ids.
 */
export async function* tailTenant(
  database: Database,
  tenantId: string | null,
  options: { after: number; follow: boolean; signal: AbortSignal; pollMs?: number; mayGoOn?: () => Promise<boolean> },
): AsyncGenerator<string> {
  const { follow, signal, pollMs = 1_000, mayGoOn = async () => true } = options;
  let after = options.after;
  let quiet = 0;
  while (!signal.aborted) {
    const rows = await selectAudit(database, tenantId, everything, { after, limit: linesAtOnce });
    if (rows.length > 0) yield rows.map(auditLine).join("");
    after = rows.at(-1)?.id ?? after;
    if (rows.length === linesAtOnce) continue;
    if (!follow) return;
    quiet = rows.length > 0 ? 0 : quiet + pollMs;
    if (quiet >= 15_000) {
      quiet = 0;
      yield "\n";
    }
    await wait(pollMs, undefined, { signal }).catch(() => undefined);
    if (!signal.aborted && !(await mayGoOn())) return;
  }
}

/**
 * Every chain's, for whoever holds the machine: in each chain in order. A place in it is one id for all chains, as long
 * as it is the last that was read; between chains rows may come in another order than their ids.
 */
export async function* tailAll(
  database: Database,
  options: { after: number; follow: boolean; signal: AbortSignal; tenant?: string | undefined; pollMs?: number },
): AsyncGenerator<string> {
  const { after, follow, signal, tenant, pollMs = 1_000 } = options;
  const read = new Map<string, number>();
  while (!signal.aborted) {
    const heads = (await selectChainHeads(database)).filter(
      ({ chain, slug }) => tenant === undefined || chain === tenant || slug === tenant,
    );
    for (const { chain, lastId } of heads) {
      const from = read.get(chain) ?? after;
      if (Number(lastId) <= from) continue;
      for (let at = from; !signal.aborted; ) {
        const page = { after: at, limit: linesAtOnce };
        const rows = await selectAudit(database, chain === "" ? null : chain, everything, page);
        for (const row of rows) yield auditLine(row);
        at = rows.at(-1)?.id ?? at;
        read.set(chain, at);
        if (rows.length < linesAtOnce) break;
      }
    }
    if (!follow) return;
    await wait(pollMs, undefined, { signal }).catch(() => undefined);
  }
}
