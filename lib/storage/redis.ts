import { Redis } from "ioredis";
import { type BackendHealth, probe, type StorageLogger } from "./backend.ts";
import { RedisSubscriber } from "./redis-subscriber.ts";
import { reasonOf, StorageError } from "./storage-error.ts";

export type RedisOptions = {
  logger: StorageLogger;
  /** How long `openRedis` waits for a first connection before it goes on without one; default 2,000. */
  readyWithinMilliseconds?: number | undefined;
  /** A command unanswered for so long has failed; default 2,000. */
  commandTimeoutMilliseconds?: number | undefined;
  /** Longest pause between two attempts to reconnect; default 2,000. */
  maximumReconnectMilliseconds?: number | undefined;
};

/** One Redis as the rooms above use it: commands that fail at once while it is away, and a subscriber that recovers. */
export type RedisConnection = {
  /** `redis:host:port`, without credentials. */
  readonly name: string;
  readonly commands: Redis;
  readonly subscriber: RedisSubscriber;
  isReady(): boolean;
  /** Calls the listener each time commands work again after an outage; returns how to stop that. */
  onReady(listener: () => void): () => void;
  health(): Promise<BackendHealth>;
  close(): Promise<void>;
};

/**
 * Connects, and returns also when Redis is away: whoever uses it degrades, and recovers when it is back. Throws
 * `StorageError` only for an address that cannot be one.
 */
export async function openRedis(address: string, options: RedisOptions): Promise<RedisConnection> {
  const { logger, readyWithinMilliseconds = 2_000, maximumReconnectMilliseconds = 2_000 } = options;
  const { commandTimeoutMilliseconds = 2_000 } = options;
  const url = parseAddress(address);
  const name = `redis:${url.hostname}:${url.port || "6379"}`;
  const commands = new Redis(address, {
    lazyConnect: true,
    enableOfflineQueue: false,
    // With 0 a lost connection fails its commands at once; with 1 they wait for a second attempt and may run twice.
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    autoResubscribe: false,
    commandTimeout: commandTimeoutMilliseconds,
    // A server that went silent is a lost connection: later commands fail at once instead of each after its time limit.
    socketTimeout: 1.5 * commandTimeoutMilliseconds,
    connectTimeout: 3_000,
    keepAlive: 10_000,
    retryStrategy: (attempt) => Math.min(50 * 2 ** Math.min(attempt, 10), maximumReconnectMilliseconds),
  });
  const connections = { commands, subscriber: commands.duplicate() };
  for (const [role, connection] of Object.entries(connections)) reportOutages(connection, name, role, logger);
  const subscriber = new RedisSubscriber(connections.subscriber, (error) =>
    logger.warn({ backend: name, reason: reasonOf(error) }, "Could not subscribe on Redis; trying again"),
  );

  let closed = false;
  await Promise.all(Object.values(connections).map((connection) => connectWithin(connection, readyWithinMilliseconds)));

  return {
    name,
    commands,
    subscriber,
    isReady: () => commands.status === "ready",
    onReady(listener) {
      commands.on("ready", listener);
      return () => commands.off("ready", listener);
    },
    health: () => probe(name, () => commands.ping()),
    async close() {
      if (closed) return;
      closed = true;
      subscriber.close();
      await Promise.all(Object.values(connections).map(disconnect));
    },
  };
}

function parseAddress(address: string): URL {
  const fail = (reason: string, cause?: unknown) =>
    new StorageError({ code: "failed", backend: "redis", operation: "open", reason, cause });
  // The address may hold a password: it does not go into the message.
  if (!URL.canParse(address))
    throw fail("the address is not one; expected redis://[user:password@]host:port[/database]");
  const url = new URL(address);
  if (!/^rediss?:$/.test(url.protocol))
    throw fail(`${url.protocol}// is no Redis address; expected redis:// or rediss://`);
  return url;
}

/** Resolves when ready or when the time is up, whichever is first. Failures reach the error listener. */
function connectWithin(connection: Redis, milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, milliseconds);
    function done() {
      clearTimeout(timer);
      connection.off("ready", done);
      resolve();
    }
    connection.on("ready", done);
    // The first failed attempt rejects and is also an "error" event, which is where it is logged.
    connection.connect().catch(() => {});
  });
}

/** One line when a connection is lost, with the first reason, and one when it is back. */
function reportOutages(connection: Redis, name: string, role: string, logger: StorageLogger): void {
  let isAway = false;
  const away = (reason: string) => {
    if (isAway) return;
    isAway = true;
    logger.error({ backend: name, connection: role, reason }, "Redis is away; going on without it");
  };
  connection.on("error", (error: unknown) => away(reasonOf(error)));
  connection.on("reconnecting", () => away("the connection was lost"));
  connection.on("ready", () => {
    if (isAway) logger.info({ backend: name, connection: role }, "Redis is back");
    isAway = false;
  });
}

/** Lets commands under way finish on a living connection; a dead one is dropped. */
async function disconnect(connection: Redis): Promise<void> {
  if (connection.status === "ready") await connection.quit().catch(() => connection.disconnect());
  else connection.disconnect();
}
