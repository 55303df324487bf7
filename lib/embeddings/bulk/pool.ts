import { planBatches } from "../batches.ts";
import { EmbeddingError } from "../errors.ts";
import type { OnnxModelOptions } from "../onnx-model.ts";
import { EmbeddingProcess } from "./process.ts";

export type BulkPoolOptions = {
  /** What every process loads; vectors are those of `loadOnnxModel` with the same options. */
  model: OnnxModelOptions;
  /** Processes at most. */
  size: number;
  /** Processes end after so long without a text. */
  idleMilliseconds?: number;
  /** For tests of processes that die or fail. */
  workerFile?: string;
};

type Call = {
  /** Indexes into `texts`, the longest texts first. */
  batches: number[][];
  texts: string[];
  vectors: Float32Array[];
  unanswered: number;
  end(error: unknown): void;
};

// One message: about as many tokens as a run takes, so that no process waits long at the end of a call.
const charactersPerBatch = 4096;
const charactersOfOneRun = 64;
// While one batch is worked on the next already lies there: a busy event loop here leaves no core idle.
const batchesInHand = 2;

/** Embeds many texts on all cores without holding the event loop. Processes are started when there is work for them. */
export class BulkPool {
  readonly #options: BulkPoolOptions;
  readonly #processes = new Set<EmbeddingProcess>();
  /** Calls with batches not given out, in the order of their next turn. */
  readonly #turns: Call[] = [];
  readonly #open = new Set<Call>();
  #idle: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(options: BulkPoolOptions) {
    this.#options = options;
  }

  get isRunning(): boolean {
    return this.#processes.size > 0;
  }

  /**
   * One vector a text, in the order of the texts. Calls at the same time take turns, batch by batch. Rejects with the
   * signal's reason when aborted, with `embedding_failed` when a process dies over one of these texts, with `closed`.
   */
  embed(texts: string[], signal?: AbortSignal): Promise<Float32Array[]> {
    if (this.#isClosed) return Promise.reject(this.#closedError());
    if (signal?.aborted) return Promise.reject(signal.reason);
    if (texts.length === 0) return Promise.resolve([]);
    const lengths = texts.map((text) => Math.min(text.length, charactersPerBatch) + charactersOfOneRun);
    const batches = planBatches(lengths, charactersPerBatch);
    return new Promise((resolve, reject) => {
      const vectors = new Array<Float32Array>(texts.length);
      const onAbort = () => call.end(signal?.reason);
      const call: Call = {
        batches,
        texts,
        vectors,
        unanswered: batches.length,
        end: (error) => {
          if (!this.#open.delete(call)) return;
          signal?.removeEventListener("abort", onAbort);
          const turn = this.#turns.indexOf(call);
          if (turn >= 0) this.#turns.splice(turn, 1);
          if (error === null) resolve(vectors);
          else reject(error);
        },
      };
      signal?.addEventListener("abort", onAbort, { once: true });
      this.#open.add(call);
      this.#turns.push(call);
      clearTimeout(this.#idle);
      this.#giveOut();
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#idle);
    for (const call of [...this.#open]) call.end(this.#closedError());
    await Promise.all([...this.#processes].map((process) => process.close()));
  }

  #giveOut(): void {
    for (;;) {
      const call = this.#turns[0];
      if (!call) return;
      try {
        const process = this.#freeProcess();
        if (!process) return;
        this.#turns.shift();
        const batch = call.batches.shift() as number[];
        if (call.batches.length > 0) this.#turns.push(call);
        void this.#run(process, call, batch);
      } catch (cause) {
        const { directory } = this.#options.model;
        call.end(new EmbeddingError("embedding_failed", directory, "Cannot start an embedding process.", { cause }));
      }
    }
  }

  async #run(process: EmbeddingProcess, call: Call, batch: number[]): Promise<void> {
    try {
      const vectors = await process.embed(batch.map((index) => call.texts[index] as string));
      batch.forEach((index, place) => {
        call.vectors[index] = vectors[place] as Float32Array;
      });
      call.unanswered--;
      if (call.unanswered === 0) call.end(null);
    } catch (error) {
      call.end(error);
    }
    this.#giveOut();
    if (this.#open.size === 0) this.#endWhenIdle();
  }

  /** The one with the least in hand; another is started while there may be more and none is free of work. */
  #freeProcess(): EmbeddingProcess | undefined {
    const living = [...this.#processes].filter((process) => !process.isOver);
    const least = living.toSorted((one, other) => one.load - other.load)[0];
    if (least?.load === 0) return least;
    if (living.length < this.#options.size) return this.#start();
    return least && least.load < batchesInHand ? least : undefined;
  }

  #start(): EmbeddingProcess {
    const process = new EmbeddingProcess(this.#options.model, this.#options.workerFile);
    this.#processes.add(process);
    void process.ended.then(() => this.#processes.delete(process));
    return process;
  }

  #endWhenIdle(): void {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => {
      for (const process of this.#processes) void process.close();
    }, this.#options.idleMilliseconds ?? 60_000).unref();
  }

  #closedError(): EmbeddingError {
    const { directory } = this.#options.model;
    return new EmbeddingError(
      "closed",
      directory,
      `The model in ${directory} was closed before its texts were embedded.`,
    );
  }
}
