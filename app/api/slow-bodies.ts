import type { IncomingMessage, ServerResponse } from "node:http";
import type { Env } from "#lib/env.ts";

type Times = Pick<Env, "BODY_TIME_LIMIT_SECONDS" | "UPLOAD_TIME_LIMIT_SECONDS">;

/** Where files are sent, which take as long as they are large. */
const upload = /^\/api\/admin\/collections\/[^/]+\/uploads\/[^/]+\/files\/?$/;

/** Seconds after which the server itself ends any request that is not whole. */
export function longestWait({ BODY_TIME_LIMIT_SECONDS, UPLOAD_TIME_LIMIT_SECONDS }: Times): number {
  return Math.max(BODY_TIME_LIMIT_SECONDS, UPLOAD_TIME_LIMIT_SECONDS);
}

/**
 * Ends a request whose body drips in: 408 where nothing was answered yet, else by closing the connection. It holds for
 * every address, also for those that anybody may write to; an upload has its own time until it was answered.
 */
export function limitBody(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  path: string,
  { BODY_TIME_LIMIT_SECONDS }: Times,
  onLate: () => void,
): void {
  const { "content-length": length, "transfer-encoding": coding } = incoming.headers;
  if (coding === undefined && !(Number(length) > 0)) return;
  let timer: NodeJS.Timeout | undefined;
  const end = () => {
    if (incoming.complete) return;
    onLate();
    close(incoming, outgoing);
  };
  const begin = () => {
    if (!incoming.complete) timer = setTimeout(end, 1000 * BODY_TIME_LIMIT_SECONDS).unref();
  };
  if (upload.test(path)) outgoing.once("finish", begin);
  else begin();
  incoming.once("close", () => clearTimeout(timer));
}

const late = "The request's body did not come in time.\n";
const answer = [
  "HTTP/1.1 408 Request Timeout",
  "Content-Type: text/plain; charset=utf-8",
  "X-Content-Type-Options: nosniff",
  "Cache-Control: no-store",
  `Content-Length: ${Buffer.byteLength(late)}`,
  "Connection: close",
  "",
  late,
].join("\r\n");

// Written past the response, which a handler that still waits for the body holds: it sees that its sender is gone.
function close({ socket }: IncomingMessage, outgoing: ServerResponse): void {
  if (!outgoing.headersSent && socket.writable) socket.write(answer);
  socket.destroySoon();
}
