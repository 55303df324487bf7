import { once } from "node:events";
import { type AddressInfo, connect, createServer, type NetConnectOpts, type Socket } from "node:net";

/** A way to a server that can be cut and mended. */
export interface Proxy {
  port: number;
  /** Drops every connection, and each new one as it comes, until `mend`. */
  cut(): void;
  mend(): void;
  close(): Promise<void>;
}

/** Passes bytes between 127.0.0.1 and a server, given by port and host or by socket path. */
export async function openProxy(target: NetConnectOpts): Promise<Proxy> {
  const sockets = new Set<Socket>();
  let isCut = false;
  const server = createServer((near) => {
    if (isCut) {
      near.destroy();
      return;
    }
    const far = connect(target);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("error", () => undefined); // its closing ends the other
      socket.on("close", () => {
        sockets.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    near.pipe(far);
    far.pipe(near);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const cut = () => {
    isCut = true;
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    cut,
    mend: () => {
      isCut = false;
    },
    close: async () => {
      cut();
      server.close();
      await once(server, "close");
    },
  };
}

/** Where a `postgres:` address leads, and the same address through a port of this machine. */
export function throughPort(url: string): { target: NetConnectOpts; urlAt: (port: number) => string } {
  const address = new URL(url);
  const folder = address.searchParams.get("host");
  const target = folder
    ? { path: `${folder}/.s.PGSQL.5432` }
    : { host: address.hostname, port: Number(address.port || 5432) };
  return {
    target,
    urlAt: (port) => {
      const changed = new URL(url);
      changed.searchParams.delete("host");
      changed.hostname = "127.0.0.1";
      changed.port = String(port);
      return changed.href;
    },
  };
}
