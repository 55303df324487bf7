import { z } from "zod";
import { EmbeddingError, type EmbeddingSettings } from "./types.ts";

/** A provider's own reading of the settings; `bad_settings` names what does not fit. */
export function parseSettings<Schema extends z.ZodType>(
  provider: string,
  schema: Schema,
  settings: EmbeddingSettings,
): z.infer<Schema> {
  const result = schema.safeParse(settings);
  if (result.success) return result.data;
  const message = `The ${provider} embedding settings do not fit:\n${z.prettifyError(result.error)}`;
  throw new EmbeddingError("bad_settings", provider, message, { cause: result.error });
}
