import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/**
 * A TCP proxy for tests, in front of a real Redis: it can cut every connection and refuse new ones as a killed server
 * does, or swallow traffic as a dropped route does, and come back on the same port.
 */
export type RedisProxy = {
  address: string;
  /** Ends every connection and refuses new ones. */
  kill(): Promise<void>;
  restore(): Promise<void>;
  /** Keeps every connection, old and new, and passes nothing on, until `kill` and `restore`. */
  swallow(): void;
  /** Ends every connection; new ones are taken at once. */
  cut(): void;
  close(): Promise<void>;
};

export async function openRedisProxy(target: string): Promise<RedisProxy> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  const keep = (socket: Socket, other: Socket) => {
    sockets.add(socket);
    socket.on("error", () => other.destroy());
    socket.on("close", () => {
      sockets.delete(socket);
      other.destroy();
    });
  };
  let swallows = false;
  const server = createServer((client) => {
    if (swallows) {
      keep(client, client);
      client.resume();
      return;
    }
    const upstream = connect(Number(port || 6379), hostname);
    keep(client, upstream);
    keep(upstream, client);
    client.pipe(upstream);
    upstream.pipe(client);
  });
  const listen = (on: number) => new Promise<void>((resolve) => server.listen(on, "127.0.0.1", resolve));
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  const stop = () =>
    new Promise<void>((resolve) => {
      if (!server.listening) resolve();
      else server.close(() => resolve());
      swallows = false;
      cut();
    });
  const swallow = () => {
    swallows = true;
    for (const socket of sockets) socket.unpipe().resume();
  };
  await listen(0);
  const own = (server.address() as AddressInfo).port;
  return { address: `redis://127.0.0.1:${own}`, kill: stop, restore: () => listen(own), cut, swallow, close: stop };
}

/** Waits for a condition by asking again each turn of the event loop; fails after the limit. */
export async function until(condition: () => unknown, what: string, limitMilliseconds = 15_000): Promise<void> {
  const deadline = performance.now() + limitMilliseconds;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`waited ${limitMilliseconds} ms in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** A logger that keeps what it was told. */
export function recordingLogger() {
  const lines: { level: "info" | "warn" | "error"; details: object; message: string }[] = [];
  const log = (level: "info" | "warn" | "error") => (details: object, message: string) => {
    lines.push({ level, details, message });
  };
  return { lines, info: log("info"), warn: log("warn"), error: log("error") };
}
