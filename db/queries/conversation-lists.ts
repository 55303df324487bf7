import type { Database } from "../pool.ts";
import { conversationColumns, mayRead } from "./conversation-fragments.ts";
import type { ConversationRow, Reader } from "./conversations.ts";
import { type WithoutTitleIdentifiers, withTitleIdentifiers } from "./title-identifiers.ts";

export interface ConversationListPage {
  /** The last of an earlier page. */
  before: { pinned?: boolean; updatedAt: string; id: string } | null;
  limit: number;
  /** Only those under this label. */
  label?: string | undefined;
  /** Only those in which a person takes part whose id or name this is; part of a name is enough. */
  with?: string | undefined;
  /** `current` if not said. `deleted`: the reader's own, until they are purged. */
  which?: "current" | "archived" | "deleted" | undefined;
}

// `first` stands in ORDER BY, which takes no bare constant.
const kinds = {
  current: { where: "c.deleted_at is null and p.archived_at is null", first: "p.pinned_at is not null" },
  archived: {
    where: "c.deleted_at is null and p.archived_at is not null",
    first: "(p.pinned_at is not null and false)",
  },
  deleted: {
    where: "c.deleted_at is not null and not c.deleted_by_archive and c.owner_id::text = $2",
    first: "(p.pinned_at is not null and false)",
  },
};

/** A page of the reader's conversations: the pinned ones first, then the last used first. */
export async function selectConversations(
  database: Database,
  reader: Reader,
  page: ConversationListPage,
): Promise<ConversationRow[]> {
  const { where, first } = kinds[page.which ?? "current"];
  const { rows } = await database.pool.query<WithoutTitleIdentifiers<ConversationRow>>(
    `select ${conversationColumns} from participants p join conversations c on c.id = p.conversation_id
     where p.participant_id = $2 and c.tenant_id = $1 and ${where}
       and ($3::timestamptz is null
         or (${first}, date_trunc('milliseconds', c.updated_at), c.id) < ($6::boolean, $3::timestamptz, $4::uuid))
       and ($7::text is null or $7 = any(p.labels))
       and ($8::text is null or exists (
         select 1 from participants o join users w on w.id::text = o.participant_id
         where o.conversation_id = c.id and o.kind = 'human' and o.participant_id <> $2
           and (o.participant_id = $8 or position(lower($8) in lower(w.name)) > 0)))
     order by ${first} desc, date_trunc('milliseconds', c.updated_at) desc, c.id desc limit $5`,
    [
      reader.tenantId,
      reader.userId,
      page.before?.updatedAt ?? null,
      page.before?.id ?? null,
      page.limit,
      page.before?.pinned ?? false,
      page.label ?? null,
      page.with ?? null,
    ],
  );
  return withTitleIdentifiers(database, rows);
}

/** Every label the reader uses on conversations that are not deleted, in the order of the alphabet. */
export async function selectLabels(database: Database, reader: Reader): Promise<string[]> {
  const { rows } = await database.pool.query<{ label: string }>(
    `select label from (
       select distinct unnest(p.labels) as label from participants p join conversations c on c.id = p.conversation_id
       where p.participant_id = $2 and c.tenant_id = $1 and c.deleted_at is null) used order by lower(label), label`,
    [reader.tenantId, reader.userId],
  );
  return rows.map(({ label }) => label);
}

/** Puts a conversation away, or back, in the reader's own list. */
export function archiveForReader(database: Database, reader: Reader, id: string, archived: boolean) {
  return changeForReader(
    database,
    reader,
    id,
    "archived_at = case when $4::boolean then coalesce(archived_at, now()) end",
    archived,
  );
}

/** Keeps a conversation at the head of the reader's own list, or lets it go. */
export function pinForReader(database: Database, reader: Reader, id: string, pinned: boolean) {
  return changeForReader(
    database,
    reader,
    id,
    "pinned_at = case when $4::boolean then coalesce(pinned_at, now()) end",
    pinned,
  );
}

/** Files a conversation under the reader's own labels, instead of those before. */
export function labelForReader(database: Database, reader: Reader, id: string, labels: string[]) {
  return changeForReader(database, reader, id, "labels = $4::text[]", labels);
}

async function changeForReader(
  database: Database,
  reader: Reader,
  id: string,
  change: string,
  value: boolean | string[],
): Promise<ConversationRow | null> {
  const { rows } = await database.pool.query<WithoutTitleIdentifiers<ConversationRow>>(
    `with p as (
       update participants p set ${change}
       from conversations c where p.conversation_id = $3 and p.participant_id = $2 and c.id = $3 and ${mayRead} returning p.*)
     select ${conversationColumns} from p join conversations c on c.id = p.conversation_id`,
    [reader.tenantId, reader.userId, id, value],
  );
  return (await withTitleIdentifiers(database, rows))[0] ?? null;
}
