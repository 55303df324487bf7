import { type IncomingMessage, Server, type ServerResponse } from "node:http";
import { dataPolicy, securityHeaders } from "../security-headers.mjs";
import { GET } from "./conversations/[id]/events/route.ts";

type Handler = (request: Request, context: { params: Promise<{ id: string }> }) => Promise<Response>;

const path = /^\/api\/conversations\/([^/?]+)\/events(?:\?|$)/;
const shared = globalThis as typeof globalThis & { probatumEventServer?: Handler };

/**
 * Answers event streams with their route's own handler before Next.js sees the request. Next.js keeps what it made of a
 * request until the response ends, some 50 KB, and an event stream ends when its page is closed.
 */
export function serveEventStreams(handler: Handler = GET): void {
  const isServed = shared.probatumEventServer !== undefined;
  shared.probatumEventServer = handler;
  if (isServed) return;
  const emit = Server.prototype.emit;
  Server.prototype.emit = function (this: Server, name: string | symbol, ...values: unknown[]): boolean {
    if (name === "request" && takeOver(values[0] as IncomingMessage, values[1] as ServerResponse)) return true;
    return Reflect.apply(emit, this, [name, ...values]);
  };
}

/** False: the request is none of ours. */
function takeOver(incoming: IncomingMessage, outgoing: ServerResponse): boolean {
  const handler = shared.probatumEventServer;
  const id = incoming.method === "GET" ? path.exec(incoming.url ?? "")?.[1] : undefined;
  const address = `http://${incoming.headers.host ?? "localhost"}${incoming.url}`;
  // What cannot be read is for Next.js to refuse. Ids are of letters, digits and dashes: nothing is to be decoded.
  if (!handler || !id || id.includes("%") || !URL.canParse(address)) return false;
  answer(handler, id, address, incoming, outgoing).catch(() => outgoing.destroy());
  return true;
}

async function answer(
  handler: Handler,
  id: string,
  address: string,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const headers = new Headers();
  // As the front door has left them; `headersDistinct` would bring back what it took away.
  for (const [name, values] of Object.entries(incoming.headers))
    for (const value of [values ?? []].flat()) headers.append(name, value);
  const response = await handler(new Request(address, { headers }), { params: Promise.resolve({ id }) });
  for (const { key, value } of securityHeaders) outgoing.setHeader(key, value);
  outgoing.setHeader("Content-Security-Policy", dataPolicy);
  for (const [name, value] of response.headers) outgoing.setHeader(name, value);
  outgoing.writeHead(response.status);
  if (response.body) send(response.body.getReader(), outgoing);
  else outgoing.end();
}

/** Part by part, none ahead of a slow reader; a reader that goes ends the source. */
function send(reader: ReadableStreamDefaultReader<Uint8Array>, outgoing: ServerResponse): void {
  const cancel = () => void reader.cancel().catch(() => undefined);
  const next = (): void => {
    reader.read().then(
      ({ done, value }) => {
        if (done) outgoing.end();
        else if (outgoing.write(value)) next();
        else outgoing.once("drain", next);
      },
      () => outgoing.destroy(),
    );
  };
  outgoing.once("close", cancel);
  if (outgoing.destroyed) cancel();
  else next();
}
