import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Embeddings } from "@langchain/core/embeddings";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ModelServer, startModelServer } from "#lib/chat-models/testing/index.ts";
import { buildLocalModel, cosine, defaultEmbedding, type EmbeddingSettings, openEmbeddings } from "./index.ts";

let modelsDirectory: string;
let server: ModelServer;
beforeAll(async () => {
  modelsDirectory = await mkdtemp(join(tmpdir(), "models-"));
  await buildLocalModel({ target: join(modelsDirectory, "local", "all-MiniLM-L6-v2") });
  server = await startModelServer({ dimensions: 24 });
});
afterAll(async () => {
  await server?.close();
  await rm(modelsDirectory, { recursive: true });
});

const served: EmbeddingSettings = { provider: "openai-compatible", model: "served-model", dimensions: 24 };
const own: EmbeddingSettings = {
  provider: "onnx",
  model: "local/all-MiniLM-L6-v2",
  dimensions: 384,
  options: { dtype: "q8" },
};

describe.each<EmbeddingSettings>([defaultEmbedding, served, own])("embeddings by $provider", (settings) => {
  const open = () => openEmbeddings(settings, { modelsDirectory, baseUrl: server.url });

  it("are LangChain's, with plain finite numbers in the promised dimensions", async () => {
    const embeddings = await open();
    expect(embeddings).toBeInstanceOf(Embeddings);
    const vector = await embeddings.embedQuery("fever in children");
    expect(Array.isArray(vector)).toBe(true);
    expect(vector).toHaveLength(settings.dimensions);
    expect(vector.every(Number.isFinite)).toBe(true);
    expect(Math.hypot(...vector)).toBeCloseTo(1, 4);
  });

  it("keep the order of the documents, alone or together", async () => {
    const embeddings = await open();
    const texts = ["asthma", "a rather longer text about the kidneys and their function", "", "sepsis bundle"];
    const together = await embeddings.embedDocuments(texts);
    expect(together).toHaveLength(texts.length);
    for (const [index, text] of texts.entries()) {
      expect(cosine((await embeddings.embedDocuments([text]))[0] ?? [], together[index] ?? [])).toBeGreaterThan(0.9999);
    }
    expect(await embeddings.embedDocuments([])).toEqual([]);
  });

  it("put a text nearer to one that shares its words than to another", async () => {
    const embeddings = await open();
    const [near = [], far = []] = await embeddings.embedDocuments([
      "metformin and the kidney",
      "broken wrist in plaster",
    ]);
    const query = await embeddings.embedQuery("kidney and metformin");
    expect(cosine(query, near)).toBeGreaterThan(cosine(query, far));
  });

  it("serve ten callers at once", async () => {
    const embeddings = await open();
    const vectors = await Promise.all(Array.from({ length: 10 }, () => embeddings.embedQuery("fever")));
    expect(new Set(vectors.map((vector) => vector.join())).size).toBe(1);
  });

  it("can be warmed, closed and used again", async () => {
    const embeddings = await open();
    await embeddings.warm();
    const before = await embeddings.embedVectors(["fever"]);
    await embeddings.close();
    expect(await embeddings.embedVectors(["fever"])).toEqual(before);
    expect(before[0]).toBeInstanceOf(Float32Array);
  });

  it("refuse options they do not know", async () => {
    const opening = openEmbeddings({ ...settings, options: { poling: "mean" } }, { modelsDirectory });
    await expect(opening).rejects.toMatchObject({ code: "bad_settings", key: settings.provider });
  });

  it("fail where the model's vectors are of another length than promised", async () => {
    if (settings.provider === "local-minilm") return; // Its dimensions are fixed and checked on opening.
    const wrong = { ...settings, dimensions: 100 };
    const embeddings = await openEmbeddings(wrong, { modelsDirectory, baseUrl: server.url });
    await expect(embeddings.embedQuery("fever")).rejects.toMatchObject({ code: "wrong_dimensions" });
    await expect(embeddings.embedDocuments(["fever"])).rejects.toThrow(`${settings.dimensions} dimensions`);
  });
});

describe("an OpenAI-compatible embedding server", () => {
  it("is sent batches, the key and, if asked for, the dimensions", async () => {
    const counted = await startModelServer({ dimensions: 24 });
    const settings = { ...served, dimensions: 8, options: { batchSize: 3, requestDimensions: true } };
    const embeddings = await openEmbeddings(settings, { modelsDirectory, baseUrl: counted.url, apiKey: "sk-own" });
    const texts = Array.from({ length: 7 }, (_, index) => `text ${index}`);
    expect((await embeddings.embedDocuments(texts)).map((vector) => vector.length)).toEqual(texts.map(() => 8));
    expect(counted.requests.map(({ input }) => input.length).sort()).toEqual([1, 3, 3]);
    expect(counted.requests[0]).toMatchObject({
      authorization: "Bearer sk-own",
      model: "served-model",
      body: { dimensions: 8, encoding_format: "base64" },
    });
    await counted.close();
  });

  it("is sent texts of like length together, a few requests at a time", async () => {
    const counted = await startModelServer({ dimensions: 24 });
    const settings = { ...served, options: { batchSize: 2, concurrency: 1 } };
    const embeddings = await openEmbeddings(settings, { modelsDirectory, baseUrl: counted.url });
    const texts = ["aa", "a long text about kidneys", "a", "a longer text about kidneys", "aaa"];
    const together = await embeddings.embedVectors(texts);
    expect(counted.requests.map(({ input }) => input.map((text) => text.length))).toEqual([[27, 25], [3, 2], [1]]);
    for (const [index, text] of texts.entries()) {
      expect((await embeddings.embedVectors([text]))[0]).toEqual(together[index]);
    }
    await counted.close();
  });

  it("is asked no more once the call is aborted or a request failed for good", async () => {
    const abort = new AbortController();
    const counted = await startModelServer({
      dimensions: 24,
      refuseEmbeddings: ({ input }) => {
        if (input[0] === "stop") abort.abort(new Error("enough"));
        return input[0] === "refused" ? { status: 400 } : null;
      },
    });
    const settings = { ...served, options: { batchSize: 1, concurrency: 1 } };
    const embeddings = await openEmbeddings(settings, { modelsDirectory, baseUrl: counted.url });
    await expect(embeddings.embedVectors(["stop", "b", "c"], { signal: abort.signal })).rejects.toThrow("enough");
    await expect(embeddings.embedVectors(["d"], { signal: abort.signal })).rejects.toThrow("enough");
    await expect(embeddings.embedVectors(["refused", "e", "f"])).rejects.toMatchObject({ code: "embedding_failed" });
    await embeddings.embedQuery("last");
    expect(counted.requests.map(({ input }) => input[0])).toEqual(["stop", "refused", "last"]);
    await counted.close();
  });

  it.each([
    [429, undefined, 2],
    [500, undefined, 2],
    [503, 1, 2],
    [503, 3600, 1],
    [401, undefined, 1],
  ])("after %i and Retry-After %s gets %i requests", async (status, retryAfterSeconds, requests) => {
    const busy = await startModelServer({
      dimensions: 24,
      refuseEmbeddings: ({ index }) =>
        index === 0 ? { status, ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) } : null,
    });
    const embeddings = await openEmbeddings(served, { modelsDirectory, baseUrl: busy.url });
    const work = embeddings.embedVectors(["fever"]);
    if (requests === 2) expect(await work).toHaveLength(1);
    else await expect(work).rejects.toMatchObject({ code: "embedding_failed", cause: { status } });
    expect(busy.requests).toHaveLength(requests);
    await busy.close();
  });

  it("is asked again when it is overloaded, and its refusal is named", async () => {
    const busy = await startModelServer({
      dimensions: 24,
      refuseEmbeddings: ({ index, input }) => {
        if (input[0] === "never") return { status: 400 };
        return index === 0 ? { status: 429, retryAfterSeconds: 0 } : null;
      },
    });
    const embeddings = await openEmbeddings(served, { modelsDirectory, baseUrl: busy.url });
    expect(await embeddings.embedQuery("fever")).toHaveLength(24);
    expect(busy.requests).toHaveLength(2);
    const failure = { code: "embedding_failed", key: "served-model", cause: { status: 400 } };
    await expect(embeddings.embedQuery("never")).rejects.toMatchObject(failure);
    expect(busy.requests).toHaveLength(3);
    await busy.close();
  });
});

describe("a user's own ONNX model", () => {
  const open = (options: object) =>
    openEmbeddings({ ...own, options: { dtype: "q8", ...options } }, { modelsDirectory });

  it("has its prefixes put before questions and documents", async () => {
    const plain = await open({});
    const prefixed = await open({ queryPrefix: "query: ", documentPrefix: "passage: " });
    expect(await prefixed.embedQuery("fever")).toEqual(await plain.embedQuery("query: fever"));
    expect(await prefixed.embedDocuments(["fever"])).toEqual(await plain.embedDocuments(["passage: fever"]));
  });

  it("is pooled, scaled and cut as its settings say", async () => {
    const [mean, first, raw, short] = await Promise.all(
      [{}, { pooling: "cls" }, { normalise: false }, { maximumTokens: 8 }].map(async (options) =>
        (await open(options)).embedQuery("one two three four five six seven eight nine"),
      ),
    );
    if (!mean || !first || !raw || !short) throw new Error("no vectors");
    expect(cosine(mean, first)).toBeLessThan(0.95);
    expect(cosine(mean, raw)).toBeCloseTo(1, 5);
    expect(Math.hypot(...raw)).not.toBeCloseTo(1, 1);
    expect(short).toEqual(await (await open({})).embedQuery("one two three four five six"));
  });

  it("says that a weight format is missing", async () => {
    const embeddings = await open({ dtype: "fp16" });
    await expect(embeddings.embedQuery("fever")).rejects.toMatchObject({ code: "model_unreadable" });
  });
});

describe("openEmbeddings", () => {
  it("names the providers there are when asked for another", async () => {
    for (const provider of ["cohere", "toString"]) {
      const opening = openEmbeddings({ ...served, provider }, { modelsDirectory });
      await expect(opening).rejects.toMatchObject({ code: "unknown_provider", key: provider });
      await expect(opening).rejects.toThrow("local-minilm, openai-compatible, onnx");
    }
  });

  it("refuses settings that are none", async () => {
    const opening = openEmbeddings({ ...served, dimensions: 0 }, { modelsDirectory });
    await expect(opening).rejects.toMatchObject({ code: "bad_settings" });
  });
});
