import { createServer, type Socket } from "node:net";
import { StatementNames } from "./statement-names.ts";

/** What the server needs of PGlite: one protocol message in, the answer out. */
export interface ProtocolBackend {
  runExclusive<T>(work: () => Promise<T>): Promise<T>;
  execProtocolRaw(message: Uint8Array): Promise<Uint8Array>;
}

export interface ProtocolServer {
  /** Ends all connections and waits for what they had running. */
  close(): Promise<void>;
}

const sslRequest = 80_877_103;
const encryptionRequest = 80_877_104;
const cancelRequest = 80_877_102;
const sync = Buffer.from([0x53, 0, 0, 0, 4]);
const rollback = Buffer.from("Q\0\0\0\rROLLBACK\0", "latin1");

/**
 * Serves PGlite on a Unix socket to any number of clients, who share its one session. A client has the session to
 * itself from the first message of a statement until the database is idle again, so through the whole of an extended
 * query and of a transaction: nobody's statement is run, or answered, in the place of another's.
 * @see https://www.postgresql.org/docs/current/protocol-flow.html
 */
export async function serveProtocol(database: ProtocolBackend, path: string): Promise<ProtocolServer> {
  const takeTurn = turnTaking();
  const serving = new Map<Socket, Promise<void>>();
  let clients = 0;
  const server = createServer((socket) => {
    socket.on("error", () => socket.destroy()); // the client went away; its turn ends below
    clients += 1;
    const done = serveClient(socket, database, takeTurn, clients).finally(() => serving.delete(socket));
    serving.set(socket, done);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, resolve);
  });
  return {
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of serving.keys()) socket.destroy();
      await Promise.allSettled(serving.values());
      await closed;
    },
  };
}

async function serveClient(
  socket: Socket,
  database: ProtocolBackend,
  takeTurn: () => Promise<() => void>,
  client: number,
): Promise<void> {
  const statements = new StatementNames(client);
  let endTurn: (() => void) | undefined;
  // PGlite reads a COPY's rows only when they come with their statement: they are collected until the client ends them.
  let copy: Buffer[] | null = null;
  const run = (message: Uint8Array) => database.runExclusive(() => database.execProtocolRaw(message));
  try {
    for await (const { type, code, bytes } of messagesOf(socket)) {
      if (code === sslRequest || code === encryptionRequest) {
        socket.write("N");
        continue;
      }
      if (type === "X" || code === cancelRequest) return;
      endTurn ??= await takeTurn();
      if (copy === null && type === "Q" && isCopyIn(bytes)) {
        copy = [bytes];
        socket.write(copyInResponse(/binary/i.test(bytes.toString("latin1"))));
        continue;
      }
      if (copy !== null) {
        if (type === "H" || type === "S") continue;
        copy.push(bytes);
        if (type === "d") continue;
      }
      const answer =
        copy === null
          ? await run(statements.renamed(type, bytes))
          : withoutCopyInResponse(await run(Buffer.concat(copy)));
      copy = null;
      if (!socket.destroyed) socket.write(answer);
      if (stateOf(answer) !== "I") continue;
      endTurn();
      endTurn = undefined;
    }
  } catch {
    // A broken connection, or a database that can no longer run anything: either way this client's connection ends.
  } finally {
    socket.destroy();
    const closing = statements.closing();
    if (endTurn || closing.length > 0) {
      endTurn ??= await takeTurn();
      await abandon(run, closing).catch(() => undefined);
      endTurn();
    }
  }
}

function isCopyIn(query: Buffer): boolean {
  return /^\s*copy\s.*\sfrom\s+stdin\b/is.test(query.toString("latin1", 5, Math.min(query.length, 5 + 2_000)));
}

/** "Send your rows", with as much about their columns as a client needs to know: nothing. */
function copyInResponse(isBinary: boolean): Buffer {
  return Buffer.from([0x47, 0, 0, 0, 7, isBinary ? 1 : 0, 0, 0]);
}

/** The answer without the leave to send rows, which the client was given before. */
function withoutCopyInResponse(answer: Uint8Array): Uint8Array {
  if (answer[0] !== 0x47) return answer;
  return answer.subarray(1 + new DataView(answer.buffer, answer.byteOffset).getInt32(1));
}

/** Leaves the session as the next client must find it: outside any statement and transaction, without what it named. */
async function abandon(run: (message: Uint8Array) => Promise<Uint8Array>, closing: Buffer[]): Promise<void> {
  if (stateOf(await run(sync)) !== "I") await run(rollback);
  for (const message of [...closing, sync]) await run(message);
}

/** First come, first served: each call waits for the turns before it, and returns what ends its own. */
function turnTaking(): () => Promise<() => void> {
  let last = Promise.resolve();
  return async () => {
    const before = last;
    const turn = Promise.withResolvers<void>();
    last = turn.promise;
    await before;
    return turn.resolve;
  };
}

/** The state that the last ReadyForQuery of an answer gives: I(dle), T(ransaction), E(rror); null without one. */
function stateOf(answer: Uint8Array): string | null {
  const view = new DataView(answer.buffer, answer.byteOffset, answer.byteLength);
  let state: string | null = null;
  for (let at = 0; at + 5 <= answer.length; at += 1 + view.getInt32(at + 1)) {
    if (answer[at] === 0x5a) state = String.fromCharCode(answer[at + 5] as number);
  }
  return state;
}

interface ClientMessage {
  /** One letter; null for what comes before the start of a session. */
  type: string | null;
  /** Of an untyped message: the protocol's version, or what is asked for instead. */
  code: number | null;
  bytes: Buffer;
}

async function* messagesOf(socket: Socket): AsyncGenerator<ClientMessage> {
  let parts: Buffer[] = [];
  let size = 0;
  let isStarted = false;
  for await (const part of socket as AsyncIterable<Buffer>) {
    parts.push(part);
    size += part.length;
    for (;;) {
      const head = isStarted ? 5 : 8;
      if (size < head) break;
      if ((parts[0] as Buffer).length < head) parts = [Buffer.concat(parts)];
      const first = parts[0] as Buffer;
      const length = isStarted ? 1 + first.readInt32BE(1) : first.readInt32BE(0);
      if (length < head) throw new RangeError("not a message of the protocol");
      if (size < length) break;
      const all = parts.length === 1 ? first : Buffer.concat(parts);
      parts = all.length > length ? [all.subarray(length)] : [];
      size -= length;
      const bytes = all.subarray(0, length);
      const code: number | null = isStarted ? null : bytes.readInt32BE(4);
      yield { type: isStarted ? String.fromCharCode(bytes[0] as number) : null, code, bytes };
      isStarted ||= code !== sslRequest && code !== encryptionRequest;
    }
  }
}
