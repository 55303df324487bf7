import { randomUUID } from "node:crypto";
import {
  ensureCollection,
  findCollection,
  finishAnswer,
  insertConversation,
  insertQuestion,
  insertRun,
  insertSchedule,
  saveFeedback,
} from "#db/index.ts";
import { emptyAnswer } from "../ask/index.ts";
import { addUserWithPassword } from "../auth/index.ts";
import type { Role } from "../auth/permissions.ts";
import { finishedAnswer } from "../conversations/finished-answer.ts";
import type { Deps } from "../deps.ts";
import { addDocuments, openTestDeps } from "./deps.ts";

/**
 * Who calls: nobody; the owner of another tenant; and people of the tenant whose things are asked for. `participant` owns
 * the conversation and is a clinician; the others take no part in it. `disabled` was an administrator and a participant.
 */
export const people = [
  "anonymous",
  "stranger",
  "disabled",
  "reader",
  "clinician",
  "curator",
  "archivist",
  "administrator",
  "participant",
] as const;
export type Person = (typeof people)[number];

/** The role each has in their tenant. */
export const roleOf: Record<Exclude<Person, "anonymous">, Role> = {
  stranger: "owner",
  disabled: "administrator",
  reader: "reader",
  clinician: "clinician",
  curator: "curator",
  archivist: "archivist",
  administrator: "administrator",
  participant: "clinician",
};

/** Stands in everything of the tenant's that a stranger, or whoever takes no part, must not see. */
export const marker = "zebrafinch-7391-quagga";

export interface AccessWorld {
  cookies: Record<Person, string>;
  /** An address whose parts name the tenant's things. */
  fill(address: string): { path: string; params: Record<string, string | string[]> };
  /** What a refused call must leave as it is. */
  state(): Promise<unknown>;
  close(): Promise<void>;
}

/** A tenant with a conversation, a private collection and all that hangs on them; another tenant; people of every role. */
export async function openAccessWorld(): Promise<AccessWorld> {
  const shared = globalThis as typeof globalThis & { probatumDeps?: Promise<Deps> };
  const deps = await openTestDeps({ databaseUrl: process.env.DATABASE_URL, redisUrl: process.env.REDIS_URL });
  shared.probatumDeps = Promise.resolve(deps);
  const cookies = { anonymous: "" } as Record<Person, string>;
  const users = {} as Record<Person, { userId: string; tenantId: string }>;
  for (const person of people) {
    if (person === "anonymous") continue;
    users[person] = await addPerson(deps, person);
    cookies[person] = await signIn(deps, users[person]);
  }
  const { participant, disabled } = users;
  const tenantId = participant.tenantId;

  const conversation = await insertConversation(deps.database, participant, `About ${marker}`);
  const asked = await insertQuestion(deps.database, participant, conversation, {
    question: `Is ${marker} known?`,
    collections: [],
    eventsAfter: "1-0",
  });
  if (!asked) throw new Error("the question was refused");
  const sentence = { index: 0, text: `It is ${marker}.`, group: null, citations: [] };
  const end = finishedAnswer({ ...emptyAnswer(null), status: "answered", sentences: [sentence] }, null);
  const receipt = { model: null, promptVersion: null, corpusVersions: {}, passages: [], settings: {} };
  await finishAnswer(deps.database, asked.answer, { ...end, receipt });
  await deps.database.pool.query(
    `insert into participants (conversation_id, participant_id, kind, role, labels)
     values ($1, $2, 'human', 'writer', array[$3])`,
    [conversation, disabled.userId, marker],
  );
  const place = { conversationId: conversation, messageId: asked.answer.id, sentenceIndex: null };
  await saveFeedback(deps.database, participant, place, { kind: "wrong", note: marker });

  const slug = `private-${randomUUID()}`;
  const collection = await ensureCollection(deps.database, {
    tenantId,
    slug,
    title: `Rules about ${marker}`,
    description: "",
    sourceType: "guideline",
    embeddingProvider: "test",
    embeddingModel: "hashed",
    embeddingDimensions: 384,
    chunkSettings: {},
  });
  await addDocuments(deps, collection, [{ id: "g1", title: `On ${marker}`, text: `The ward says ${marker}.` }]);
  const request = { kind: "pubmed-query", query: marker } as never;
  const run = await insertRun(deps.database, { collectionId: collection.id, request, trigger: "person" });
  const schedule = await insertSchedule(deps.database, {
    collectionId: collection.id,
    request,
    cron: "0 3 * * *",
    timeZone: "UTC",
    enabled: false,
    createdBy: participant.userId,
  });
  const one = async (statement: string, values: unknown[]) => {
    const { rows } = await deps.database.pool.query<{ id: string }>(statement, values);
    return String(rows[0]?.id ?? randomUUID());
  };
  const document = await one("select id::text from documents where collection_id = $1", [collection.id]);
  const feedback = await one("select id from message_feedback where message_id = $1", [asked.answer.id]);
  const session = await one("select id from sessions where user_id = $1", [participant.userId]);
  const passkey = await one(
    `insert into passkeys (name, public_key, user_id, credential_id, counter, device_type, backed_up)
     values ($1, 'x', $2, $3, 0, 'singleDevice', false) returning id`,
    [marker, participant.userId, randomUUID()],
  );
  const invitation = await one(
    `insert into invitations (tenant_id, email, role, token_hash, expires_at)
     values ($1, $2::text, 'clinician', sha256(convert_to($2::text, 'UTF8')), now() + interval '1 day') returning id`,
    [tenantId, `${marker}@example.org`],
  );
  const job = await one(
    `insert into archive_jobs (tenant_id, user_id, kind, request, status, expires_at)
     values ($1, $2, 'own-data', '{}', 'complete', now() + interval '1 hour') returning id`,
    [tenantId, participant.userId],
  );
  const space = String((await findCollection(deps.database, tenantId, slug))?.spaceId);
  await deps.database.pool.query("update members set disabled_at = now() where user_id = $1", [disabled.userId]);

  /** By the address it stands in, the longest first. */
  const ids: [prefix: string, part: string, value: string | string[]][] = [
    ["/api/admin/runs", "[id]", run],
    ["/api/admin/schedules", "[id]", schedule],
    ["/api/admin/feedback", "[id]", feedback],
    ["/api/admin/people/invitations", "[id]", invitation],
    ["/api/admin/people", "[id]", participant.userId],
    ["/api/admin/settings/single-sign-on", "[id]", randomUUID()],
    ["/api/account/passkeys", "[id]", passkey],
    ["/api/account/sessions", "[id]", session],
    ["/api/admin/archive/jobs", "[id]", job],
    ["/api/admin/archive", "[id]", conversation],
    ["/api/privacy/exports", "[id]", job],
    ["/api/documents", "[id]", document],
    ["/api/conversations", "[id]", conversation],
    ["", "[messageId]", asked.answer.id],
    ["", "[personId]", disabled.userId],
    ["", "[linkId]", randomUUID()],
    ["", "[slug]", slug],
    ["", "[space]", space],
    ["", "[upload]", randomUUID()],
    ["", "[...path]", ["pdf.worker.min.mjs"]],
    ["", "[...all]", ["get-session"]],
    ["", "[token]", "made-up"],
  ];
  return {
    cookies,
    fill(address) {
      const params: Record<string, string | string[]> = {};
      const path = address.replaceAll(/\[[^\]]+\]/g, (part) => {
        const found = ids.find(([prefix, name]) => address.startsWith(prefix) && name === part);
        if (!found) throw new Error(`nothing stands for ${part} in ${address}: name it in this world`);
        params[part.replaceAll(/[[\].]/g, "")] = found[2];
        return [found[2]].flat().join("/");
      });
      return { path, params };
    },
    async state() {
      const { rows } = await deps.database.pool.query(
        `select (select json_agg(c) from (select id, title, message_count, deleted_at, last_sequence_id from conversations
             where tenant_id = $1 and id = $2) c) as conversation,
           (select json_agg(p order by participant_id) from participants p where conversation_id = $2) as participants,
           (select json_agg(f) from message_feedback f where tenant_id = $1) as feedback,
           (select json_agg(r) from (select id, status, wanted from ingest_runs where collection_id = $3) r) as runs,
           (select json_agg(s) from ingest_schedules s where collection_id = $3) as schedules,
           (select json_agg(m order by user_id) from members m where tenant_id = $1) as members,
           (select json_agg(t) from tenants t where id = $1) as tenant`,
        [tenantId, conversation, collection.id],
      );
      return rows;
    },
    async close() {
      delete shared.probatumDeps;
      await deps.close();
    },
  };

  async function addPerson(to: Deps, person: Exclude<Person, "anonymous">) {
    const email = `${person}-${randomUUID()}@example.org`;
    if (!(await addUserWithPassword(to, { email, name: person, role: roleOf[person] }))) throw new Error("taken");
    if (person === "stranger") {
      await to.database.pool.query(
        `with tenant as (insert into tenants (slug, name) values ($1, 'Elsewhere') returning id)
         update members set tenant_id = tenant.id from tenant, users where users.email = $2 and user_id = users.id`,
        [randomUUID(), email],
      );
    }
    const { rows } = await to.database.pool.query<{ userId: string; tenantId: string }>(
      `select user_id as "userId", tenant_id as "tenantId" from members join users on users.id = user_id where email = $1`,
      [email],
    );
    return rows[0] as { userId: string; tenantId: string };
  }

  /** A session as sign-in would make it, without its limits of speed. */
  async function signIn(to: Deps, { userId }: { userId: string }): Promise<string> {
    const context = await to.auth.$context;
    const session = await context.internalAdapter.createSession(userId);
    const { name } = context.authCookies.sessionToken;
    const signature = Buffer.from(
      await crypto.subtle.sign(
        "HMAC",
        await crypto.subtle.importKey("raw", Buffer.from(context.secret), { name: "HMAC", hash: "SHA-256" }, false, [
          "sign",
        ]),
        Buffer.from(session.token),
      ),
    ).toString("base64");
    return `${name}=${encodeURIComponent(`${session.token}.${signature}`)}`;
  }
}
