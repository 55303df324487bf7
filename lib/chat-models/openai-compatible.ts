import { ChatOpenAI } from "@langchain/openai";
import { ChatModelError, type ChatModelSettings } from "./types.ts";

/** OpenAI's reasoning models refuse a temperature; everywhere else 0 gives the steadiest wording. */
const refusesTemperature = /^(o\d|gpt-[5-9](?!.*-chat))/;

/**
 * Any server that speaks OpenAI's chat completions: OpenAI, Azure OpenAI's /openai/v1, Ollama, vLLM. Streams with
 * token usage. Overload and lost connections before the first token are tried twice more.
 */
export async function open(settings: ChatModelSettings): Promise<ChatOpenAI> {
  const { model, apiKey, baseUrl, timeoutMilliseconds = 60_000, maximumTokens } = settings;
  if (!model) throw new ChatModelError("bad_settings", "model", "A chat model needs its server's name for it.");
  if (!apiKey && !baseUrl) {
    const message = "A chat model needs an API key, or the address of a server that asks for none.";
    throw new ChatModelError("bad_settings", "apiKey", message);
  }
  return new ChatOpenAI({
    model,
    // Without a key of its own a server must not be sent one that happens to stand in the environment.
    apiKey: apiKey || "none",
    configuration: {
      baseURL: baseUrl || "https://api.openai.com/v1",
      organization: null,
      project: null,
      // A question goes where the operator said, and nowhere that a server points to.
      fetchOptions: { redirect: "error" },
    },
    temperature: refusesTemperature.test(model) ? undefined : 0,
    maxTokens: maximumTokens,
    streamUsage: true,
    timeout: timeoutMilliseconds,
    maxRetries: 2,
  });
}
