import { createHash } from "node:crypto";
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from "rate-limiter-flexible";
import { ProbatumError } from "../errors.ts";
import type { StorageLogger } from "../storage/backend.ts";
import type { RedisConnection } from "../storage/redis.ts";

/** Failures without a wait. A clinic's people share an address: it bears more of them than an account. */
export const freeFailures = { account: 5, address: 30 } as const;
const longestWaitMinutes = 60;
const day = 24 * 60 * 60;

/** What tries are counted for. `account` is any name of one: an e-mail address, known or not, or `second-factor:<id>`. */
export interface Tried {
  account: string | null;
  address: string | null;
}

/** A try that may go on; exactly one of the three is called when its outcome is known. */
export interface Try {
  /** Forgets the account's failures. */
  succeeded(): Promise<void>;
  failed(): Promise<void>;
  /** It was no guess: the server failed, or what was sent could not be read. */
  withdraw(): Promise<void>;
}

export interface Lockout {
  /** @throws TooManyTriesError while a wait is on; it says the same of accounts that are and that are not */
  begin(tried: Tried): Promise<Try>;
}

export class TooManyTriesError extends ProbatumError {
  constructor(seconds: number) {
    const wait = seconds < 90 ? `${seconds} s` : `${Math.ceil(seconds / 60)} minutes`;
    super(429, "too_many_tries", `Too many failed attempts. Try again in ${wait}.`, {
      headers: { "Retry-After": String(seconds) },
    });
  }
}

/** Minutes to wait after so many failures beyond the free ones: 1, 2, 4 … 60. */
export function waitMinutes(beyond: number): number {
  return Math.min(longestWaitMinutes, 2 ** Math.min(beyond, 10));
}

/**
 * Counts failed tries and makes each further one wait longer. Every try is counted before it is made, so a hundred at
 * once are no more than the free ones. Counted in Redis when there is one; this process counts along and decides alone
 * while Redis is away. A count is forgotten a day after its first failure.
 */
export function openLockout(options: { redis?: RedisConnection | undefined; logger: StorageLogger }): Lockout {
  const { redis, logger } = options;
  const own = openStore((settings) => new RateLimiterMemory(settings));
  const shared =
    redis &&
    openStore(
      (settings) => new RateLimiterRedis({ ...settings, storeClient: redis.commands, rejectIfRedisNotReady: true }),
    );
  let isAlone = false;

  /** Does it in both places; the answer is Redis' when it has one. */
  async function both<T>(work: (store: Store) => Promise<T>): Promise<T> {
    const here = await work(own);
    if (!shared) return here;
    try {
      const there = await work(shared);
      isAlone = false;
      return there;
    } catch (error) {
      if (!isAlone) logger.warn({ backend: redis?.name, err: error }, "Failed sign-ins are counted in this process");
      isAlone = true;
      return here;
    }
  }

  return {
    async begin(tried) {
      const counted = keysOf(tried);
      const begun: Counted[] = [];
      for (const each of counted) {
        const seconds = await both((store) => take(store, each));
        if (seconds > 0) {
          for (const { key } of begun) await both((store) => giveBack(store, key));
          throw new TooManyTriesError(seconds);
        }
        begun.push(each);
      }
      return {
        succeeded: async () => {
          for (const { key, kind } of counted)
            await both((store) => (kind === "account" ? forget(store, key) : giveBackCount(store, key)));
        },
        failed: async () => undefined,
        withdraw: async () => {
          for (const { key } of counted) await both((store) => giveBack(store, key));
        },
      };
    },
  };
}

interface Counted {
  kind: keyof typeof freeFailures;
  key: string;
}

type Settings = { points: number; duration: number; keyPrefix: string };
type Counter = RateLimiterMemory | RateLimiterRedis;

/** `waits` holds a key as long as its wait lasts; whoever puts it there has the one try that the wait is for. */
interface Store {
  failures: Counter;
  waits: Counter;
}

function openStore(open: (settings: Settings) => Counter): Store {
  return {
    failures: open({ points: Number.MAX_SAFE_INTEGER, duration: day, keyPrefix: "probatum:failures" }),
    waits: open({ points: 1, duration: 60, keyPrefix: "probatum:waits" }),
  };
}

/** @returns seconds to wait; 0: the try may be made, and is counted */
async function take(store: Store, { kind, key }: Counted): Promise<number> {
  const wait = await store.waits.get(key);
  if (wait && wait.consumedPoints > 0 && wait.msBeforeNext > 0) return secondsOf(wait);
  const { consumedPoints } = await store.failures.penalty(key, 1);
  const beyond = consumedPoints - freeFailures[kind];
  if (beyond < 0) return 0;
  try {
    await store.waits.consume(key, 1, { customDuration: waitMinutes(beyond) * 60 });
    return 0;
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    await giveBackCount(store, key);
    return secondsOf(refusal);
  }
}

async function giveBackCount(store: Store, key: string): Promise<void> {
  await store.failures.reward(key, 1);
}

async function giveBack(store: Store, key: string): Promise<void> {
  await giveBackCount(store, key);
  await store.waits.delete(key);
}

async function forget(store: Store, key: string): Promise<void> {
  await store.failures.delete(key);
  await store.waits.delete(key);
}

function secondsOf(refusal: RateLimiterRes): number {
  return Math.max(1, Math.ceil(refusal.msBeforeNext / 1000));
}

// Hashed: what is counted in Redis names nobody.
function keysOf({ account, address }: Tried): Counted[] {
  const keys: Counted[] = [];
  if (address) keys.push({ kind: "address", key: `address:${hash(address)}` });
  if (account) keys.push({ kind: "account", key: `account:${hash(account.trim().toLowerCase())}` });
  return keys;
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}
