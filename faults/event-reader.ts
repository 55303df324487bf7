import { type ClientRequest, request as send } from "node:http";
import type { ConversationEvent } from "#lib/domain.ts";
import { alone, type Session } from "./session.ts";

export interface ReceivedEvent {
  id: string;
  event: ConversationEvent;
  /** `performance.now()` when it came. */
  at: number;
}

export interface EventReaderOptions {
  /** Where to begin; a resumed connection goes on after the last id it has instead. */
  after: string;
  /** Milliseconds before a lost connection is tried again; a browser waits about 3,000. */
  pause?: number;
  onEvent?: (received: ReceivedEvent) => void;
  /** The server refused the stream, or said that it failed: the page reads the conversation again and begins anew. */
  onRefused?: (reason: string) => void;
}

/**
 * A browser's `EventSource` on one conversation: it keeps the last id, reconnects when the connection is lost and sends
 * `Last-Event-ID` then (https://html.spec.whatwg.org/multipage/server-sent-events.html).
 */
export class EventReader {
  readonly #session: Session;
  readonly #path: string;
  readonly #options: EventReaderOptions;
  #lastId = "";
  #request: ClientRequest | undefined;
  #retry: NodeJS.Timeout | undefined;
  #isClosed = false;
  #localPort: number | undefined;
  /** The server has accepted the stream. */
  isOpen = false;
  connections = 0;

  constructor(session: Session, conversationId: string, options: EventReaderOptions) {
    this.#session = session;
    this.#path = `/api/conversations/${conversationId}/events?after=${encodeURIComponent(options.after)}`;
    this.#options = options;
    this.#connect();
  }

  get localPort(): number | undefined {
    return this.#localPort;
  }

  /** Loses the connection as a pulled cable does; it comes back by itself. */
  cut(): void {
    this.#request?.destroy();
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#retry);
    this.#request?.destroy();
  }

  #connect(): void {
    if (this.#isClosed) return;
    this.connections += 1;
    const headers = {
      Accept: "text/event-stream",
      Cookie: this.#session.cookie,
      ...(this.#lastId !== "" && { "Last-Event-ID": this.#lastId }),
    };
    let isOver = false;
    const over = () => {
      if (isOver) return;
      isOver = true;
      this.#reconnect();
    };
    const request = send(`${this.#session.address}${this.#path}`, { headers, agent: alone }, (response) => {
      this.#localPort = response.socket.localPort;
      response.setEncoding("utf8");
      if (response.statusCode !== 200) {
        let text = "";
        response.on("data", (part) => {
          text += part;
        });
        response.on("end", () => {
          isOver = true;
          this.#refused(`${response.statusCode} ${text}`);
        });
        response.on("close", over);
        return;
      }
      this.isOpen = true;
      let pending = "";
      response.on("data", (part: string) => {
        const blocks = (pending + part).split("\n\n");
        pending = blocks.pop() ?? "";
        for (const block of blocks) this.#take(block);
      });
      response.on("close", over);
      response.on("error", over);
    });
    request.on("error", over);
    request.on("close", over);
    request.end();
    this.#request = request;
  }

  #reconnect(): void {
    this.isOpen = false;
    if (this.#isClosed) return;
    this.#retry = setTimeout(() => this.#connect(), this.#options.pause ?? 300);
  }

  #refused(reason: string): void {
    if (this.#isClosed) return;
    if (this.#options.onRefused) this.#options.onRefused(reason);
    else this.#reconnect();
  }

  #take(block: string): void {
    if (this.#isClosed || this.#request?.destroyed) return;
    const fields = new Map<string, string>();
    for (const line of block.split("\n")) {
      const colon = line.indexOf(": ");
      if (colon > 0) fields.set(line.slice(0, colon), line.slice(colon + 2));
    }
    const data = fields.get("data");
    if (data === undefined) return;
    if (fields.get("event") === "failure") {
      this.#refused(data);
      return;
    }
    const id = fields.get("id");
    if (id !== undefined) this.#lastId = id;
    this.#options.onEvent?.({ id: id ?? "", event: JSON.parse(data), at: performance.now() });
  }
}
