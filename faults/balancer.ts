import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** One port before several processes, as a load balancer of the plainest kind has it: connections go round. */
export interface Balancer {
  port: number;
  /** The process (its place in the list) that a connection from this local port went to. */
  targetOf(localPort: number): number | undefined;
  /** Connections open now to each process. */
  open(): number[];
  close(): Promise<void>;
}

/** A process that refuses is passed over; when all refuse, the connection ends. */
export async function openBalancer(ports: number[]): Promise<Balancer> {
  const sockets = new Set<Socket>();
  const targets = new Map<number, number>();
  const counts = ports.map(() => 0);
  let turn = 0;

  const server = createServer({ allowHalfOpen: true }, (client) => {
    sockets.add(client);
    client.on("error", () => client.destroy());
    client.on("close", () => sockets.delete(client));
    reach(client, turn++ % ports.length, ports.length);
  });

  function reach(client: Socket, target: number, attempts: number): void {
    if (client.destroyed) return;
    if (attempts === 0) {
      client.destroy();
      return;
    }
    const upstream = connect({ port: ports[target] as number, host: "127.0.0.1", allowHalfOpen: true });
    let isJoined = false;
    upstream.once("connect", () => {
      isJoined = true;
      sockets.add(upstream);
      counts[target] = (counts[target] ?? 0) + 1;
      if (client.remotePort !== undefined) targets.set(client.remotePort, target);
      client.on("close", () => upstream.destroy());
      client.pipe(upstream);
      upstream.pipe(client);
    });
    upstream.on("error", () => {
      if (!isJoined) reach(client, (target + 1) % ports.length, attempts - 1);
    });
    upstream.on("close", () => {
      if (!isJoined) return;
      sockets.delete(upstream);
      counts[target] = (counts[target] ?? 0) - 1;
      client.destroy();
    });
  }

  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", 4_096, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    targetOf: (localPort) => targets.get(localPort),
    open: () => [...counts],
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
