import type { Env } from "../env.ts";

/** Millionths of a US dollar: a price in dollars for a million tokens is one in millionths for each. */
export function costMicros(
  env: Pick<Env, "MODEL_INPUT_PRICE" | "MODEL_OUTPUT_PRICE">,
  tokens: { inputTokens: number; outputTokens: number },
): number {
  return Math.ceil(tokens.inputTokens * env.MODEL_INPUT_PRICE + tokens.outputTokens * env.MODEL_OUTPUT_PRICE);
}
