import { AsyncLocalStorage } from "node:async_hooks";
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import type { AIMessageChunk, BaseMessage } from "@langchain/core/messages";

export interface ModelCall {
  model: string;
  inputTokens: number;
  outputTokens: number;
}

/** Told of each call of a chat model once it has ended, however it ended. */
export type Meter = (call: ModelCall) => Promise<void>;

const meters = new AsyncLocalStorage<Meter>();

/** Runs work whose calls of chat models are told to `meter`. */
export function metered<Result>(meter: Meter, work: () => Promise<Result>): Promise<Result> {
  return meters.run(meter, work);
}

/** Characters a token has at the least, where the server did not say how many there were. */
const charactersPerToken = 3;

/** The model, with each call told to the meter under which it was begun. */
export function meteredModel<Model extends BaseChatModel>(model: Model, name: string): Model {
  async function tell(input: unknown, said: string, message: BaseMessage | undefined): Promise<void> {
    const usage = (message as AIMessageChunk | undefined)?.usage_metadata;
    const estimated = (text: string) => Math.ceil(text.length / charactersPerToken);
    await meters.getStore()?.({
      model: name,
      inputTokens: usage?.input_tokens ?? estimated(textOf(input)),
      outputTokens: usage?.output_tokens ?? estimated(said),
    });
  }

  const invoke: BaseChatModel["invoke"] = async (input, options) => {
    let answer: AIMessageChunk | undefined;
    try {
      answer = (await model.invoke(input, options)) as AIMessageChunk;
      return answer;
    } finally {
      // Whoever stops waiting has asked all the same.
      await tell(input, answer?.text ?? "", answer);
    }
  };
  const stream: BaseChatModel["stream"] = async (input, options) => {
    const begun = (await model.stream(input, options)) as AsyncIterable<AIMessageChunk>;
    async function* told() {
      let said = "";
      let last: AIMessageChunk | undefined;
      try {
        for await (const chunk of begun) {
          said += chunk.text;
          if (chunk.usage_metadata) last = chunk;
          yield chunk;
        }
      } finally {
        await tell(input, said, last);
      }
    }
    return told() as unknown as Awaited<ReturnType<BaseChatModel["stream"]>>;
  };
  return Object.assign(Object.create(model) as Model, { invoke, stream });
}

function textOf(input: unknown): string {
  if (typeof input === "string") return input;
  if (!Array.isArray(input)) return "";
  return input
    .map((message: unknown) => (Array.isArray(message) ? String(message[1]) : String((message as BaseMessage).text)))
    .join("\n");
}
