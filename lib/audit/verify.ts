import { createHash } from "node:crypto";
import {
  type ChainHead,
  type ChainRow,
  type Database,
  selectChain,
  selectChainHeads,
  selectHeadlessChains,
} from "#db/index.ts";
import { InvalidInputError } from "../errors.ts";

const rowsAtOnce = 1_000;

/** What came of walking one chain; the first broken row ends the walk. */
export interface VerifiedChain {
  /** The tenant's id; empty: what is of no tenant. */
  chain: string;
  slug: string | null;
  /** Rows that were read and fit. */
  rows: number;
  /** Rows let go at their date, from the chain's beginning. */
  cutRows: number;
  /** Of the last row that fits, in hexadecimal: keep it elsewhere, and ask with it later. */
  head: string | null;
  broken: { id: string; why: string } | null;
}

/**
 * Walks the chains of the audit log, each from its beginning, in pages: every row's hash is computed anew from what
 * stands in it and the hash before. What was changed, removed, slipped in or cut off at the end is named by the first row
 * that does not fit.
 * @param options `tenant`, an id or short name, for its chain alone; `anchor`, a head kept from an earlier walk, which
 * has to be found again: it shows that a chain was not written anew, whole, by somebody who could do even that
 * @throws InvalidInputError when there is no such tenant
 */
export async function verifyAudit(
  database: Database,
  options: { tenant?: string | undefined; anchor?: string | undefined; signal?: AbortSignal } = {},
): Promise<{ chains: VerifiedChain[]; anchorFound: boolean | null }> {
  const { tenant, anchor, signal } = options;
  const heads = [
    ...(await selectChainHeads(database)),
    ...(await selectHeadlessChains(database)).map((chain) => ({ chain, slug: null }) as ChainHead),
  ];
  const meant = tenant === undefined ? heads : heads.filter(({ chain, slug }) => chain === tenant || slug === tenant);
  if (tenant !== undefined && meant.length === 0) {
    throw new InvalidInputError(`There is no tenant “${tenant}” with an audit log.`);
  }
  const wanted = anchor?.toLowerCase();
  const chains: VerifiedChain[] = [];
  let anchorFound = false;
  for (const head of meant) {
    const found = await walk(database, head, (hash) => {
      if (hash === wanted) anchorFound = true;
      signal?.throwIfAborted();
    });
    chains.push(found);
  }
  return { chains, anchorFound: wanted === undefined ? null : anchorFound };
}

async function walk(database: Database, head: ChainHead, seen: (hash: string) => void): Promise<VerifiedChain> {
  const { chain, slug, cutId = null, cutHash = null, cutRows = 0 } = head;
  const walked: VerifiedChain = {
    chain,
    slug: slug ?? null,
    rows: 0,
    cutRows: cutRows ?? 0,
    head: cutHash,
    broken: null,
  };
  let last = cutId ?? "0";
  // Rows of before the cut cannot be: they begin at no id.
  for (let after = "0"; ; ) {
    const rows = await selectChain(database, chain, after, rowsAtOnce);
    for (const row of rows) {
      walked.broken = flawOf(row, walked.head, BigInt(row.id) <= BigInt(cutId ?? "0"));
      if (walked.broken) return walked;
      walked.rows += 1;
      walked.head = row.hash;
      last = row.id;
      if (row.hash) seen(row.hash);
    }
    if (rows.length < rowsAtOnce) break;
    after = last;
  }
  walked.broken = await endOf(database, head, walked, last);
  return walked;
}

function flawOf(row: ChainRow, before: string | null, isCut: boolean): { id: string; why: string } | null {
  if (isCut) return { id: row.id, why: "it was let go at its date, and is there again" };
  if (row.hash !== hashOf(row)) return { id: row.id, why: "what stands in it is not what was written" };
  if (row.previousHash === before) return null;
  return { id: row.id, why: "it does not follow the row before it: one was removed, slipped in or moved" };
}

/** The rows fit together; whether they are all is for the head to say, which is written with each of them. */
async function endOf(
  database: Database,
  head: ChainHead,
  walked: VerifiedChain,
  last: string,
): Promise<VerifiedChain["broken"]> {
  if (head.lastId === undefined) return { id: last, why: "the chain's head was removed" };
  // Rows may have been added while the chain was walked: then the head is looked up again and has to fit those.
  const now = (await selectChainHeads(database)).find(({ chain }) => chain === head.chain);
  if (!now) return { id: last, why: "the chain's head was removed" };
  if (now.hash === walked.head && now.rows === walked.rows + walked.cutRows) return null;
  const missing = now.rows - walked.rows - walked.cutRows;
  if (BigInt(now.lastId) <= BigInt(last)) {
    return { id: last, why: "the chain's head says that it ends elsewhere" };
  }
  const later = await selectChain(database, head.chain, last, rowsAtOnce);
  if (later.length >= missing && later[0]?.previousHash === walked.head) return null;
  return { id: now.lastId, why: `the end was cut off: ${missing} rows after ${last} are missing` };
}

/** As the trigger of the table computes it. */
function hashOf(row: ChainRow): string {
  const text = [
    row.previousHash ?? "",
    row.id,
    row.tenantId ?? "",
    row.actorId,
    row.action,
    row.subjectType,
    row.subjectId,
    row.details,
    row.occurredAt,
  ].join("|");
  return createHash("sha256").update(text, "utf8").digest("hex");
}
