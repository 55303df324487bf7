import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename, isAbsolute, join } from "node:path";
import type { Env } from "../../env.ts";
import type { Reranker } from "./types.ts";

/** Pairs of one run: a run holds the event loop until it is done. */
const pairsPerRun = 4;
const tokenLimit = 512;

/**
 * A cross-encoder on this machine (Nogueira & Cho 2019, https://arxiv.org/abs/1901.04085): question and passage are read
 * as one text, and the sigmoid of the model's one logit is their relevance. A folder as transformers.js lays it out:
 * config.json, tokenizer.json, tokenizer_config.json and onnx/model.onnx, or onnx/model_quantized.onnx alone.
 */
export async function open(env: Env): Promise<Reranker> {
  if (!env.RERANKER_MODEL)
    throw new Error("RERANKER=onnx needs RERANKER_MODEL: the folder of a cross-encoder, absolute or below MODELS_DIR.");
  const given = env.RERANKER_MODEL;
  const directory = isAbsolute(given) ? given : join(env.modelsDirectory, given);
  for (const file of ["config.json", "tokenizer.json", "tokenizer_config.json"])
    if (!existsSync(join(/* turbopackIgnore: true */ directory, file)))
      throw new Error(`RERANKER_MODEL: there is no ${file} in ${directory}.`);
  return new OnnxReranker(directory, env.RERANKER_TIME_LIMIT_MS);
}

type Pair = { ids: number[]; types: number[] };

class OnnxReranker implements Reranker {
  readonly name: string;
  readonly #directory: string;
  readonly #timeLimit: number;
  #opened: ReturnType<typeof load> | undefined;

  constructor(directory: string, timeLimit: number) {
    this.name = `onnx:${basename(directory)}`;
    this.#directory = directory;
    this.#timeLimit = timeLimit;
  }

  async score(question: string, texts: string[], { signal }: { signal?: AbortSignal } = {}): Promise<number[]> {
    const opened = await this.#open();
    // Loading, once, is not counted.
    const limit = AbortSignal.timeout(this.#timeLimit);
    const pairs = texts.map((text) => encode(opened.tokenizer, question, text));
    const scores: number[] = [];
    for (let start = 0; start < pairs.length; start += pairsPerRun) {
      signal?.throwIfAborted();
      limit.throwIfAborted();
      scores.push(...(await run(opened, pairs.slice(start, start + pairsPerRun))));
      // Lets the timer and others have their turn between two runs.
      await new Promise((resolve) => setImmediate(resolve));
    }
    return scores;
  }

  #open() {
    this.#opened ??= load(this.#directory).catch((error) => {
      this.#opened = undefined;
      throw error;
    });
    return this.#opened;
  }
}

async function load(directory: string) {
  const library = await import("@huggingface/transformers");
  library.env.allowRemoteModels = false;
  const tokenizer = await library.AutoTokenizer.from_pretrained(directory, { local_files_only: true });
  const model = await library.AutoModelForSequenceClassification.from_pretrained(directory, {
    local_files_only: true,
    device: "cpu",
    dtype: existsSync(join(directory, "onnx", "model.onnx")) ? "fp32" : "q8",
    session_options: { intraOpNumThreads: availableParallelism(), interOpNumThreads: 1 },
  });
  return { library, tokenizer, model };
}

type Opened = Awaited<ReturnType<typeof load>>;

/** Too long a passage is cut at its end, before the closing token, without which no model was trained. */
function encode(tokenizer: Opened["tokenizer"], question: string, text: string): Pair {
  const options = { text_pair: text, return_tensor: false, truncation: false, return_token_type_ids: true };
  const { input_ids: ids, token_type_ids: types } = tokenizer(question, options) as unknown as {
    input_ids: number[];
    token_type_ids?: number[];
  };
  const limit = Math.min(tokenLimit, tokenizer.model_max_length);
  const cut = (values: number[]) =>
    values.length <= limit ? values : [...values.slice(0, limit - 1), values.at(-1) as number];
  return { ids: cut(ids), types: cut(types ?? ids.map(() => 0)) };
}

async function run({ library, tokenizer, model }: Opened, pairs: Pair[]): Promise<number[]> {
  const length = Math.max(...pairs.map(({ ids }) => ids.length));
  const shape = [pairs.length, length];
  const tensor = (rowOf: (pair: Pair) => number[], padding: number) => {
    const values = new BigInt64Array(pairs.length * length).fill(BigInt(padding));
    pairs.forEach((pair, row) => {
      values.set(rowOf(pair).map(BigInt), row * length);
    });
    return new library.Tensor("int64", values, shape);
  };
  const wantsTypes = model.sessions.model?.inputNames.includes("token_type_ids") ?? true;
  const { logits } = await model({
    input_ids: tensor(({ ids }) => ids, tokenizer.pad_token_id ?? 0),
    attention_mask: tensor(({ ids }) => ids.map(() => 1), 0),
    ...(wantsTypes && { token_type_ids: tensor(({ types }) => types, 0) }),
  });
  if (logits?.dims.length !== 2 || logits.dims[1] !== 1)
    throw new Error("the model gives no single logit a pair: it is no cross-encoder for relevance");
  return Array.from(logits.data as Float32Array, (logit) => 1 / (1 + Math.exp(-logit)));
}
