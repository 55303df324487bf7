import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import type { AIMessageChunk } from "@langchain/core/messages";
import { z } from "zod";
import { finishReason } from "../chat-models/index.ts";
import type { Passage } from "./passage.ts";
import { answerPrompt } from "./prompts.ts";
import type { ProposedSentence } from "./verify/index.ts";

const line = z.object({
  text: z.string(),
  quotes: z.array(z.object({ passage: z.number().int(), quote: z.string() })),
});

export interface WriteInput {
  model: BaseChatModel;
  question: string;
  earlierQuestions: string[];
  passages: Passage[];
  signal?: AbortSignal;
  /** Told the tokens of prompt and answer once the model has said them. */
  onTokens?: (tokens: number) => void;
}

/**
 * The written answer, sentence by sentence as the model's lines arrive. What is not a line of the agreed form becomes a
 * sentence without quotes, which the verifier drops and counts: nothing of a model's output vanishes unseen.
 */
export async function* writeSentences(input: WriteInput): AsyncIterable<ProposedSentence> {
  const messages = await answerPrompt(input);
  const stream = await input.model.stream(messages, { ...(input.signal && { signal: input.signal }) });
  let pending = "";
  let whole: AIMessageChunk | undefined;
  for await (const chunk of stream) {
    whole = whole ? whole.concat(chunk) : chunk;
    const tokens = chunk.usage_metadata?.total_tokens;
    if (tokens) input.onTokens?.(tokens);
    pending += chunk.text;
    const lines = pending.split("\n");
    pending = lines.pop() ?? "";
    for (const written of lines) yield* parseLine(written);
  }
  // A stream that merely ceases looks like an end: a half-written answer must not pass for a whole one.
  const reason = whole && finishReason(whole);
  if (reason !== "stop") {
    throw new Error(reason === "length" ? "its answer was cut at the token limit." : "its answer broke off.");
  }
  yield* parseLine(pending);
}

function* parseLine(written: string): Iterable<ProposedSentence> {
  const text = written.trim();
  if (text === "" || text.startsWith("```")) return;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    yield { text, group: null, quotes: [] };
    return;
  }
  if (typeof value === "object" && value !== null && "insufficient" in value) return;
  const parsed = line.safeParse(value);
  yield parsed.success ? { ...parsed.data, group: null } : { text, group: null, quotes: [] };
}
