import type pg from "pg";

/** Statuses from the lightest to the gravest; of several that are said of a document the gravest holds. */
const gravity = ["current", "superseded", "concern", "withdrawn", "retracted"];

/** What a notice says by its link about the document it names. */
const statusByLink: Record<string, string> = {
  retraction_of: "retracted",
  concern_for: "concern",
  update_of: "superseded",
};
export const markingKinds = Object.keys(statusByLink);

/** The source has deleted the document: nothing of it is searched, its text stays for those who cited it. */
export const tombstoneHash = Buffer.alloc(0);
export const isTombstone = (table: string) => `octet_length(${table}.content_hash) = 0`;

const work = /^(?:pmid|pmcid|doi):/;

/**
 * One form for the name a link gives: `pmid:1` and `1` are `1`, `PMC1` is `pmcid:PMC1`, DOIs are in lower case behind
 * `doi:`. Anything else stays as it is.
 */
export function linkName(name: string | null): string | null {
  const bare = name?.trim() ?? "";
  if (bare === "") return null;
  if (/^pmid:\s*\d+$/i.test(bare)) return bare.replace(/^pmid:\s*/i, "");
  const pmc = /^(?:pmcid:\s*)?PMC(\d+)(?:\.\d+)?$/i.exec(bare);
  if (pmc) return `pmcid:PMC${pmc[1]}`;
  const doi = /^(?:doi:\s*|https?:\/\/(?:dx\.)?doi\.org\/)?(10\.\d+(?:\.\d+)*\/\S+)$/i.exec(bare);
  return doi ? `doi:${doi[1]?.toLowerCase()}` : bare;
}

/** The identifier (as in `documents.identifiers`) that a link's name means. */
export function identifierOf(name: string): string {
  return /^\d+$/.test(name) ? `pmid:${name}` : name;
}

/** Every form in which a link may name a document of this identifier; older links were kept as they came. */
export function linkForms(identifier: string): string[] {
  const [, scheme, value = ""] = /^(pmid|pmcid|doi):(.*)$/.exec(identifier) ?? [];
  return scheme ? [identifier, value] : [identifier];
}

// One name at a time: for many at once the planner reads the whole table instead of the index.
const named = (names: string) =>
  `select o.id from unnest(${names}::text[]) name join documents o on o.identifiers @> array[name]`;

/** The same in SQL, of all identifiers of a document. */
export const linkFormsOf = (table: string) =>
  `array(select form from unnest(${table}.identifiers) name,
     unnest(array[name, regexp_replace(name, '^(pmid|pmcid|doi):', '')]) form)`;

/** What decides about others' marks in a document: which article it is a record of, and what it says. */
interface Speaker {
  identifiers: string[];
  /** Of itself; what holds of one record of an article holds of its others. */
  recordStatus: string;
  /** Names of what its notices are about. */
  targets: string[];
}

export interface StoredSpeaker extends Speaker {
  id: string;
  sourceId: string;
  isSample: boolean;
  isTombstone: boolean;
  isCited: boolean;
  isSigned: boolean;
}

export interface WrittenSpeaker {
  sourceId: string;
  identifiers: string[];
  status: string;
  links: { kind: string; sourceId: string | null }[];
}

function speakerOf({ identifiers, status, links }: WrittenSpeaker): Speaker {
  const targets = links.filter(({ kind }) => kind in statusByLink).map(({ sourceId }) => linkName(sourceId));
  return { identifiers, recordStatus: status, targets: targets.filter((name) => name !== null) };
}

function speaks({ recordStatus, targets }: Speaker): boolean {
  return recordStatus !== "current" || targets.length > 0;
}

export interface LockedCollection {
  id: number;
  tenantId: string | null;
}

/** What a write finds under its locks. */
export interface WriteScope {
  collection: LockedCollection;
  /** What is stored under the written and removed source ids, tombstones included, by id. */
  before: StoredSpeaker[];
  /** The write may change the standing of documents other than its own. */
  isWide: boolean;
}

/**
 * Locks what a write works on, and reads what it replaces. Every writer holds its own collection's row until its
 * commit. One that may mark others holds the rows of all collections it may mark, taken at once in the order of their
 * ids: so no two wait for each other, and a notice and its article written at the same time see one another.
 * @returns null when `isWide` is not set and must be: begin again, a lock taken later could be out of order
 */
export async function lockForWrite(
  client: pg.PoolClient,
  collectionId: number,
  written: readonly WrittenSpeaker[],
  removed: readonly string[],
  isWide: boolean,
): Promise<WriteScope | null> {
  if (!isWide && written.some((document) => speaks(speakerOf(document)))) return null;
  const { rows } = await client.query<LockedCollection>(
    isWide
      ? `select other.id, other.tenant_id as "tenantId" from collections other join collections own on own.id = $1
         where other.id = own.id
           or (other.source_type <> 'drug_label' and (own.tenant_id is null or other.tenant_id = own.tenant_id))
         order by other.id for update of other`
      : `select id, tenant_id as "tenantId" from collections where id = $1 for update`,
    [collectionId],
  );
  const collection = rows.find(({ id }) => id === collectionId);
  if (!collection) throw new Error(`there is no collection ${collectionId}`);
  const sourceIds = [...written.map(({ sourceId }) => sourceId), ...removed];
  const before = await storedSpeakers(client, collectionId, sourceIds);
  if (isWide) return { collection, before, isWide };
  const identifiers = [...before, ...written].flatMap((document) => document.identifiers);
  if (before.some(speaks) || (await areNamed(client, [...identifiers.flatMap(linkForms), ...sourceIds]))) return null;
  return { collection, before, isWide };
}

async function storedSpeakers(client: pg.PoolClient, collectionId: number, sourceIds: string[]) {
  const { rows } = await client.query<StoredSpeaker>(
    `select d.id::text, d.source_id as "sourceId", d.is_sample as "isSample", d.identifiers,
       ${isTombstone("d")} as "isTombstone",
       case when ${isTombstone("d")} then 'current' else d.record_status end as "recordStatus",
       array(select l.source_id from document_links l
         where l.document_id = d.id and l.kind = any($3) and l.source_id is not null) as targets,
       exists (select from message_citations c where c.document_id = d.id)
         or exists (select from moved_citations c where c.document_id = d.id) as "isCited",
       exists (select from document_signatures s where s.document_id = d.id) as "isSigned"
     from documents d where d.collection_id = $1 and d.source_id = any($2) order by d.id for update of d`,
    [collectionId, sourceIds, markingKinds],
  );
  return rows;
}

async function areNamed(client: pg.PoolClient, forms: string[]): Promise<boolean> {
  const { rowCount } = await client.query(
    "select 1 from document_links where source_id = any($1) and kind = any($2) limit 1",
    [forms, markingKinds],
  );
  return rowCount !== 0;
}

/**
 * Brings the status of the written documents, and of all that they (or what they replaced) speak about, up to what
 * holds now: the record's own status, or the gravest that a notice or another record of the same article gives it.
 * Versions of other collections grow where one of their documents changed.
 * @param ids what was written; what stays of what was deleted
 * @returns how many documents another record has marked, or ceased to mark
 */
export async function settleStatuses(
  client: pg.PoolClient,
  { collection, before, isWide }: WriteScope,
  ids: string[],
  written: readonly WrittenSpeaker[],
): Promise<number> {
  const speakers = [...before, ...written.map(speakerOf)];
  const affected = new Set(isWide ? [...ids, ...(await spokenOf(client, collection, speakers))] : ids);
  if (affected.size === 0) return 0;
  const subjects = await selectSubjects(client, [...affected]);
  const said = await statementsOn(client, subjects);
  const changes = subjects.flatMap((subject) => {
    const { status, note } = gravest(subject, said.get(subject.id) ?? []);
    if (status === subject.status && note === subject.statusNote) return [];
    const isByOther = status !== subject.recordStatus || !ids.includes(subject.id);
    const isMark = isByOther && status !== subject.status;
    return [{ id: subject.id, collectionId: subject.collectionId, status, note, isMark }];
  });
  if (changes.length === 0) return 0;
  await client.query(
    `update documents d set status = change.status, status_note = change.note,
       status_changed_at = case when d.status = change.status then d.status_changed_at else clock_timestamp() end
     from json_to_recordset($1) as change(id bigint, status text, note text) where d.id = change.id`,
    [JSON.stringify(changes)],
  );
  const others = new Set(changes.map(({ collectionId }) => collectionId));
  others.delete(collection.id); // its version grows with the write itself
  if (others.size > 0) {
    await client.query(
      "update collections set corpus_version = corpus_version + 1, updated_at = now() where id = any($1)",
      [[...others]],
    );
  }
  return changes.filter(({ isMark }) => isMark).length;
}

/** What the speakers' notices name, the other records of all these articles, and once more the records of those. */
async function spokenOf(client: pg.PoolClient, own: LockedCollection, speakers: Speaker[]): Promise<string[]> {
  const targets = speakers.flatMap((speaker) => speaker.targets.map((name) => linkName(name) ?? name));
  const names = [...targets.map(identifierOf), ...speakers.flatMap(({ identifiers }) => identifiers)].filter(isOfWork);
  const mayMark = "c.source_type <> 'drug_label' and ($2::uuid is null or c.tenant_id = $2)";
  const { rows } = await client.query<{ id: string }>(
    `with named as materialized (
       select d.id, d.identifiers from documents d join collections c on c.id = d.collection_id
       where d.id in (${named("$1")}) and ${mayMark}
       union all select id, identifiers from documents where collection_id = $3 and source_id = any($4)
     )
     select id::text from named
     union select d.id::text from documents d join collections c on c.id = d.collection_id
     where ${mayMark} and d.id in (select o.id from (
       select distinct name from named, unnest(identifiers) name where name ~ '^(pmid|pmcid|doi):') names
       join documents o on o.identifiers @> array[names.name])`,
    [[...new Set(names)], own.tenantId, own.id, targets],
  );
  return rows.map(({ id }) => id);
}

interface Subject {
  id: string;
  collectionId: number;
  tenantId: string | null;
  sourceId: string;
  identifiers: string[];
  status: string;
  statusNote: string | null;
  recordStatus: string;
  recordStatusNote: string | null;
}

async function selectSubjects(client: pg.PoolClient, ids: string[]): Promise<Subject[]> {
  const { rows } = await client.query<Subject>(
    `select d.id::text, d.collection_id as "collectionId", c.tenant_id as "tenantId", d.source_id as "sourceId",
       case when c.source_type = 'drug_label' then '{}' else d.identifiers end as identifiers, d.status,
       d.status_note as "statusNote", d.record_status as "recordStatus", d.record_status_note as "recordStatusNote"
     from documents d join collections c on c.id = d.collection_id where d.id = any($1::bigint[]) order by d.id`,
    [ids],
  );
  return rows;
}

interface Statement {
  status: string;
  note: string;
}

interface RecordOfWork {
  id: string;
  tenantId: string | null;
  sourceId: string;
  identifiers: string[];
  collectionTitle: string;
  recordStatus: string;
  recordStatusNote: string | null;
}

interface Notice {
  id: string;
  tenantId: string | null;
  collectionId: number;
  sourceId: string;
  identifiers: string[];
  title: string;
  kind: string;
  target: string;
}

/** What stored documents say of each subject, by its id. What a tenant keeps for itself says nothing of what others read. */
async function statementsOn(client: pg.PoolClient, subjects: Subject[]): Promise<Map<string, Statement[]>> {
  const names = subjects.flatMap(({ identifiers }) => identifiers.filter(isOfWork));
  const { rows: records } =
    names.length === 0
      ? { rows: [] }
      : await client.query<RecordOfWork>(
          `select k.id::text, c.tenant_id as "tenantId", k.source_id as "sourceId", k.identifiers,
             c.title as "collectionTitle", k.record_status as "recordStatus", k.record_status_note as "recordStatusNote"
           from documents k join collections c on c.id = k.collection_id
           where k.id in (${named("$1")}) and c.source_type <> 'drug_label' and not ${isTombstone("k")} order by k.id`,
          [names],
        );
  const everyName = new Set([...names, ...records.flatMap(({ identifiers }) => identifiers.filter(isOfWork))]);
  const forms = [...[...everyName].flatMap(linkForms), ...subjects.map(({ sourceId }) => sourceId)];
  const { rows: notices } = await client.query<Notice>(
    `select n.id::text, c.tenant_id as "tenantId", n.collection_id as "collectionId", n.source_id as "sourceId",
       n.identifiers, n.title, l.kind, l.source_id as target
     from document_links l join documents n on n.id = l.document_id join collections c on c.id = n.collection_id
     where l.source_id = any($1) and l.kind = any($2) and not ${isTombstone("n")} order by n.id, l.ordinal`,
    [forms, markingKinds],
  );
  const recordsByName = byEach(records, ({ identifiers }) => identifiers.filter(isOfWork));
  const noticesByTarget = byEach(notices, ({ target }) => [target]);
  return new Map(
    subjects.map((subject) => {
      const speaksTo = ({ id, tenantId }: { id: string; tenantId: string | null }) =>
        id !== subject.id && (tenantId === null || tenantId === subject.tenantId);
      const copies = gather(recordsByName, subject.identifiers).filter(speaksTo);
      const allNames = new Set([...subject.identifiers, ...copies.flatMap(({ identifiers }) => identifiers)]);
      const naming = gather(noticesByTarget, [...allNames].filter(isOfWork).flatMap(linkForms));
      const beside = (noticesByTarget.get(subject.sourceId) ?? []).filter(
        ({ collectionId }) => collectionId === subject.collectionId,
      );
      const statements = [
        ...[...naming, ...beside].filter(speaksTo).map(noticeStatement),
        ...copies.filter(({ recordStatus }) => recordStatus !== "current").map(copyStatement),
      ];
      return [subject.id, statements] as const;
    }),
  );
}

function byEach<T>(rows: T[], keys: (row: T) => string[]): Map<string, T[]> {
  const found = new Map<string, T[]>();
  for (const row of rows) {
    for (const key of keys(row)) found.set(key, [...(found.get(key) ?? []), row]);
  }
  return found;
}

function gather<T extends { id: string }>(index: Map<string, T[]>, keys: string[]): T[] {
  return [...new Set(keys.flatMap((key) => index.get(key) ?? []))];
}

function isOfWork(identifier: string): boolean {
  return work.test(identifier);
}

const noticeWords: Record<string, string> = {
  retraction_of: "Retracted by the notice",
  concern_for: "A notice of concern has been published:",
  update_of: "A newer version has been published:",
};

function noticeStatement(notice: Notice): Statement {
  return {
    status: statusByLink[notice.kind] ?? "current",
    note: `${noticeWords[notice.kind]} “${notice.title}” (${nameOf(notice)}).`,
  };
}

function copyStatement(copy: RecordOfWork): Statement {
  const said = copy.recordStatusNote ?? `it is marked “${copy.recordStatus}”.`;
  return {
    status: copy.recordStatus,
    note: `Another record of this article (${nameOf(copy)}, ${copy.collectionTitle}): ${said}`,
  };
}

/** What a reader may look a document up by: `PMID 123`, `DOI 10.1000/x`, `PMC123`. */
function nameOf({ identifiers, sourceId }: { identifiers: string[]; sourceId: string }): string {
  const named = (scheme: string) => identifiers.find((name) => name.startsWith(`${scheme}:`))?.slice(scheme.length + 1);
  const [pmid, doi, pmcid] = [named("pmid"), named("doi"), named("pmcid")];
  if (pmid) return `PMID ${pmid}`;
  return doi ? `DOI ${doi}` : (pmcid ?? sourceId);
}

// The record's own words come first among equals, then the oldest notice: the same at every settling.
function gravest(subject: Subject, said: Statement[]): { status: string; note: string | null } {
  let best: { status: string; note: string | null } = { status: subject.recordStatus, note: subject.recordStatusNote };
  for (const next of said) if (gravity.indexOf(next.status) > gravity.indexOf(best.status)) best = next;
  return best;
}
