import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { planBatches } from "./batches.ts";
import { EmbeddingError } from "./errors.ts";
import { type Pooling, pool } from "./vectors.ts";

/** Weight formats by transformers.js' names; each has its own file in the model's `onnx` folder. */
export const dtypes = ["fp32", "fp16", "q8", "int8", "uint8", "q4"] as const;
export type Dtype = (typeof dtypes)[number];

export type OnnxModelOptions = {
  /** Folder with config.json, tokenizer.json, tokenizer_config.json and onnx/model….onnx. */
  directory: string;
  dtype: Dtype;
  pooling: Pooling;
  normalise: boolean;
  /** Texts are cut to this many tokens; to the tokenizer's `model_max_length` if not given. */
  maximumTokens?: number;
  /** The number of cores if not given. */
  threads?: number;
};

/** A sentence encoder held in memory; any number of callers may share it. */
export type OnnxModel = {
  /** What it was loaded with: loaded again so, it gives the same vectors. */
  options: OnnxModelOptions;
  dimensions: number;
  /**
   * One vector a text, in the order of the texts. Too long a text is cut; an empty one is embedded as it is.
   * Runs on this thread; an aborted signal is noticed between two runs and its reason thrown.
   */
  embed(texts: string[], signal?: AbortSignal): Promise<Float32Array[]>;
  close(): Promise<void>;
};

// A run holds the event loop until it is done: small ones let a question in between two of an ingest.
const tokensPerRun = 1024;

// Formats that scale activations by a whole run's range would give a text another vector in other company.
const runsTextsTogether: Record<Dtype, boolean> = {
  fp32: true,
  fp16: true,
  q8: false,
  int8: false,
  uint8: false,
  q4: false,
};

/** Loads a model from its folder, never from a network. `model_unreadable` when a file is missing or broken. */
export async function loadOnnxModel(options: OnnxModelOptions): Promise<OnnxModel> {
  const directory = resolve(options.directory);
  const { library, tokenizer, model } = await load(directory, options);
  const positions: number = model.config.max_position_embeddings ?? Number.POSITIVE_INFINITY;
  const limit = options.maximumTokens ?? tokenizer.model_max_length;
  const encode = createEncoder(tokenizer, Math.min(limit, positions));
  const wantsTypes = model.sessions.model?.inputNames.includes("token_type_ids") ?? true;

  async function run(rows: number[][]): Promise<Float32Array[]> {
    const sequence = Math.max(...rows.map((row) => row.length));
    const shape = [rows.length, sequence];
    const ids = new BigInt64Array(rows.length * sequence).fill(BigInt(tokenizer.pad_token_id ?? 0));
    const mask = new BigInt64Array(ids.length);
    rows.forEach((row, index) => {
      ids.set(row.map(BigInt), index * sequence);
      mask.fill(1n, index * sequence, index * sequence + row.length);
    });
    const int64 = (values: BigInt64Array) => new library.Tensor("int64", values, shape);
    const output = await model({
      input_ids: int64(ids),
      attention_mask: int64(mask),
      ...(wantsTypes ? { token_type_ids: int64(new BigInt64Array(ids.length)) } : {}),
    });
    const hidden = output.last_hidden_state ?? output.token_embeddings;
    if (hidden?.dims.length !== 3) throw new Error("the model gives no last_hidden_state");
    const counts = rows.map((row) => row.length);
    return pool(hidden.data, counts, sequence, hidden.dims[2], options);
  }

  async function embed(texts: string[], signal?: AbortSignal): Promise<Float32Array[]> {
    const vectors = new Array<Float32Array>(texts.length);
    try {
      const rows = texts.map(encode);
      const lengths = rows.map((row) => row.length);
      for (const batch of planBatches(lengths, runsTextsTogether[options.dtype] ? tokensPerRun : 0)) {
        if (signal?.aborted) break;
        const results = await run(batch.map((index) => rows[index] as number[]));
        batch.forEach((index, place) => {
          vectors[index] = results[place] as Float32Array;
        });
      }
    } catch (cause) {
      throw new EmbeddingError("embedding_failed", directory, `The model in ${directory} failed on a text.`, { cause });
    }
    signal?.throwIfAborted();
    return vectors;
  }

  const [probe] = await embed(["probe"]);
  return {
    options: { ...options, directory },
    dimensions: probe?.length ?? 0,
    embed,
    close: async () => {
      await model.dispose();
    },
  };
}

async function load(directory: string, { dtype, threads }: OnnxModelOptions) {
  try {
    const library = await import("@huggingface/transformers");
    library.env.allowRemoteModels = false;
    const tokenizer = await library.AutoTokenizer.from_pretrained(directory, { local_files_only: true });
    const model = await library.AutoModel.from_pretrained(directory, {
      local_files_only: true,
      device: "cpu",
      dtype,
      session_options: { intraOpNumThreads: threads ?? availableParallelism(), interOpNumThreads: 1 },
    });
    return { library, tokenizer, model };
  } catch (cause) {
    const message = `Cannot load the ${dtype} ONNX model in ${directory}.`;
    throw new EmbeddingError("model_unreadable", directory, message, { cause });
  }
}

type Tokenizer = Awaited<ReturnType<typeof load>>["tokenizer"];

/**
 * Text to token ids of at most `maximum`. The library's own cut drops the closing special token, without which no
 * model was trained; here the words are cut and the closing tokens kept.
 */
function createEncoder(tokenizer: Tokenizer, maximum: number): (text: string) => number[] {
  const ids = (text: string): number[] => tokenizer(text, { return_tensor: false, truncation: false }).input_ids;
  const empty = ids("");
  const opening = ids("a").findIndex((id, index) => id !== empty[index]);
  const closing = empty.length - opening;
  // A word of more than 100 characters is one unknown token to BERT; no real text fills its tokens that slowly.
  const characters = maximum * 100;

  return (text) => {
    const readable = text.length > characters ? text.replace(/\s+/g, " ").slice(0, characters) : text;
    const all = ids(readable);
    if (all.length <= maximum) return all;
    return [...all.slice(0, maximum - closing), ...all.slice(all.length - closing)];
  };
}
