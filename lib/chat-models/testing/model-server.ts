import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { embeddingsBody, hashedVector } from "./embeddings-body.ts";

/** One request as the server got it; kept in the order of arrival. */
export type ModelRequest = {
  /** 0 for the first request to this path. */
  index: number;
  path: string;
  authorization: string | undefined;
  model: string;
  messages: { role: string; content: string }[];
  /** The texts of an embeddings request. */
  input: string[];
  stream: boolean;
  body: Record<string, unknown>;
  /** Settles when the answer is out, or when the caller (or the script) broke the connection before that. */
  ended: Promise<"complete" | "broken">;
};

/** What the model says: the whole text, its pieces, or pieces as they come (an async generator can wait for a test). */
export type ModelText = string | Iterable<string> | AsyncIterable<string>;

export type ModelReply =
  | ModelText
  | {
      text: ModelText;
      /** Milliseconds before each piece. */
      delay?: number;
      /** Breaks the connection after the pieces: no finish reason, no usage, no closing mark. */
      cut?: boolean;
      finishReason?: "stop" | "length" | "content_filter";
      usage?: { prompt_tokens: number; completion_tokens: number };
    }
  | ModelRefusal;

/** An error answer. A 429 without `retryAfterSeconds` is taken by LangChain for lasting and not tried again. */
export type ModelRefusal = { status: number; message?: string; retryAfterSeconds?: number };

export type ModelServerScript = {
  reply?: (request: ModelRequest) => ModelReply | Promise<ModelReply>;
  /** The vector of one text; by default a bag of hashed words of `dimensions` numbers. */
  embed?: (text: string) => number[];
  dimensions?: number;
  /** Refuses an embeddings request, for example the first one with 429; null lets it pass. */
  refuseEmbeddings?: (request: ModelRequest) => ModelRefusal | null;
};

export type ModelServer = {
  /** To be given as the base address, `http://127.0.0.1:…/v1`. */
  url: string;
  requests: ModelRequest[];
  close(): Promise<void>;
};

/**
 * A model server for tests, on a free local port: POST /v1/chat/completions (whole, or as server-sent events with
 * usage), POST /v1/embeddings (numbers or base64) and GET /v1/models, in the forms of
 * https://platform.openai.com/docs/api-reference. What it says is the script's.
 */
export async function startModelServer(script: ModelServerScript = {}): Promise<ModelServer> {
  const requests: ModelRequest[] = [];
  const server = createServer((incoming, outgoing) => {
    serve(script, requests, incoming, outgoing).catch((error: unknown) => {
      if (outgoing.headersSent) outgoing.destroy();
      else sendError(outgoing, 500, String(error));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

async function serve(
  script: ModelServerScript,
  requests: ModelRequest[],
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const path = incoming.url ?? "";
  if (incoming.method === "GET" && path === "/v1/models") {
    return sendJson(outgoing, 200, { object: "list", data: [{ id: "test-model", object: "model" }] });
  }
  const request = await readRequest(requests, incoming, outgoing);
  requests.push(request);
  if (path === "/v1/embeddings") {
    const refusal = script.refuseEmbeddings?.(request);
    if (refusal) return refuse(outgoing, refusal);
    const embed = script.embed ?? ((text: string) => hashedVector(text, script.dimensions ?? 16));
    return sendJson(outgoing, 200, embeddingsBody(request, embed));
  }
  if (path === "/v1/chat/completions") return chat(request, (await script.reply?.(request)) ?? "", outgoing);
  sendError(outgoing, 404, `no ${incoming.method} ${path} here`);
}

async function readRequest(
  earlier: ModelRequest[],
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<ModelRequest> {
  const ended = new Promise<"complete" | "broken">((resolve) => {
    outgoing.once("close", () => resolve(outgoing.writableFinished ? "complete" : "broken"));
  });
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part);
  const body = JSON.parse(Buffer.concat(parts).toString("utf8"));
  const path = incoming.url ?? "";
  return {
    index: earlier.filter((request) => request.path === path).length,
    path,
    authorization: incoming.headers.authorization,
    model: body.model,
    messages: body.messages ?? [],
    input: [body.input ?? []].flat(),
    stream: body.stream === true,
    body,
    ended,
  };
}

async function chat(request: ModelRequest, reply: ModelReply, outgoing: ServerResponse): Promise<void> {
  if (typeof reply === "object" && "status" in reply) return refuse(outgoing, reply);
  const said = typeof reply === "object" && "text" in reply ? reply : { text: reply };
  const pieces = typeof said.text === "string" ? [said.text] : said.text;
  const finish = said.finishReason ?? "stop";
  const head = { id: `chatcmpl-${request.index}`, created: 0, model: request.model };

  let text = "";
  const write = (value: object) => outgoing.write(`data: ${JSON.stringify(value)}\n\n`);
  const chunk = (delta: object, finishReason: string | null) =>
    write({ ...head, object: "chat.completion.chunk", choices: [{ index: 0, delta, finish_reason: finishReason }] });
  if (request.stream) {
    outgoing.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
    chunk({ role: "assistant", content: "" }, null);
  }
  for await (const piece of pieces) {
    if (said.delay) await new Promise((resolve) => setTimeout(resolve, said.delay));
    if (outgoing.destroyed) return;
    text += piece;
    if (request.stream) chunk({ content: piece }, null);
  }
  if (said.cut) return breakOff(outgoing);

  const counted = said.usage ?? {
    prompt_tokens: words(request.messages),
    completion_tokens: words([{ content: text }]),
  };
  const usage = { ...counted, total_tokens: counted.prompt_tokens + counted.completion_tokens };
  if (!request.stream) {
    const message = { role: "assistant", content: text };
    const choices = [{ index: 0, message, finish_reason: finish }];
    return sendJson(outgoing, 200, { ...head, object: "chat.completion", choices, usage });
  }
  chunk({}, finish);
  const wanted = request.body.stream_options as { include_usage?: boolean } | undefined;
  if (wanted?.include_usage) write({ ...head, object: "chat.completion.chunk", choices: [], usage });
  outgoing.end("data: [DONE]\n\n");
}

/** Pulls the plug once what was written is on its way, so that the caller sees the pieces and then the break. */
function breakOff(outgoing: ServerResponse): void {
  if (!outgoing.headersSent) outgoing.writeHead(200, { "content-length": "1000" });
  outgoing.write("\n", () => outgoing.destroy());
}

/** Tokens enough for a test: the words. */
function words(messages: { content: string }[]): number {
  return messages.reduce((total, { content }) => total + (String(content).match(/\S+/g)?.length ?? 0), 0);
}

function refuse(outgoing: ServerResponse, { status, message, retryAfterSeconds }: ModelRefusal): void {
  if (retryAfterSeconds !== undefined) outgoing.setHeader("retry-after", String(retryAfterSeconds));
  sendError(outgoing, status, message ?? "refused by the script");
}

function sendJson(outgoing: ServerResponse, status: number, body: object): void {
  outgoing.writeHead(status, { "content-type": "application/json" });
  outgoing.end(JSON.stringify(body));
}

function sendError(outgoing: ServerResponse, status: number, message: string): void {
  sendJson(outgoing, status, { error: { message, type: "test", code: null } });
}
