import type { AnswerSentence, ConversationView, MessageStatus, MessageView } from "#lib/domain.ts";
import { compareIds } from "#lib/storage/events/index.ts";
import { EventReader, type ReceivedEvent } from "./event-reader.ts";
import { call, type Session } from "./session.ts";

export interface PageMessage {
  sequenceId: number;
  status: MessageStatus;
  sentences: Map<number, string>;
  /** `performance.now()` when its end came. */
  endedAt: number | null;
}

/**
 * A conversation open in a browser: it reads the conversation, follows its events from there and applies each, resumes a
 * lost stream, and reads again when it is told to. It counts what no page should ever see.
 */
export class Page {
  readonly messages = new Map<string, PageMessage>();
  /** Every sentence that ever stood on this page: text by message id and index. */
  readonly shown = new Map<string, Map<number, string>>();
  /** Ids of the events in the order in which they came, for comparison with other pages. */
  readonly ids: string[] = [];
  /** An event or a sentence that came twice. */
  doubled = 0;
  /** An event that came after a later one. */
  outOfOrder = 0;
  /** A sentence that came after its answer's end, or replaced another. */
  unruly = 0;
  resets = 0;
  /** Times that it was read, the first included. */
  readings = 0;
  readonly #session: Session;
  readonly #conversationId: string;
  readonly #known = new Set<string>();
  /** Sentences that came as events since the page was last read. */
  #streamed = new Set<string>();
  #reader: EventReader | undefined;
  #isClosed = false;
  #reading: Promise<void> | null = null;

  private constructor(session: Session, conversationId: string) {
    this.#session = session;
    this.#conversationId = conversationId;
  }

  static async open(session: Session, conversationId: string): Promise<Page> {
    const page = new Page(session, conversationId);
    await page.#read();
    return page;
  }

  get localPort(): number | undefined {
    return this.#reader?.localPort;
  }

  /** Loses the connection; the browser resumes by itself. */
  cut(): void {
    this.#reader?.cut();
  }

  close(): void {
    this.#isClosed = true;
    this.#reader?.close();
  }

  isEnded(messageId: string): boolean {
    const status = this.messages.get(messageId)?.status;
    return status !== undefined && status !== "pending" && status !== "streaming";
  }

  /** What it shows of an answer, in a few words. */
  describe(messageId: string): string {
    const message = this.messages.get(messageId);
    return `${message?.status ?? "unknown"} with ${message?.sentences.size ?? 0} after ${this.ids.length} events`;
  }

  async #read(): Promise<void> {
    while (!this.#isClosed) {
      const answered = await call(this.#session, "GET", `/api/conversations/${this.#conversationId}`).catch(() => null);
      if (answered?.status === 200) {
        this.#show(answered.body as ConversationView);
        return;
      }
      if (answered && answered.status < 500) throw new Error(`a page was refused: ${answered.status}`);
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
  }

  #readAgain(): void {
    this.#reader?.close();
    this.#reading ??= this.#read().finally(() => {
      this.#reading = null;
    });
    this.#reading.catch(() => undefined);
  }

  #show(view: ConversationView): void {
    this.#streamed = new Set();
    for (const message of view.messages) this.#put(message);
    if (this.#isClosed) return;
    this.#reader = new EventReader(this.#session, this.#conversationId, {
      after: view.eventCursor,
      onEvent: (received) => this.#take(received),
      onRefused: () => this.#readAgain(),
    });
    this.readings += 1;
  }

  #take({ id, event, at }: ReceivedEvent): void {
    if (event.type === "presence") return; // each process's own, and of no message
    if (event.type === "reset") {
      this.resets += 1;
      this.#readAgain();
      return;
    }
    if (id !== "") {
      const last = this.ids.at(-1);
      if (this.#known.has(id) && this.resets === 0) this.doubled += 1;
      else if (last !== undefined && compareIds(id, last) < 0 && this.resets === 0) this.outOfOrder += 1;
      this.#known.add(id);
      this.ids.push(id);
    }
    if (event.type === "message") this.#put(event.message);
    if (event.type === "sentence") this.#addSentence(event.messageId, event.sentence);
    if (event.type === "done") {
      this.#put(event.message);
      const message = this.messages.get(event.messageId);
      if (message) message.endedAt = at;
    }
  }

  #addSentence(messageId: string, sentence: AnswerSentence): void {
    const key = `${messageId}/${sentence.index}`;
    if (this.#streamed.has(key)) this.doubled += 1;
    this.#streamed.add(key);
    const message = this.messages.get(messageId);
    if (message?.endedAt != null) this.unruly += 1;
    message?.sentences.set(sentence.index, sentence.text);
    this.#remember(messageId, sentence);
  }

  #put(message: MessageView): void {
    const known = this.messages.get(message.id);
    const sentences = new Map(message.answer?.sentences.map(({ index, text }) => [index, text]));
    for (const sentence of message.answer?.sentences ?? []) this.#remember(message.id, sentence);
    // What is told of a message when it is posted holds nothing that a page does not have.
    if (
      known &&
      (message.status === "pending" || message.status === "streaming") &&
      sentences.size < known.sentences.size
    )
      return;
    this.messages.set(message.id, {
      sequenceId: message.sequenceId,
      status: message.status,
      sentences,
      endedAt: known?.endedAt ?? null,
    });
  }

  #remember(messageId: string, { index, text }: AnswerSentence): void {
    const shown = this.shown.get(messageId) ?? new Map<number, string>();
    if ((shown.get(index) ?? text) !== text) this.unruly += 1;
    this.shown.set(messageId, shown.set(index, text));
  }
}
