import { gunzipSync } from "node:zlib";
import { Agent, type buildConnector, type Dispatcher, request } from "undici";
import type { SourceContext } from "../../types.ts";
import { SourceError } from "../source-error.ts";
import { defaultManners, type Manners, retryAfter, turnAt } from "./manners.ts";
import { withRetries } from "./retries.ts";

/** What one request asks for. A form is sent by POST. */
export interface Ask {
  url: URL;
  form?: URLSearchParams;
  headers?: Record<string, string>;
  /** Bytes of a text answer at most; default 64 MiB. */
  textLimit?: number;
}

export interface TextAnswer {
  text: string;
  headers: Headers;
  url: URL;
}

/** An answer whose body has not been read; it must be read to its end or destroyed. */
export interface OpenAnswer {
  status: number;
  headers: Headers;
  url: URL;
  /** Throws SourceError when the answer breaks off. */
  body: AsyncIterable<Uint8Array>;
  discard(): void;
}

export interface HttpOptions extends Partial<Manners> {
  /** Requests a second to a host that bears more or less than the source's others. */
  rateFor?(url: URL): number | undefined;
  /** Which other host a redirect may lead to; by default none. */
  mayFollowTo?(url: URL): boolean;
  /** Throws for an address that may not be asked; each redirect is put to it as well. */
  check?(url: URL): void;
  connect?: buildConnector.connector;
}

export type HttpContext = Pick<SourceContext, "signal" | "report" | "settings" | "directory">;

const defaultTextLimit = 64 * 1024 * 1024;
const redirectLimit = 5;
const passingStatuses = new Set([408, 425, 429, 500, 502, 503, 504]);

/** One source's polite way to the web: paced per host, patient with faults that pass, never led astray by a redirect. */
export class HttpClient {
  readonly context: HttpContext;
  readonly manners: Manners;
  readonly #options: HttpOptions;
  readonly #agent: Agent;

  constructor(context: HttpContext, options: HttpOptions = {}) {
    this.context = context;
    this.#options = options;
    const given = Object.entries(options).filter(([, value]) => value !== undefined);
    this.manners = { ...defaultManners, ...Object.fromEntries(given) };
    const timeouts = { headersTimeout: this.manners.idleMs, bodyTimeout: this.manners.idleMs };
    this.#agent = new Agent({ ...timeouts, ...(options.connect && { connect: options.connect }) });
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  /**
   * The whole answer as text. `check` sees each answer and may throw: a SourceError that may pass is asked for again.
   * @throws SourceError
   */
  async text(ask: Ask, check: (answer: TextAnswer) => void = () => undefined): Promise<TextAnswer> {
    return await withRetries(this.manners, this.context, async () => {
      const signal = AbortSignal.any([this.context.signal, AbortSignal.timeout(this.context.settings.timeLimitMs)]);
      const answer = await this.open(ask, signal);
      const read = { text: await readText(answer, ask), headers: answer.headers, url: answer.url };
      check(read);
      return read;
    });
  }

  /** One attempt: waits for its turn, follows allowed redirects, throws SourceError for any status but 2xx and 416. */
  async open(ask: Ask, signal: AbortSignal): Promise<OpenAnswer> {
    let url = ask.url;
    let { form } = ask;
    for (let hops = 0; hops <= redirectLimit; hops += 1) {
      this.#options.check?.(url);
      await turnAt(url.host, this.#options.rateFor?.(url) ?? this.manners.requestsPerSecond);
      signal.throwIfAborted();
      const answer = await this.#send(url, form, ask.headers ?? {}, signal);
      // Whoever reads a body gets its error by reading; one that is dropped must not end the process with it.
      answer.body.on("error", () => undefined);
      const headers = headersOf(answer);
      const location = headers.get("location");
      if (answer.statusCode < 300 || answer.statusCode > 399 || location === null) {
        return await this.#judge(answer, headers, url, signal);
      }
      answer.body.destroy();
      const next = targetOf(url, location);
      if (next.hostname !== url.hostname && !this.#options.mayFollowTo?.(next)) {
        throw new SourceError("forbidden_address", url, `it redirects to another host, ${next.hostname}`);
      }
      if (url.protocol === "https:" && next.protocol === "http:") {
        throw new SourceError("forbidden_address", url, "it redirects from https to http");
      }
      if (answer.statusCode !== 307 && answer.statusCode !== 308) form = undefined;
      url = next;
    }
    throw new SourceError("refused", ask.url, `it redirects more than ${redirectLimit} times`);
  }

  async #send(
    url: URL,
    form: URLSearchParams | undefined,
    headers: Record<string, string>,
    signal: AbortSignal,
  ): Promise<Dispatcher.ResponseData> {
    const { contactEmail } = this.context.settings;
    try {
      return await request(url, {
        dispatcher: this.#agent,
        method: form ? "POST" : "GET",
        headers: {
          "user-agent": `Probatum/0.1${contactEmail ? ` (mailto:${contactEmail})` : ""}`,
          "accept-encoding": "identity",
          ...(form && { "content-type": "application/x-www-form-urlencoded" }),
          ...headers,
        },
        ...(form && { body: form.toString() }),
        signal,
      });
    } catch (error) {
      throw this.brokenOff(url, error, signal);
    }
  }

  async #judge(answer: Dispatcher.ResponseData, headers: Headers, url: URL, signal: AbortSignal): Promise<OpenAnswer> {
    const { statusCode: status, body } = answer;
    const open: OpenAnswer = {
      status,
      headers,
      url,
      body: this.#chunks(body, url, signal),
      discard: () => void body.destroy(),
    };
    if ((status >= 200 && status < 300) || status === 416) return open;
    const said = await beginning(open);
    const reason = `it answered ${status}${said.line ? ` (${said.line})` : ""}`;
    const details = { status, body: said.text };
    if (passingStatuses.has(status)) {
      const waitMs = retryAfter(headers.get("retry-after") ?? undefined, this.manners.now());
      throw new SourceError("busy", url, reason, { ...details, waitMs, isPassing: true });
    }
    throw new SourceError(status === 404 || status === 410 ? "not_found" : "refused", url, reason, details);
  }

  async *#chunks(body: AsyncIterable<Uint8Array>, url: URL, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of body) yield chunk;
    } catch (error) {
      throw this.brokenOff(url, error, signal);
    }
  }

  /** A fault of the connection as a SourceError; the run's own end as itself. */
  brokenOff(url: URL, error: unknown, signal: AbortSignal): unknown {
    this.context.signal.throwIfAborted();
    if (signal.aborted) {
      const seconds = Math.round(this.context.settings.timeLimitMs / 1000);
      return new SourceError("timeout", url, `it took longer than ${seconds} s`, { cause: error });
    }
    for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
      if (cause instanceof SourceError) return new SourceError(cause.code, url, cause.reason, { cause: error });
    }
    const { code = "", message = String(error) } = error as NodeJS.ErrnoException;
    const isTimeout = /TIMEOUT|TIMEDOUT/.test(code);
    return new SourceError(isTimeout ? "timeout" : "unreachable", url, `the connection failed: ${message || code}`, {
      isPassing: true,
      cause: error,
    });
  }
}

function targetOf(url: URL, location: string): URL {
  try {
    return new URL(location, url);
  } catch (cause) {
    throw new SourceError("refused", url, "it redirects to something that is no address", { cause });
  }
}

function headersOf(answer: Dispatcher.ResponseData): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(answer.headers)) {
    for (const one of Array.isArray(value) ? value : [value ?? ""]) headers.append(name, one);
  }
  return headers;
}

async function readText(answer: OpenAnswer, ask: Ask): Promise<string> {
  const limit = ask.textLimit ?? defaultTextLimit;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of answer.body) {
    size += chunk.length;
    if (size > limit) throw new SourceError("too_large", answer.url, `the answer is larger than ${limit} bytes`);
    chunks.push(chunk);
  }
  const bytes = Buffer.concat(chunks);
  if (!/gzip/.test(answer.headers.get("content-encoding") ?? "")) return bytes.toString("utf8");
  try {
    return gunzipSync(bytes, { maxOutputLength: limit }).toString("utf8");
  } catch (cause) {
    throw new SourceError("changed_form", answer.url, "the answer is called gzip and is not, or is too large", {
      cause,
    });
  }
}

/** The start of an error's body: all of it for programs, its words in one line for people. */
async function beginning(answer: OpenAnswer): Promise<{ text: string; line: string }> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of answer.body) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > 4096) break;
    }
  } catch (error) {
    if (!(error instanceof SourceError)) throw error; // the status alone already says what is wrong
  }
  answer.discard();
  const text = Buffer.concat(chunks).subarray(0, 4096).toString("utf8");
  const words = text.replace(/<(style|script|head)[\s\S]*?<\/\1>|<[^>]*>|[{}"]/gi, " ");
  return { text, line: words.replace(/\s+/g, " ").trim().slice(0, 160) };
}
