/** Pieces of SQL that the statements on conversations share. $1 is the tenant, $2 the user; c a conversation, m a message. */

export const messageColumns = `m.id, m.month::text, m.conversation_id as "conversationId", m.sequence_id::float8 as "sequenceId",
  m.parent_id as "parentId", m.role, m.sender_id as "senderId", u.name as "senderName", m.content, m.status, m.answer,
  m.metadata, m.identifiers, m.created_at as "createdAt"`;

/** A conversation as the participant p sees it, without what stands behind the placeholders of its title. */
export const conversationColumns = `c.id, c.title, c.message_count as "messageCount", c.updated_at as "updatedAt", p.role,
  (select count(*) > 1 from participants o where o.conversation_id = c.id and o.kind = 'human') as shared,
  greatest(0, c.last_sequence_id - p.last_read_sequence)::float8 as unread, p.pinned_at is not null as pinned,
  p.archived_at is not null as archived, p.labels, c.deleted_at as "deletedAt", c.moved is not null as moved`;

const takesPart = "select 1 from participants p where p.conversation_id = c.id and p.participant_id = $2";
/** A deleted conversation is nobody's until its owner restores it. */
export const mayRead = `c.tenant_id = $1 and c.deleted_at is null and exists (${takesPart})`;
export const mayWrite = `c.tenant_id = $1 and c.deleted_at is null and exists (${takesPart} and p.role in ('owner', 'writer'))`;

/** That the user u sent the message m: by the index on users, which a comparison as text would not use. */
export const isSender = "u.id = case when m.sender_type = 'human' then m.sender_id::uuid end";
/** That the user u is a participant. */
export const isParticipant = (participant: string) =>
  `u.id = case when ${participant}.kind = 'human' then ${participant}.participant_id::uuid end`;
