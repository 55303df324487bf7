import type { BaseChatModel } from "@langchain/core/language_models/chat_models";

export type ChatModelSettings = {
  provider: string;
  /** The server's name of the model; needed by every provider but `none`. */
  model?: string;
  apiKey?: string;
  /** For example `http://127.0.0.1:11434/v1`; without it, OpenAI's own address. */
  baseUrl?: string;
  /** Milliseconds until the server must have begun to answer; 60 seconds if not given. */
  timeoutMilliseconds?: number;
  /** Tokens an answer may have; the server's own bound if not given. */
  maximumTokens?: number;
};

export type OpenChatModel = (settings: ChatModelSettings) => Promise<BaseChatModel | null>;

export type ChatModelErrorCode = "unknown_provider" | "bad_settings";

/** Raised on opening; a call's own errors are LangChain's, named by status. */
export class ChatModelError extends Error {
  readonly code: ChatModelErrorCode;
  readonly key: string;

  constructor(code: ChatModelErrorCode, key: string, message: string) {
    super(message);
    this.name = "ChatModelError";
    this.code = code;
    this.key = key;
  }
}
