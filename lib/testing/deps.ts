import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Embeddings } from "@langchain/core/embeddings";
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { type CollectionRow, ensureCollection, migrateDatabase, type NewDocument, writeDocuments } from "#db/index.ts";
import { makeDocument } from "#db/testing/corpus.ts";
import type { Viewer } from "../auth/index.ts";
import { openChatModel } from "../chat-models/index.ts";
import { type Deps, openDeps } from "../deps.ts";
import type { VectorEmbeddings } from "../embeddings/index.ts";
import { readEnv } from "../env.ts";
import { openTemporaryPostgres } from "../storage/temporary.ts";
import { splitSentences } from "../text/sentences.ts";

const functionWords = new Set(
  "a an and are at be by for from in is it its of on or the to was what when with".split(" "),
);

/** Vectors of hashed words without function words: the more words two texts share, the nearer they are. */
export class HashedEmbeddings extends Embeddings implements VectorEmbeddings {
  readonly dimensions: number;

  constructor(dimensions = 384) {
    super({});
    this.dimensions = dimensions;
  }

  embedQuery = async (text: string): Promise<number[]> => [...this.#vector(text)];
  embedDocuments = async (texts: string[]): Promise<number[][]> => texts.map((text) => [...this.#vector(text)]);
  embedVectors = async (texts: string[]): Promise<Float32Array[]> => texts.map((text) => this.#vector(text));
  warm = async (): Promise<void> => undefined;
  close = async (): Promise<void> => undefined;

  #vector(text: string): Float32Array {
    const vector = new Float32Array(this.dimensions);
    const words = new Set(
      text
        .toLowerCase()
        .match(/[\p{L}\p{N}]+/gu)
        ?.filter((word) => !functionWords.has(word)),
    );
    for (const word of words) {
      let hash = 0x811c9dc5;
      for (const character of word) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
      vector[hash % this.dimensions] = 1;
    }
    const length = Math.hypot(...vector);
    if (length === 0) vector[0] = 1;
    return length === 0 ? vector : vector.map((value) => value / length);
  }
}

/** The application's parts over a database and a folder of their own, removed by `close`; no model. */
export async function openTestDeps(
  options: { databaseUrl?: string; redisUrl?: string; env?: Record<string, string> } = {},
): Promise<Deps> {
  const closers: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (const closeOne of closers.splice(0).reverse()) await closeOne();
  };
  try {
    const directory = await mkdtemp(join(tmpdir(), "probatum-deps-"));
    closers.push(() => rm(directory, { recursive: true, force: true }));
    const postgres = await openTemporaryPostgres(options.databaseUrl);
    closers.push(postgres.close);
    const deps = await openDeps(
      readEnv({
        NODE_ENV: "test",
        LOG_LEVEL: "silent",
        DATABASE_URL: postgres.url,
        REDIS_URL: options.redisUrl,
        AUTH_SECRET: randomUUID(),
        DATA_DIR: directory,
        ANSWERS_PER_USER: "1000",
        ...options.env,
      }),
      migrateDatabase,
    );
    closers.push(deps.close);
    const embeddings = new HashedEmbeddings();
    return { ...deps, embeddingsOf: async () => embeddings, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The same parts, answering through the model server at `url`; no two share cached answers. */
export async function withModel(deps: Deps, url: string): Promise<Deps> {
  const name = `model-${randomUUID()}`;
  const model = await openChatModel({ provider: "openai-compatible", model: name, baseUrl: url });
  return { ...deps, chatModel: { name, model: model as BaseChatModel } };
}

/** A new person in a new tenant, or in a given one. */
export async function makeViewer({ database }: Pick<Deps, "database">, tenantId?: string): Promise<Viewer> {
  const email = `${randomUUID()}@example.org`;
  const { rows } = await database.pool.query<{ tenantId: string; userId: string }>(
    `with tenant as (insert into tenants (slug, name, keeps_shared) values ($1, 'Clinic', true) returning id),
       person as (insert into users (name, email) values ('A Person', $2) returning id)
     insert into members (tenant_id, user_id, role)
     select coalesce($3::uuid, tenant.id), person.id, 'clinician' from tenant, person
     returning tenant_id as "tenantId", user_id as "userId"`,
    [randomUUID(), email, tenantId ?? null],
  );
  return { ...(rows[0] as { tenantId: string; userId: string }), name: "A Person", email, role: "clinician" };
}

export type HandWritten = { id: string; title: string; text: string } & Partial<
  Pick<NewDocument, "status" | "language" | "publishedOn" | "links" | "identifiers" | "metadata" | "signature">
>;

/** A shared collection of documents of one chunk each. Returns its slug. */
export async function makeCorpus(
  deps: Pick<Deps, "database" | "embeddingsOf">,
  documents: HandWritten[],
): Promise<string> {
  const slug = `c-${randomUUID()}`;
  const collection = await ensureCollection(deps.database, {
    slug,
    title: "Hand-written",
    description: "",
    sourceType: "guideline",
    embeddingProvider: "test",
    embeddingModel: "hashed",
    embeddingDimensions: 384,
    chunkSettings: {},
  });
  await addDocuments(deps, collection, documents);
  return slug;
}

export async function addDocuments(
  deps: Pick<Deps, "database" | "embeddingsOf">,
  collection: CollectionRow,
  documents: HandWritten[],
): Promise<void> {
  const embeddings = await deps.embeddingsOf(collection);
  const written = documents.map(async ({ id, title, text, ...change }): Promise<NewDocument> => {
    const document = makeDocument(id, [text], { title, evidenceLevel: "guideline", ...change });
    const [embedding] = await embeddings.embedVectors([`${title}\n${text}`]);
    const sentences = splitSentences(text).flatMap(({ start, end }) => [start, end]);
    const chunks = document.chunks.map((chunk) => ({ ...chunk, sentences, embedding: embedding ?? chunk.embedding }));
    return { ...document, chunks };
  });
  await writeDocuments(deps.database, collection, await Promise.all(written));
}
