import type { Database } from "../pool.ts";
import { mayRead } from "./conversation-fragments.ts";
import type { Reader } from "./conversations.ts";

type Kind = "helpful" | "wrong" | "unsupported" | "outdated";

export interface FeedbackRow {
  messageId: string;
  sentenceIndex: number | null;
  kind: Kind;
  note: string;
  updatedAt: Date;
}

/** Which answer is meant, and which of its sentences; null: the whole. */
export interface FeedbackPlace {
  conversationId: string;
  messageId: string;
  sentenceIndex: number | null;
}

/** Feedback as those see it who look through it, with what it is about. */
export interface ReviewedFeedbackRow extends FeedbackRow {
  id: string;
  conversationId: string;
  conversationTitle: string;
  /** The one who looks through it takes part in the conversation. */
  isReaders: boolean;
  personName: string;
  personEmail: string;
  resolvedAt: Date | null;
  resolvedBy: string | null;
  question: string;
  /** Asked before it on the same branch, oldest first. */
  earlier: string[];
  questionMetadata: { collections?: string[]; filters?: unknown };
  answer: unknown;
  content: string;
}

export interface FeedbackSelection {
  kind: Kind | null;
  /** Null: both. */
  resolved: boolean | null;
  /** From the first day to the last, both whole and in UTC. */
  from: string | null;
  until: string | null;
}

const columns = `f.message_id as "messageId", f.sentence_index as "sentenceIndex", f.kind, f.note, f.updated_at as "updatedAt"`;

/**
 * Keeps what a reader says of a finished answer; once each for the whole and for every sentence, the last word counts.
 * Another word than before is unresolved again.
 * @returns null when the answer is not the reader's; else whether it is finished, has the sentence, and what was kept
 */
export async function saveFeedback(
  database: Database,
  reader: Reader,
  place: FeedbackPlace,
  said: { kind: Kind; note: string },
): Promise<{ isFinished: boolean; hasSentence: boolean; saved: FeedbackRow | null } | null> {
  const { rows } = await database.pool.query<FeedbackRow & { isFinished: boolean; hasSentence: boolean }>(
    `with target as (
       select m.id, m.month, c.tenant_id, m.status not in ('pending', 'streaming') as finished,
         $5::int is null or coalesce(m.answer->'sentences' @> jsonb_build_array(jsonb_build_object('index', $5::int)), false) as has
       from conversations c join messages m on m.month = c.month and m.conversation_id = c.id
       where ${mayRead} and c.id = $3 and m.id = $4 and m.role = 'assistant'
     ), f as (
       insert into message_feedback as old (tenant_id, message_id, month, user_id, sentence_index, kind, note, updated_at)
       select tenant_id, id, month, ($2::text)::uuid, $5::int, $6, $7, date_trunc('milliseconds', now()) from target where finished and has
       on conflict on constraint message_feedback_place do update set kind = excluded.kind, note = excluded.note,
         updated_at = case when (old.kind, old.note) = (excluded.kind, excluded.note) then old.updated_at else excluded.updated_at end,
         resolved_at = case when (old.kind, old.note) = (excluded.kind, excluded.note) then old.resolved_at end,
         resolved_by = case when (old.kind, old.note) = (excluded.kind, excluded.note) then old.resolved_by end
       returning *)
     select target.finished as "isFinished", target.has as "hasSentence", ${columns} from target left join f on true`,
    [reader.tenantId, reader.userId, place.conversationId, place.messageId, place.sentenceIndex, said.kind, said.note],
  );
  const row = rows[0];
  if (!row) return null;
  const { isFinished, hasSentence, ...saved } = row;
  return { isFinished, hasSentence, saved: isFinished && hasSentence ? saved : null };
}

/** Takes back what a reader said. False when there is nothing of theirs. */
export async function removeFeedback(database: Database, reader: Reader, place: FeedbackPlace): Promise<boolean> {
  const { rowCount } = await database.pool.query(
    `delete from message_feedback f using conversations c, messages m
     where ${mayRead} and c.id = $3 and m.month = c.month and m.conversation_id = c.id and m.id = $4
       and f.message_id = m.id and f.month = m.month and f.user_id = ($2::text)::uuid
       and f.sentence_index is not distinct from $5::int`,
    [reader.tenantId, reader.userId, place.conversationId, place.messageId, place.sentenceIndex],
  );
  return rowCount === 1;
}

/** What the reader has said in one conversation. */
export async function selectFeedback(
  database: Database,
  reader: Reader,
  conversationId: string,
): Promise<FeedbackRow[]> {
  const { rows } = await database.pool.query<FeedbackRow>(
    `select ${columns} from conversations c join messages m on m.month = c.month and m.conversation_id = c.id
     join message_feedback f on f.message_id = m.id and f.month = m.month and f.user_id = ($2::text)::uuid
     where ${mayRead} and c.id = $3 order by m.sequence_id, f.sentence_index nulls first`,
    [reader.tenantId, reader.userId, conversationId],
  );
  return rows;
}

/** How many questions before the one that was answered are told: as many as answering took note of. */
const earlierQuestions = 5;

/** A page of the tenant's feedback, the last given first, ending before a position that an earlier page gave. */
export async function selectTenantFeedback(
  database: Database,
  reader: Reader,
  selection: FeedbackSelection,
  page: { before: { updatedAt: string; id: string } | null; limit: number },
): Promise<ReviewedFeedbackRow[]> {
  const { rows } = await database.pool.query<ReviewedFeedbackRow>(
    `select f.id, ${columns}, f.resolved_at as "resolvedAt", r.name as "resolvedBy", u.name as "personName",
       u.email as "personEmail", c.id as "conversationId", c.title as "conversationTitle",
       exists (select from participants p where p.conversation_id = c.id and p.participant_id = $2) as "isReaders",
       q.content as question, q.metadata as "questionMetadata", m.answer, m.content,
       array(
         with recursive line as (
           select e.parent_id, e.role, e.content, 1 as depth from messages e where e.month = q.month and e.id = q.parent_id
           union all
           select e.parent_id, e.role, e.content, line.depth + 1 from line
           join messages e on e.month = q.month and e.id = line.parent_id where line.depth < ${2 * earlierQuestions})
         select content from line where role = 'user' order by depth desc) as earlier
     from message_feedback f
     join messages m on m.month = f.month and m.id = f.message_id
     join messages q on q.month = m.month and q.id = m.parent_id
     join conversations c on c.id = m.conversation_id and c.deleted_at is null
     join users u on u.id = f.user_id left join users r on r.id = f.resolved_by
     where f.tenant_id = $1 and ($3::text is null or f.kind = $3) and ($4::boolean is null or (f.resolved_at is not null) = $4)
       and ($5::date is null or f.updated_at >= ($5::date)::timestamp at time zone 'UTC')
       and ($6::date is null or f.updated_at < ($6::date + 1)::timestamp at time zone 'UTC')
       and ($7::timestamptz is null or (f.updated_at, f.id) < ($7, $8::uuid))
     order by f.updated_at desc, f.id desc limit $9`,
    [
      reader.tenantId,
      reader.userId,
      selection.kind,
      selection.resolved,
      selection.from,
      selection.until,
      page.before?.updatedAt ?? null,
      page.before?.id ?? null,
      page.limit,
    ],
  );
  return rows;
}

/** Marks one of the tenant's as dealt with, or as open again. False when there is none of that id. */
export async function markFeedback(
  database: Database,
  reader: Reader,
  id: string,
  resolved: boolean,
): Promise<boolean> {
  const { rowCount } = await database.pool.query(
    `update message_feedback f set resolved_at = case when $4 then coalesce(f.resolved_at, now()) end,
       resolved_by = case when $4 then coalesce(f.resolved_by, $2::uuid) end
     where f.tenant_id = $1 and f.id = $3`,
    [reader.tenantId, reader.userId, id, resolved],
  );
  return rowCount === 1;
}
