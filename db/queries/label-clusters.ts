import type pg from "pg";
import { copyRows } from "../copy.ts";

/** A document's MinHash signature with the keys of its bands. */
export interface Signature {
  /** Signed 32-bit integers; equally many for all documents of a collection. */
  values: ArrayLike<number>;
  /** Signed 64-bit keys; documents that share one may be alike. */
  bands: readonly bigint[];
}

/** When two documents are one, packaged anew. */
export interface Likeness {
  /** Least share of equal signature values, which estimates the Jaccard similarity of the texts. */
  threshold: number;
  /** Whether two documents' metadata allow it, however alike the texts are. */
  mayMatch?: (one: Record<string, unknown>, other: Record<string, unknown>) => boolean;
}

/** The other members of these documents' clusters: asked before any of them changes or goes. */
export async function clusterMates(client: pg.PoolClient, documentIds: readonly string[]): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>(
    `select id::text from documents where id <> all($1::bigint[]) and cluster_id in (
       select cluster_id from documents where id = any($1::bigint[]))`,
    [documentIds],
  );
  return rows.map(({ id }) => id);
}

/**
 * Replaces the signatures of documents and clusters anew what this concerns, within the caller's transaction and under
 * its lock of the collection. Documents connected by likeness form a cluster under the id of their oldest; so clusters
 * depend on what is stored alone, not on the order of writing.
 * @param rewritten documents that lose the signature they have
 * @param signed documents with their new ones
 * @param mates what `clusterMates` said before the change
 */
export async function storeSignatures(
  client: pg.PoolClient,
  collectionId: number,
  change: {
    rewritten: readonly string[];
    signed: readonly { documentId: string; signature: Signature }[];
    mates: readonly string[];
  },
  likeness: Likeness,
): Promise<void> {
  const { rewritten, signed, mates } = change;
  const signedIds = signed.map(({ documentId }) => documentId);
  const changed = [...new Set([...rewritten, ...signedIds])];
  await client.query("delete from document_signatures where document_id = any($1::bigint[])", [changed]);
  await client.query("delete from document_bands where document_id = any($1::bigint[])", [changed]);
  if (signed.length > 0) await insertSignatures(client, collectionId, signed);
  const near = await withNeighbours(client, collectionId, signedIds);
  await cluster(client, collectionId, [...new Set([...changed, ...mates, ...near])], likeness);
}

async function insertSignatures(
  client: pg.PoolClient,
  collectionId: number,
  signed: readonly { documentId: string; signature: Signature }[],
): Promise<void> {
  await copyRows(
    client,
    "document_signatures",
    [
      ["document_id", (to, { documentId }) => to.bigint(documentId)],
      ["signature", (to, { signature }) => to.integers(signature.values)],
    ],
    signed,
  );
  await copyRows(
    client,
    "document_bands",
    [
      ["collection_id", (to) => to.integer(collectionId)],
      ["band", (to, { band }) => to.bigint(band)],
      ["document_id", (to, { documentId }) => to.bigint(documentId)],
    ],
    signed.flatMap(({ documentId, signature }) => [...new Set(signature.bands)].map((band) => ({ documentId, band }))),
  );
}

/** Documents that share a band with these, and the rest of those documents' clusters. */
async function withNeighbours(client: pg.PoolClient, collectionId: number, ids: string[]): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>(
    `with near as materialized (
       select distinct other.document_id as id from document_bands own
       join document_bands other on other.collection_id = own.collection_id and other.band = own.band
       where own.collection_id = $1 and own.document_id = any($2::bigint[])
     )
     select id::text from near
     union select d.id::text from documents d where d.collection_id = $1 and d.cluster_id in (
       select cluster_id from documents n join near on near.id = n.id where n.cluster_id is not null)`,
    [collectionId, ids],
  );
  return rows.map(({ id }) => id);
}

interface Member {
  id: string;
  clusterId: string | null;
  metadata: Record<string, unknown>;
  signature: number[] | null;
  bands: string[];
}

async function cluster(
  client: pg.PoolClient,
  collectionId: number,
  ids: readonly string[],
  likeness: Likeness,
): Promise<void> {
  const { rows: members } = await client.query<Member>(
    `select d.id::text, d.cluster_id::text as "clusterId", d.metadata, s.signature,
       array(select b.band::text from document_bands b where b.document_id = d.id) as bands
     from documents d left join document_signatures s on s.document_id = d.id
     where d.collection_id = $1 and d.id = any($2::bigint[]) order by d.id`,
    [collectionId, ids],
  );
  const oldest = clustersOf(members, likeness);
  const changes = members
    .map(({ id, clusterId }) => ({ id, before: clusterId, now: oldest.get(id) ?? null }))
    .filter(({ before, now }) => before !== now);
  if (changes.length === 0) return;
  await client.query(
    `update documents d set cluster_id = change.now
     from json_to_recordset($1) as change(id bigint, now bigint) where d.id = change.id`,
    [JSON.stringify(changes)],
  );
}

/** The id of the oldest member for everyone who is not alone. @param members by id, the oldest first */
function clustersOf(members: Member[], likeness: Likeness): Map<string, string> {
  const parents = members.map((_, at) => at);
  const rootOf = (at: number): number => {
    let root = at;
    while (parents[root] !== root) root = parents[root] as number;
    parents[at] = root;
    return root;
  };
  const byBand = new Map<string, number[]>();
  for (const [at, { bands }] of members.entries()) {
    for (const band of bands) byBand.set(band, [...(byBand.get(band) ?? []), at]);
  }
  const refused = new Set<string>();
  for (const sharing of byBand.values()) {
    for (const [nth, one] of sharing.entries()) {
      for (const other of sharing.slice(0, nth)) {
        const [left, right] = [rootOf(one), rootOf(other)];
        const pair = `${other}:${one}`;
        if (left === right || refused.has(pair)) continue;
        if (areAlike(members[one] as Member, members[other] as Member, likeness))
          parents[Math.max(left, right)] = Math.min(left, right);
        else refused.add(pair);
      }
    }
  }
  const groups = Map.groupBy(members.keys(), rootOf);
  const oldest = new Map<string, string>();
  for (const [root, group] of groups) {
    if (group.length < 2) continue;
    for (const at of group) oldest.set((members[at] as Member).id, (members[root] as Member).id);
  }
  return oldest;
}

function areAlike(one: Member, other: Member, { threshold, mayMatch }: Likeness): boolean {
  const [left, right] = [one.signature, other.signature];
  if (!left || !right || left.length !== right.length) return false;
  let equal = 0;
  for (let row = 0; row < left.length; row += 1) if (left[row] === right[row]) equal += 1;
  return equal / left.length >= threshold && (mayMatch?.(one.metadata, other.metadata) ?? true);
}
