/** Pieces of SQL that the statements on conversations share. $1 is the tenant, $2 the user; c a conversation, m a message. */

export const messageColumns = `m.id, m.conversation_id as "conversationId", m.sequence_id::float8 as "sequenceId",
  m.parent_id as "parentId", m.role, u.name as "senderName", m.content, m.status, m.answer, m.metadata,
  m.created_at as "createdAt"`;
export const mayRead = `c.tenant_id = $1 and exists (
  select 1 from participants p where p.conversation_id = c.id and p.participant_id = $2)`;
export const mayWrite = `c.tenant_id = $1 and exists (
  select 1 from participants p where p.conversation_id = c.id and p.participant_id = $2 and p.role in ('owner', 'writer'))`;
