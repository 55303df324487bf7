import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import type { AIMessageChunk } from "@langchain/core/messages";
import { concat } from "@langchain/core/utils/stream";
import { afterEach, describe, expect, it } from "vitest";
import { openEmbeddings } from "../embeddings/index.ts";
import { finishReason, openChatModel } from "./index.ts";
import { type ModelServer, type ModelServerScript, startModelServer } from "./testing/index.ts";

let server: ModelServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function open(script: ModelServerScript, settings: object = {}): Promise<[BaseChatModel, ModelServer]> {
  server = await startModelServer(script);
  const model = await openChatModel({
    provider: "openai-compatible",
    model: "test-model",
    baseUrl: server.url,
    ...settings,
  });
  if (!model) throw new Error("no model was opened");
  return [model, server];
}

async function readStream(stream: AsyncIterable<AIMessageChunk>) {
  const pieces: string[] = [];
  let whole: AIMessageChunk | undefined;
  let error: unknown;
  try {
    for await (const chunk of stream) {
      if (chunk.text) pieces.push(chunk.text);
      whole = whole ? concat(whole, chunk) : chunk;
    }
  } catch (caught) {
    error = caught;
  }
  return { pieces, whole, error };
}

describe("no model", () => {
  it("is null", async () => {
    expect(await openChatModel({ provider: "none" })).toBeNull();
  });
});

describe("an OpenAI-compatible server", () => {
  it("streams pieces with usage and a finish reason, at temperature 0", async () => {
    const [model, { requests }] = await open({
      reply: () => ({
        text: ["Apixaban ", "lowers ", "the risk."],
        usage: { prompt_tokens: 11, completion_tokens: 5 },
      }),
    });
    const { pieces, whole } = await readStream(await model.stream("What lowers the risk?"));
    expect(pieces).toEqual(["Apixaban ", "lowers ", "the risk."]);
    expect(whole?.usage_metadata).toMatchObject({ input_tokens: 11, output_tokens: 5, total_tokens: 16 });
    expect(whole && finishReason(whole)).toBe("stop");
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatchObject({
      path: "/v1/chat/completions",
      model: "test-model",
      messages: [{ role: "user", content: "What lowers the risk?" }],
      stream: true,
      body: { temperature: 0, stream_options: { include_usage: true } },
    });
  });

  it("hands over the first piece before the last is said", async () => {
    const gate = Promise.withResolvers<void>();
    const [model] = await open({
      reply: async function* () {
        yield "first ";
        await gate.promise;
        yield "last";
      },
    });
    const pieces: string[] = [];
    for await (const chunk of await model.stream("?")) {
      if (chunk.text) pieces.push(chunk.text);
      if (pieces.length === 1) gate.resolve();
    }
    expect(pieces).toEqual(["first ", "last"]);
  });

  it("answers a plain call, what is said depending on the question", async () => {
    const [model, { requests }] = await open({ reply: ({ messages }) => `You asked: ${messages.at(-1)?.content}` });
    const answer = await model.invoke([
      ["system", "Be brief."],
      ["user", "Why?"],
    ]);
    expect(answer.text).toBe("You asked: Why?");
    expect(answer.usage_metadata).toMatchObject({ input_tokens: 3, output_tokens: 3 });
    expect(requests[0]?.messages.map(({ role }) => role)).toEqual(["system", "user"]);
  });

  it("tries again when the server is overloaded, and gives up after two more", async () => {
    const [model, { requests }] = await open({
      reply: ({ index }) => (index < 1 ? { status: 429, retryAfterSeconds: 0 } : "now"),
    });
    expect((await model.invoke("?")).text).toBe("now");
    expect(requests).toHaveLength(2);

    const [overloaded, { requests: all }] = await open({ reply: () => ({ status: 429, retryAfterSeconds: 0 }) });
    await expect(overloaded.invoke("?")).rejects.toMatchObject({ status: 429 });
    expect(all).toHaveLength(3);
  });

  it("does not try again what cannot succeed", async () => {
    const [model, { requests }] = await open({ reply: () => ({ status: 401, message: "wrong key" }) });
    await expect(model.invoke("?")).rejects.toMatchObject({ status: 401 });
    expect(requests).toHaveLength(1);
  });

  it("fails when the connection breaks midway, after handing over what came", async () => {
    const [model, { requests }] = await open({ reply: () => ({ text: ["half an ", "answer"], cut: true }) });
    const { pieces, error } = await readStream(await model.stream("?"));
    expect(pieces).toEqual(["half an ", "answer"]);
    expect(error).toBeInstanceOf(Error);
    expect(await requests[0]?.ended).toBe("broken");
  });

  it("tells a bounded answer from a finished one", async () => {
    const [model] = await open({ reply: () => ({ text: "and then", finishReason: "length" }) });
    const { whole } = await readStream(await model.stream("?"));
    expect(whole && finishReason(whole)).toBe("length");
    expect(finishReason(await model.invoke("?"))).toBe("length");
  });

  it("stops the server when the reader stops", async () => {
    const abort = new AbortController();
    const never = Promise.withResolvers<void>();
    const [model, { requests }] = await open({
      reply: async function* () {
        yield "first";
        await never.promise;
      },
    });
    const reading = (async () => {
      for await (const chunk of await model.stream("?", { signal: abort.signal })) if (chunk.text) abort.abort();
    })();
    await expect(reading).rejects.toThrow(/abort/i);
    expect(await requests[0]?.ended).toBe("broken");
    never.resolve();
  });

  it("gives up on a server that does not begin to answer", async () => {
    const never = Promise.withResolvers<string>();
    const [model, { requests }] = await open({ reply: () => never.promise }, { timeoutMilliseconds: 50 });
    await expect(model.invoke("?")).rejects.toMatchObject({ name: "TimeoutError" });
    expect(requests).toHaveLength(3);
    never.resolve("");
  });

  it("sends the key it was given, and none from the environment", async () => {
    const kept = process.env.OPENAI_API_KEY;
    process.env.OPENAI_API_KEY = "sk-of-somebody-else";
    try {
      const [keyed, { requests: first }] = await open({ reply: () => "yes" }, { apiKey: "sk-own" });
      await keyed.invoke("?");
      expect(first[0]?.authorization).toBe("Bearer sk-own");
      const [unkeyed, { requests: second }] = await open({ reply: () => "yes" });
      await unkeyed.invoke("?");
      expect(second[0]?.authorization).toBe("Bearer none");
    } finally {
      if (kept === undefined) delete process.env.OPENAI_API_KEY;
      else process.env.OPENAI_API_KEY = kept;
    }
  });

  it("goes nowhere that a server redirects it to", { timeout: 20_000 }, async () => {
    const [, elsewhere] = await open({ reply: () => "yes" });
    const asked: string[] = [];
    const redirecting = createServer((incoming, outgoing) => {
      asked.push(incoming.url ?? "");
      outgoing.writeHead(307, { location: elsewhere.url.replace("/v1", incoming.url ?? "") }).end();
    });
    await new Promise<void>((resolve) => redirecting.listen(0, "127.0.0.1", resolve));
    const baseUrl = `http://127.0.0.1:${(redirecting.address() as AddressInfo).port}/v1`;
    const model = await openChatModel({ provider: "openai-compatible", model: "test-model", baseUrl });
    await expect(model?.invoke("?")).rejects.toThrow();
    const settings = { model: "test-model", dimensions: 24, options: { maximumRetries: 0 } };
    const embeddings = await openEmbeddings(
      { provider: "openai-compatible", ...settings },
      { baseUrl, modelsDirectory: "" },
    );
    await expect(embeddings.embedQuery("?")).rejects.toThrow();
    expect(asked).toEqual(expect.arrayContaining(["/v1/chat/completions", "/v1/embeddings"]));
    expect(elsewhere.requests).toEqual([]);
    redirecting.closeAllConnections();
    redirecting.close();
  });

  it("leaves the temperature out for models that refuse it", async () => {
    for (const [model, temperature] of [
      ["gpt-5-mini", undefined],
      ["o4-mini", undefined],
      ["gpt-4o-mini", 0],
      ["gpt-5-chat-latest", 0],
    ] as const) {
      const [opened, { requests, close }] = await open({ reply: () => "yes" }, { model });
      await opened.invoke("?");
      expect(requests[0]?.body.temperature, model).toBe(temperature);
      await close();
      server = undefined;
    }
  });

  it("is refused without a model, without key and address, and under another name", async () => {
    const refused = [
      [
        { provider: "openai-compatible", apiKey: "k" },
        { code: "bad_settings", key: "model" },
      ],
      [
        { provider: "openai-compatible", model: "m" },
        { code: "bad_settings", key: "apiKey" },
      ],
      [
        { provider: "toString", model: "m" },
        { code: "unknown_provider", key: "toString" },
      ],
    ] as const;
    for (const [settings, error] of refused) await expect(openChatModel(settings)).rejects.toMatchObject(error);
  });
});
