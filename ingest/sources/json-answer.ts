import type { z } from "zod";
import { firstIssue, SourceError } from "./source-error.ts";

/**
 * A JSON answer in its expected form. Raw control characters inside strings (E-utilities sends line breaks in its error
 * messages) are read as spaces. @throws SourceError `changed_form` that names the address and the field
 */
export function parseJson<Schema extends z.ZodType>(url: URL, text: string, schema: Schema): z.infer<Schema> {
  let value: unknown;
  try {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what has to go
    value = JSON.parse(text.replace(/[\u0000-\u001f]+/g, " "));
  } catch (cause) {
    const start = text.slice(0, 60).replace(/\s+/g, " ");
    throw new SourceError("changed_form", url, `the answer is no JSON; it begins with ${start}`, { cause });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new SourceError("changed_form", url, firstIssue(parsed.error), { cause: parsed.error });
}
