import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type ModelReply, type ModelServer, startModelServer } from "../../chat-models/testing/index.ts";
import { buildLocalModel } from "../../embeddings/index.ts";
import { createOnnxWriter } from "../../embeddings/minilm/onnx-writer.ts";
import { type Env, readEnv } from "../../env.ts";
import { log } from "../../log.ts";
import { makeChunk } from "../testing/passages.ts";
import { openReranker, type Reranker, rerank } from "./index.ts";

const level = log.level;
beforeAll(() => {
  log.level = "silent";
});
afterAll(() => {
  log.level = level;
});

const chunks = ["a", "b", "c", "d"].map((text, at) =>
  makeChunk(text, { chunkId: text, title: "", section: null, score: 0.9 - at / 10 }),
);
const ids = (some: { chunkId: string }[]) => some.map(({ chunkId }) => chunkId).join("");

describe("re-ranking", () => {
  const fixed = (...scores: number[]): Reranker => ({ name: "fixed", score: async () => scores });

  test("orders by the re-ranker's scores and carries them", async () => {
    const ordered = await rerank(fixed(0.2, 0.9, 0.1, 0.5), "q", chunks);
    expect(ids(ordered)).toBe("bdac");
    expect(ordered.map(({ score }) => score)).toEqual([0.9, 0.5, 0.2, 0.1]);
  });
  test("without a re-ranker nothing changes", async () => {
    expect(await rerank(null, "q", chunks)).toBe(chunks);
    expect(await openReranker(readEnv({}))).toBeNull();
  });
  test("reads the best twenty only; the rest stays behind them in its order", async () => {
    const many = Array.from({ length: 25 }, (_, at) => makeChunk("x", { chunkId: String(at), score: 1 - at / 100 }));
    let read = 0;
    const reranker: Reranker = {
      name: "r",
      score: async (_, texts) => {
        read = texts.length;
        return texts.map((_text, at) => 0.2 + at / 100);
      },
    };
    const ordered = await rerank(reranker, "q", many);
    expect(read).toBe(20);
    expect(ordered[0]?.chunkId).toBe("19");
    expect(ordered.slice(20).map(({ chunkId }) => chunkId)).toEqual(["20", "21", "22", "23", "24"]);
    const scores = ordered.map(({ score }) => score);
    expect(scores).toEqual(scores.toSorted((left, right) => right - left));
  });
  test.each<[string, Reranker]>([
    ["fails", { name: "r", score: () => Promise.reject(new Error("no")) }],
    ["gives too few scores", fixed(0.5)],
    ["gives what is no score", fixed(0.1, Number.NaN, 0.2, 0.3)],
    ["gives scores beyond 1", fixed(0.1, 7, 0.2, 0.3)],
  ])("one that %s leaves retrieval's order", async (_, reranker) => {
    expect(await rerank(reranker, "q", chunks)).toBe(chunks);
  });
});

describe("a chat model as re-ranker", () => {
  let server: ModelServer | undefined;
  afterEach(async () => {
    await server?.close();
    server = undefined;
  });

  async function ranked(reply: () => ModelReply | Promise<ModelReply>, change: Partial<Env> = {}) {
    server = await startModelServer({ reply });
    const env = { ...readEnv({ RERANKER: "model", OPENAI_BASE_URL: server.url, CHAT_MODEL: "m" }), ...change };
    const reranker = await openReranker(env);
    return { reranker, order: ids(await rerank(reranker, "Which?", chunks)) };
  }

  test("orders by the ids that it gives; those left out follow in the order they had", async () => {
    const { reranker, order } = await ranked(() => '{"ranking": [3, 2]}');
    expect(order).toBe("cbad");
    expect(reranker?.name).toBe("model:m");
    const sent = JSON.parse(server?.requests[0]?.messages.at(-1)?.content ?? "");
    expect(sent).toEqual({ question: "Which?", passages: "abcd".split("").map((text, at) => ({ id: at + 1, text })) });
  });
  test("may fence its JSON, and may find none of them useful", async () => {
    expect((await ranked(() => '```json\n{"ranking": [4]}\n```')).order).toBe("dabc");
    await server?.close();
    expect((await ranked(() => '{"ranking": []}')).order).toBe("abcd");
  });
  test.each([
    ["prose", "The best is 3."],
    ["another form", "[3, 2, 1]"],
    ["more than ids", '{"ranking": [3], "note": "obey me"}'],
    ["an id it was not given", '{"ranking": [9]}'],
    ["an id twice", '{"ranking": [3, 3]}'],
    ["words for ids", '{"ranking": ["c"]}'],
  ])("%s leaves retrieval's order", async (_, reply) => {
    expect((await ranked(() => reply)).order).toBe("abcd");
  });
  test("a server that errs, cuts its answer, or takes too long leaves retrieval's order", async () => {
    expect((await ranked(() => ({ status: 400, message: "no" }))).order).toBe("abcd");
    await server?.close();
    expect((await ranked(() => ({ text: '{"ranking": [3]}', finishReason: "length" }))).order).toBe("abcd");
    await server?.close();
    const never = new Promise<ModelReply>(() => undefined);
    expect((await ranked(() => never, { RERANKER_TIME_LIMIT_MS: 100 })).order).toBe("abcd");
  });
  test("without a server to ask, the start says what is missing", async () => {
    await expect(openReranker(readEnv({ RERANKER: "model" }))).rejects.toThrow("OPENAI_BASE_URL");
  });
});

describe("a cross-encoder on this machine", () => {
  const local = join(import.meta.dirname, "..", "..", "..", "models", "local", "all-MiniLM-L6-v2");
  let directory: string;
  beforeAll(async () => {
    await buildLocalModel({ target: local });
    directory = await mkdtemp(join(tmpdir(), "probatum-cross-encoder-"));
    await writeCrossEncoder(directory);
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));
  const open = (change = {}) => openReranker(readEnv({ RERANKER: "onnx", RERANKER_MODEL: directory, ...change }));

  test("reads question and passage as a pair, and gives the sigmoid of its logit", async () => {
    const reranker = await open();
    expect(reranker?.name).toMatch(/^onnx:probatum-cross-encoder-/);
    const texts = ["heparin is given", "warfarin is given", "warfarin with warfarin", "nothing", "so is warfarin"];
    const scores = await reranker?.score("warfarin dose", texts);
    const sigmoid = (logit: number) => 1 / (1 + Math.exp(-logit));
    // The model multiplies how often its word stands in the question and in the passage.
    expect(scores).toEqual([0, 1, 2, 0, 1].map((logit) => expect.closeTo(sigmoid(logit), 5)));
    expect(await reranker?.score("heparin dose", texts)).toEqual(texts.map(() => expect.closeTo(0.5, 5)));
  });
  test("cuts a passage that is too long, and is not put off by it", async () => {
    const reranker = await open();
    const scores = await reranker?.score("warfarin", [`warfarin ${"word ".repeat(5_000)} warfarin`, "warfarin"]);
    expect(scores).toEqual([expect.closeTo(0.731, 3), expect.closeTo(0.731, 3)]);
  });
  test("orders the chunks of a question", async () => {
    const found = [makeChunk("Heparin.", { chunkId: "h" }), makeChunk("Warfarin, warfarin.", { chunkId: "w" })];
    expect(ids(await rerank(await open(), "Warfarin?", found))).toBe("wh");
  });
  test("that is not there stops the start; one that cannot be loaded leaves retrieval's order", async () => {
    await expect(open({ RERANKER_MODEL: "" })).rejects.toThrow("RERANKER_MODEL");
    await expect(open({ RERANKER_MODEL: join(directory, "none") })).rejects.toThrow("config.json");
    const broken = await mkdtemp(join(tmpdir(), "probatum-broken-"));
    await writeCrossEncoder(broken);
    await writeFile(join(broken, "onnx", "model.onnx"), "no model");
    expect(await rerank(await open({ RERANKER_MODEL: broken }), "q", chunks)).toBe(chunks);
    await rm(broken, { recursive: true });
  });
  test("stops when it is stopped", async () => {
    const reranker = await open();
    const stop = new AbortController();
    stop.abort(new Error("stopped"));
    await expect(reranker?.score("q", ["a"], { signal: stop.signal })).rejects.toThrow("stopped");
  });

  /** A whole, tiny model: logit = count of "warfarin" in the question × its count in the passage. */
  async function writeCrossEncoder(folder: string): Promise<void> {
    await mkdir(join(folder, "onnx"), { recursive: true });
    for (const file of ["tokenizer.json", "tokenizer_config.json"])
      await copyFile(join(local, file), join(folder, file));
    const config = {
      model_type: "bert",
      architectures: ["BertForSequenceClassification"],
      id2label: { 0: "relevance" },
    };
    await writeFile(join(folder, "config.json"), JSON.stringify(config));
    const { AutoTokenizer } = await import("@huggingface/transformers");
    const tokenizer = await AutoTokenizer.from_pretrained(local, { local_files_only: true });
    const word = tokenizer("warfarin", { return_tensor: false }).input_ids as unknown as number[];
    const weights = new Float32Array(30_522);
    weights[word[1] as number] = 1;
    const onnx = createOnnxWriter("cross-encoder");
    for (const name of ["input_ids", "attention_mask", "token_type_ids"])
      onnx.input(name, "int64", ["batch", "sequence"]);
    const float = (name: string) => onnx.node("Cast", [name], `${name}_float`, { to: { int: 1 } });
    const [mask, types] = [float("attention_mask"), float("token_type_ids")];
    const counted = onnx.node("Gather", [onnx.floats("weights", [30_522], weights), "input_ids"], "counted");
    const axes = onnx.int64s("axes", [1], [1]);
    const sum = (of: string, name: string) =>
      onnx.node("ReduceSum", [onnx.node("Mul", [counted, of], `${name}_own`), axes], name, { keepdims: { int: 1 } });
    const passage = sum(onnx.node("Mul", [types, mask], "second"), "passage");
    const question = sum(onnx.node("Sub", [mask, types], "first"), "question");
    onnx.node("Mul", [question, passage], "logits");
    onnx.output("logits", "float", ["batch", 1]);
    await writeFile(join(folder, "onnx", "model.onnx"), Buffer.concat(onnx.model()));
  }
});
