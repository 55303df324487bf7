import { type Database, transaction } from "../pool.ts";
import { insertAudit } from "./audit.ts";
import type { Reader } from "./conversations.ts";

/** What is kept of a person beside what they asked. */
export interface OwnProfile {
  id: string;
  name: string;
  email: string;
  createdAt: Date;
  memberships: { tenant: string; role: string; since: string }[];
}

export async function selectOwnProfile(database: Database, reader: Reader): Promise<OwnProfile | null> {
  const { rows } = await database.pool.query<OwnProfile>(
    `select u.id, u.name, u.email, u.created_at as "createdAt", (
       select coalesce(json_agg(json_build_object('tenant', t.name, 'role', m.role, 'since', m.created_at)), '[]')
       from members m join tenants t on t.id = m.tenant_id where m.user_id = u.id and m.tenant_id = $1) as memberships
     from users u where u.id = $2`,
    [reader.tenantId, reader.userId],
  );
  return rows[0] ?? null;
}

export interface OwnSession {
  createdAt: Date;
  expiresAt: Date;
  ipAddress: string | null;
  userAgent: string | null;
}

export async function selectOwnSessions(database: Database, userId: string): Promise<OwnSession[]> {
  const { rows } = await database.pool.query<OwnSession>(
    `select created_at as "createdAt", expires_at as "expiresAt", ip_address as "ipAddress", user_agent as "userAgent"
     from sessions where user_id = $1 order by created_at limit 1000`,
    [userId],
  );
  return rows;
}

export interface OwnFeedback {
  id: string;
  messageId: string;
  sentenceIndex: number | null;
  kind: string;
  note: string;
  updatedAt: Date;
}

/** What a person said of answers, by id, behind one. */
export async function selectOwnFeedback(
  database: Database,
  reader: Reader,
  after: string | null,
  limit: number,
): Promise<OwnFeedback[]> {
  const { rows } = await database.pool.query<OwnFeedback>(
    `select id, message_id as "messageId", sentence_index as "sentenceIndex", kind, note, updated_at as "updatedAt"
     from message_feedback where tenant_id = $1 and user_id = $2 and ($3::uuid is null or id > $3) order by id limit $4`,
    [reader.tenantId, reader.userId, after, limit],
  );
  return rows;
}

/** What stands against erasing somebody. */
export type ErasureObstacle =
  | { kind: "absent" }
  /** They alone own a tenant that others are in. */
  | { kind: "last-owner"; tenant: string }
  /** They own conversations that others take part in. */
  | { kind: "shared"; conversations: { id: string; title: string }[]; total: number };

export interface Erased {
  /** Conversations marked as deleted, to be purged after the time of grace. */
  conversations: number;
  /** Conversations of others that they took part in. */
  left: number;
  feedback: number;
}

/**
 * Takes a person out of all that is stored, in one transaction: their sessions, credentials, name and address at once,
 * their conversations after the time of grace (what is to be retained later), their participation; what they said of
 * answers keeps its kind and loses its words. The audit log keeps their id.
 * @param database unconfined: a person may be of several tenants
 */
export async function erasePerson(
  database: Database,
  userId: string,
  actorId: string,
): Promise<Erased | ErasureObstacle> {
  return transaction(database, async (client) => {
    const run = (text: string, ...values: unknown[]) => client.query(text, [userId, ...values]);
    const person = await run("select email from users where id = $1 and email not like '%@erased.invalid' for update");
    const email = (person.rows[0] as { email: string } | undefined)?.email;
    if (email === undefined) return { kind: "absent" };
    const tenants = (
      await client.query<{ id: string; name: string; alone: boolean }>(
        `select t.id, t.name, m.role = 'owner' and exists (
             select from members o where o.tenant_id = t.id and o.user_id <> $1) and not exists (
             select from members o join users u on u.id = o.user_id where o.tenant_id = t.id and o.role = 'owner'
               and o.user_id <> $1 and u.disabled_at is null and o.disabled_at is null) as alone
         from members m join tenants t on t.id = m.tenant_id where m.user_id = $1 order by t.id for update of t`,
        [userId],
      )
    ).rows;
    const alone = tenants.find((tenant) => tenant.alone);
    if (alone) return { kind: "last-owner", tenant: alone.name };
    // Held, so that nobody joins meanwhile.
    const owned = await client.query<{ id: string; title: string; shared: boolean }>(
      `select c.id, c.title, c.deleted_at is null and exists (
           select from participants p where p.conversation_id = c.id and p.kind = 'human' and p.participant_id <> $1::uuid::text) as shared
       from conversations c where c.owner_id = $1::uuid order by c.updated_at desc, c.id for update`,
      [userId],
    );
    const shared = owned.rows.filter((one) => one.shared);
    if (shared.length > 0) {
      const conversations = shared.slice(0, 20).map(({ id, title }) => ({ id, title }));
      return { kind: "shared", conversations, total: shared.length };
    }
    const deleted = await run(
      `update conversations set deleted_at = coalesce(deleted_at, now()), deleted_by_archive = true where owner_id = $1`,
    );
    const left = await run(
      "delete from participants where participant_id = $1::text and kind = 'human' and role <> 'owner'",
    );
    await run("update conversation_links set revoked_at = now() where created_by = $1 and revoked_at is null");
    const feedback = await run("update message_feedback set note = '' where user_id = $1");
    await run("delete from sessions where user_id = $1");
    await run("delete from accounts where user_id = $1");
    await run("delete from two_factors where user_id = $1");
    await run("delete from passkeys where user_id = $1");
    await run(
      "delete from verifications where value = $1::text or position(lower($2) in lower(identifier)) > 0",
      email,
    );
    await run("delete from invitations where lower(email) = lower($2) or accepted_by = $1", email);
    await run(
      `update archive_jobs set expires_at = now(), cancel_requested = true,
         status = case when status = 'queued' then 'cancelled' else status end where user_id = $1`,
    );
    await run("delete from members where user_id = $1");
    await run(
      `update users set name = 'Erased person', email = id::text || '@erased.invalid', email_verified = false,
         image = null, disabled_at = now(), updated_at = now() where id = $1`,
    );
    const erased: Erased = {
      conversations: deleted.rowCount ?? 0,
      left: left.rowCount ?? 0,
      feedback: feedback.rowCount ?? 0,
    };
    for (const tenantId of tenants.length > 0 ? tenants.map(({ id }) => id) : [null]) {
      await insertAudit(client, {
        tenantId,
        actorId,
        action: "privacy.erase",
        subjectType: "user",
        subjectId: userId,
        details: { ...erased },
      });
    }
    return erased;
  });
}

/** The id of whoever has an address. */
export async function findPersonByEmail(database: Database, email: string): Promise<string | null> {
  const { rows } = await database.pool.query<{ id: string }>("select id from users where email = lower($1)", [email]);
  return rows[0]?.id ?? null;
}
