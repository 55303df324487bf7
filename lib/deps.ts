import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import type { CollectionRow } from "#db/index.ts";
import { openReranker, type Reranker } from "./ask/rerank/index.ts";
import { type AnswerMemory, openAnswerMemory } from "./ask/sharing/cache.ts";
import { type Auth, type Lockout, openAuth, openLockout } from "./auth/index.ts";
import { openChatModel } from "./chat-models/index.ts";
import { openEmbeddings, type VectorEmbeddings } from "./embeddings/index.ts";
import { type Env, readEnv } from "./env.ts";
import { type Limits, openLimits } from "./limits/index.ts";
import { type Log, log } from "./log.ts";
import { type Mailer, openMailer } from "./mail/index.ts";
import { openPresence, type PresenceBook } from "./presence/index.ts";
import { openStorage, type Storage } from "./storage/index.ts";

/** All that verbs need, opened once for a process. */
export interface Deps extends Storage {
  env: Env;
  log: Log;
  auth: Auth;
  /** Failed sign-ins, and how long the next try has to wait. */
  lockout: Lockout;
  mailer: Mailer;
  /** What one may do how often, and how much at once. */
  limits: Limits;
  /** Who has which conversation open now. */
  presence: PresenceBook;
  /** The model that writes answers; null: answers are extractive. */
  chatModel: { name: string; model: BaseChatModel } | null;
  /** Reads question and passage together; null: retrieval's own order. */
  reranker: Reranker | null;
  /** Answers being made, and how questions were answered: of this process. */
  answers: AnswerMemory;
  /** The embeddings of a collection's own space, opened once for each space. */
  embeddingsOf(collection: EmbeddingSpace): Promise<VectorEmbeddings>;
  /** Answers being made in this process, by message id. */
  running: Map<string, { abort: AbortController; done: Promise<void> }>;
}

export type EmbeddingSpace = Pick<CollectionRow, "embeddingProvider" | "embeddingModel" | "embeddingDimensions">;

/** @param prepare runs on the database's address before anything else does; migrations go there */
export async function openDeps(env: Env, prepare?: (url: string) => Promise<unknown>): Promise<Deps> {
  log.level = env.LOG_LEVEL;
  const storage = await openStorage(env, log, prepare);
  const running: Deps["running"] = new Map();
  const mailer = openMailer(env);
  const limits = openLimits({ redis: storage.redis, env, logger: log });
  const presence = openPresence({ redis: storage.redis, prefix: "probatum", logger: log });
  try {
    return {
      ...storage,
      env,
      log,
      running,
      presence,
      mailer,
      lockout: openLockout({ redis: storage.redis, logger: log }),
      auth: await openAuth({ database: storage.database, env, mailer, redis: storage.redis, log }),
      limits,
      chatModel: await openModel(env),
      reranker: await openReranker(env),
      answers: openAnswerMemory(),
      embeddingsOf: embeddingsBySpace(env),
      close: async () => {
        for (const { abort } of running.values()) abort.abort();
        await Promise.allSettled([...running.values()].map(({ done }) => done));
        limits.close();
        mailer.close();
        await presence.close();
        await storage.close();
      },
    };
  } catch (error) {
    await storage.close();
    throw error;
  }
}

// One for the process even when a bundler loads this file more than once.
const shared = globalThis as typeof globalThis & { probatumDeps?: Promise<Deps> };

/** The serving process's own; opened at the first call. A failed opening is tried again by the next call. */
export function getDeps(): Promise<Deps> {
  shared.probatumDeps ??= openDeps(readEnv()).catch((error) => {
    delete shared.probatumDeps;
    throw error;
  });
  return shared.probatumDeps;
}

async function openModel(env: Env): Promise<Deps["chatModel"]> {
  if (!env.OPENAI_API_KEY && !env.OPENAI_BASE_URL) return null;
  const model = await openChatModel({
    provider: "openai-compatible",
    model: env.CHAT_MODEL,
    ...(env.OPENAI_API_KEY && { apiKey: env.OPENAI_API_KEY }),
    ...(env.OPENAI_BASE_URL && { baseUrl: env.OPENAI_BASE_URL }),
  });
  return model && { name: env.CHAT_MODEL, model };
}

function embeddingsBySpace(env: Env): Deps["embeddingsOf"] {
  const opened = new Map<string, Promise<VectorEmbeddings>>();
  return (collection) => {
    const settings = {
      provider: collection.embeddingProvider,
      model: collection.embeddingModel,
      dimensions: collection.embeddingDimensions,
    };
    const space = JSON.stringify(settings);
    const known = opened.get(space);
    if (known) return known;
    const opening = openEmbeddings(settings, {
      modelsDirectory: env.modelsDirectory,
      logger: log,
      ...(env.OPENAI_API_KEY && { apiKey: env.OPENAI_API_KEY }),
      ...(env.OPENAI_BASE_URL && { baseUrl: env.OPENAI_BASE_URL }),
    }).catch((error) => {
      opened.delete(space);
      throw error;
    }) as Promise<VectorEmbeddings>;
    opened.set(space, opening);
    return opening;
  };
}
