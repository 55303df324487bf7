import { randomBytes, randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureCollection, insertConversation, migrateDatabase, type Reader } from "#db/index.ts";
import { addUserWithPassword } from "#lib/auth/index.ts";
import { type Deps, openDeps } from "#lib/deps.ts";
import { defaultEmbedding } from "#lib/embeddings/index.ts";
import { readEnv } from "#lib/env.ts";
import { openTemporaryPostgres } from "#lib/storage/temporary.ts";
import { addDocuments } from "#lib/testing/deps.ts";
import { handWritten } from "#lib/testing/hand-written.ts";

export interface Person extends Reader {
  email: string;
  password: string;
}

/** A database with people and a small collection, and the environment in which applications run on it. */
export interface World {
  on: string;
  env: Record<string, string>;
  collection: string;
  people: Person[];
  /** Lends the application's parts on the same storage. On the embedded database, while no application runs or beside one. */
  withDeps<T>(work: (deps: Deps) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** On the given servers, in a database of its own there; without them the embedded default, which holds one process. */
export async function makeWorld(
  servers: { databaseUrl?: string | undefined; redisUrl?: string | undefined },
  settings: { people: number; publicUrl: string; modelUrl?: string | undefined },
): Promise<World> {
  const directory = await mkdtemp(join(tmpdir(), "probatum-faults-"));
  const postgres = servers.databaseUrl ? await openTemporaryPostgres(servers.databaseUrl) : null;
  const close = async () => {
    await postgres?.close();
    await rm(directory, { recursive: true, force: true });
  };
  const env: Record<string, string> = {
    NODE_ENV: "production",
    LOG_LEVEL: "warn",
    DATA_DIR: directory,
    AUTH_SECRET: randomBytes(32).toString("base64url"),
    PUBLIC_URL: settings.publicUrl,
    SAMPLE_COLLECTIONS: "off",
    INGEST_WORKER: "off",
    RATE_LIMIT_PER_MINUTE: "100000",
    SIGN_IN_LIMIT_PER_MINUTE: "100000",
    ANSWERS_PER_USER: "10000",
    STREAMS_PER_USER: "100000",
    ...(postgres && { DATABASE_URL: postgres.url }),
    ...(servers.redisUrl && { REDIS_URL: servers.redisUrl }),
    ...(settings.modelUrl && {
      OPENAI_BASE_URL: settings.modelUrl,
      OPENAI_API_KEY: "scripted",
      CHAT_MODEL: "scripted",
    }),
  };
  const withDeps = async <T>(work: (deps: Deps) => Promise<T>): Promise<T> => {
    const deps = await openDeps(readEnv(env), migrateDatabase);
    try {
      return await work(deps);
    } finally {
      await deps.close();
    }
  };
  try {
    const collection = `ward-${randomUUID().slice(0, 8)}`;
    const people = await withDeps(async (deps) => {
      const made = await ensureCollection(deps.database, {
        slug: collection,
        title: "Hand-written",
        description: "",
        sourceType: "guideline",
        embeddingProvider: defaultEmbedding.provider,
        embeddingModel: defaultEmbedding.model,
        embeddingDimensions: defaultEmbedding.dimensions,
        chunkSettings: {},
      });
      await addDocuments(deps, made, handWritten);
      return addPeople(deps, settings.people);
    });
    const on = `${servers.databaseUrl ? "real" : "embedded"} Postgres, ${servers.redisUrl ? "Redis" : "memory"}`;
    return { on, env, collection, people, withDeps, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function addPeople(deps: Deps, count: number): Promise<Person[]> {
  const people: Person[] = [];
  for (let at = 0; at < count; at += 1) {
    const email = `person-${at}-${randomUUID().slice(0, 8)}@example.org`;
    const password = await addUserWithPassword(deps, { email, name: `Person ${at}`, role: "clinician" });
    const { rows } = await deps.database.pool.query<Reader>(
      `select m.tenant_id as "tenantId", m.user_id as "userId" from members m join users u on u.id = m.user_id
       where u.email = $1`,
      [email],
    );
    const [reader] = rows;
    if (!password || !reader) throw new Error("a person could not be added");
    people.push({ ...reader, email, password });
  }
  return people;
}

/** A conversation in which all of them may write. */
export async function shareConversation(deps: Pick<Deps, "database">, [owner, ...others]: Reader[]): Promise<string> {
  if (!owner) throw new Error("a conversation needs an owner");
  const id = await insertConversation(deps.database, owner, "Shared");
  await deps.database.pool.query(
    `insert into participants (conversation_id, participant_id, kind, role)
     select $1, unnest($2::text[]), 'human', 'writer'`,
    [id, others.map(({ userId }) => userId)],
  );
  return id;
}
