import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import type { BaseMessage } from "@langchain/core/messages";
import { meteredModel } from "../usage/meter.ts";
import { ChatModelError, type ChatModelSettings, type OpenChatModel } from "./types.ts";

export type { ChatModelSettings } from "./types.ts";

/** Every provider, loaded only when it is used. */
export const chatModelProviders = {
  "openai-compatible": () => import("./openai-compatible.ts"),
  none: () => import("./none.ts"),
} as const satisfies Record<string, () => Promise<{ open: OpenChatModel }>>;

export type ChatModelProvider = keyof typeof chatModelProviders;

/** Opens the model that writes answers; null where there is none and answers are extractive. No connection is made. */
export async function openChatModel(settings: ChatModelSettings): Promise<BaseChatModel | null> {
  const { provider } = settings;
  if (!isProvider(provider)) {
    const known = Object.keys(chatModelProviders).join(", ");
    throw new ChatModelError("unknown_provider", provider, `No chat model provider ${provider}; there are ${known}.`);
  }
  const { open } = await chatModelProviders[provider]();
  const model = await open(settings);
  return model && meteredModel(model, settings.model ?? provider);
}

/**
 * Why the model stopped: `stop` when it had said all, `length` when it was cut by a token bound. Null for a stream
 * that merely ceased, which looks like an end to a reader of its pieces and must not be taken for one.
 * Takes the whole message: the joined chunks of a stream, or the answer of a call.
 */
export function finishReason(message: BaseMessage): string | null {
  const { finish_reason: reason } = message.response_metadata as { finish_reason?: unknown };
  return typeof reason === "string" ? reason : null;
}

function isProvider(name: string): name is ChatModelProvider {
  return Object.hasOwn(chatModelProviders, name);
}
