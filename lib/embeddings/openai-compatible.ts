import { OpenAIEmbeddings } from "@langchain/openai";
import { z } from "zod";
import { parseSettings } from "./parse-settings.ts";
import { EmbeddingError, type EmbeddingSettings, type OpenEmbeddingsOptions, type VectorEmbeddings } from "./types.ts";

const openaiOptions = z.strictObject({
  /** Texts in one request. */
  batchSize: z.number().int().min(1).max(2048).default(128),
  /** Asks the server for vectors of `dimensions`; for models that can shorten theirs. */
  requestDimensions: z.boolean().default(false),
  timeoutMilliseconds: z.number().int().positive().default(60_000),
  /** Of one request, after 429, 5xx or a lost connection; each waits about twice as long as the one before. */
  maximumRetries: z.number().int().min(0).default(2),
  /** Requests at the same time, of all callers. */
  concurrency: z.number().int().min(1).max(64).default(4),
});

const openaiSettings = z.object({
  model: z.string().min(1),
  dimensions: z.number().int().positive(),
  options: openaiOptions.prefault({}),
});

/** Opens any server that speaks OpenAI's POST /embeddings (https://platform.openai.com/docs/api-reference/embeddings). */
export async function open(settings: EmbeddingSettings, options: OpenEmbeddingsOptions): Promise<VectorEmbeddings> {
  const { model, dimensions, options: own } = parseSettings("openai-compatible", openaiSettings, settings);
  return new OpenAICompatibleEmbeddings(dimensions, {
    model,
    dimensions: own.requestDimensions ? dimensions : undefined,
    batchSize: own.batchSize,
    timeout: own.timeoutMilliseconds,
    maxRetries: own.maximumRetries,
    maxConcurrency: own.concurrency,
    onFailedAttempt: refuseLasting,
    // Without a key of its own a server must not be sent one that happens to stand in the environment.
    apiKey: options.apiKey ?? "none",
    configuration: {
      baseURL: options.baseUrl ?? "https://api.openai.com/v1",
      organization: null,
      project: null,
      // A question goes where the operator said, and nowhere that a server points to.
      fetchOptions: { redirect: "error" },
    },
  });
}

/** OpenAIEmbeddings that refuses vectors of another length than the collection was made for. */
class OpenAICompatibleEmbeddings extends OpenAIEmbeddings implements VectorEmbeddings {
  readonly #expected: number;
  readonly #concurrency: number;

  constructor(
    expected: number,
    fields: ConstructorParameters<typeof OpenAIEmbeddings>[0] & { maxConcurrency: number },
  ) {
    super(fields);
    this.#expected = expected;
    this.#concurrency = fields.maxConcurrency;
  }

  override async embedQuery(text: string): Promise<number[]> {
    const vector = await this.#named(super.embedQuery(text));
    this.#check([vector]);
    return vector;
  }

  override embedDocuments(texts: string[]): Promise<number[][]> {
    return this.#embedBatches(texts, (vector) => vector);
  }

  embedVectors(texts: string[], { signal }: { signal?: AbortSignal } = {}): Promise<Float32Array[]> {
    return this.#embedBatches(texts, (vector) => Float32Array.from(vector), signal);
  }

  /** Nothing to load here: the first request opens the connection. */
  async warm(): Promise<void> {}

  /** Nothing to give back: idle connections close by themselves. */
  async close(): Promise<void> {}

  /** Texts of like length share a request: a server that pads its batches computes little in vain. */
  async #embedBatches<Vector>(
    texts: string[],
    convert: (vector: number[]) => Vector,
    signal?: AbortSignal,
  ): Promise<Vector[]> {
    signal?.throwIfAborted();
    const order = texts.map((_, index) => index).sort((a, b) => (texts[b]?.length ?? 0) - (texts[a]?.length ?? 0));
    const batches: number[][] = [];
    for (let start = 0; start < order.length; start += this.batchSize) {
      batches.push(order.slice(start, start + this.batchSize));
    }
    const vectors = new Array<Vector>(texts.length);
    let hasEnded = false;
    const takeBatches = async () => {
      for (let batch = batches.shift(); batch && !hasEnded; batch = batches.shift()) {
        const results = await this.#named(super.embedDocuments(batch.map((index) => texts[index] as string)));
        this.#check(results);
        batch.forEach((index, place) => {
          vectors[index] = convert(results[place] as number[]);
        });
      }
    };
    const takers = Array.from({ length: Math.min(this.#concurrency, batches.length) }, takeBatches);
    try {
      await orAborted(Promise.all(takers), signal);
    } finally {
      hasEnded = true;
    }
    return vectors;
  }

  async #named<Result>(work: Promise<Result>): Promise<Result> {
    try {
      return await work;
    } catch (cause) {
      const message = `The embedding server failed for ${this.model} (${this.clientConfig.baseURL}).`;
      throw new EmbeddingError("embedding_failed", this.model, message, { cause });
    }
  }

  #check(vectors: number[][]): void {
    const odd = vectors.find((vector) => vector.length !== this.#expected);
    if (!odd) return;
    const message =
      `${this.model} returned vectors of ${odd.length} dimensions, the settings say ${this.#expected}. ` +
      "Correct the dimensions, or set the option requestDimensions if the model can shorten its vectors.";
    throw new EmbeddingError("wrong_dimensions", this.model, message);
  }
}

/** The work's result, or the signal's reason as soon as it is aborted. */
async function orAborted<Result>(work: Promise<Result>, signal: AbortSignal | undefined): Promise<Result> {
  if (!signal) return work;
  const aborted = Promise.withResolvers<never>();
  const stop = () => aborted.reject(signal.reason);
  signal.addEventListener("abort", stop, { once: true });
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

const mostPatienceMilliseconds = 60_000;

/**
 * Throws what another try cannot mend. LangChain's own rule gives up on a 429 without Retry-After, which is what
 * servers of one's own send; here every 429, 5xx and lost connection is tried again, unless an account is used up.
 */
function refuseLasting(error: Error & { status?: number; code?: unknown; headers?: Headers; retryAfterMs?: number }) {
  const { status, code, headers } = error;
  const passes = status === undefined || status === 408 || status === 429 || status >= 500;
  if (!passes || code === "insufficient_quota") throw error;
  const after = headers?.get("retry-after");
  if (!after) return;
  const milliseconds = Number.isNaN(Number(after)) ? Date.parse(after) - Date.now() : Number(after) * 1000;
  if (milliseconds > mostPatienceMilliseconds) throw error;
  // The caller waits at least so long.
  if (milliseconds > 0) error.retryAfterMs = milliseconds;
}
