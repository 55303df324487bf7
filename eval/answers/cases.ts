import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { questionFilters, redirection } from "#lib/domain.ts";

const pattern = z.string().min(1).refine(isPattern, "expected a regular expression");

/**
 * One question and what a right answer to it is; a line of JSON. Strict, so that a mistyped field does not weaken a case
 * in silence.
 */
export const answerCase = z
  .strictObject({
    /** Names the case in reports and decides its half; unique in its file. */
    id: z.string().min(1),
    question: z.string().min(1),
    /** Asked before in the conversation, oldest first. */
    earlier: z.array(z.string()).default([]),
    /** Slugs; none means all. */
    collections: z.array(z.string()).default([]),
    filters: questionFilters.default({}),
    /**
     * `gap`: the collections do not answer it, and the honest reply says so; `any`: all that is known is what must not
     * be said.
     */
    expectation: z.enum(["answered", "gap", "redirected", "any"]),
    /** Of a redirected one. */
    redirection: redirection.shape.kind.optional(),
    /** What the sentences of a right answer say: regular expressions, in any case, each over all sentences together. */
    mustInclude: z.array(pattern).default([]),
    /** What they must not say. */
    mustNotInclude: z.array(pattern).default([]),
    /**
     * The documents that answer, as `<collection>/<source id>` or `<collection>/<beginning of the title>`; a right
     * answer cites at least one.
     */
    sources: z.array(z.string().regex(/^[^/]+\/.+$/, "expected <collection>/<source id>")).default([]),
    /** For figures of a part: `es`, `follow-up`. */
    tags: z.array(z.string()).default([]),
  })
  .refine(({ expectation, redirection: kind }) => kind === undefined || expectation === "redirected", {
    message: "only a redirected case has a redirection",
  })
  .refine(
    ({ expectation, mustInclude, sources }) => expectation === "answered" || mustInclude.length + sources.length === 0,
    {
      message: "only an answered case has statements and sources",
    },
  );
export type AnswerCase = z.infer<typeof answerCase>;

/** The cases over the sample collections. */
export const sampleCases = fileURLToPath(new URL("./cases.jsonl", import.meta.url));

/** @throws Error naming the file and line that is no case, or an id that comes twice */
export async function readCases(file: string): Promise<AnswerCase[]> {
  const lines = (await readFile(file, "utf8")).split("\n");
  const cases = lines.flatMap((line, at) => (line.trim() === "" ? [] : [parseCase(line, `${file}, line ${at + 1}`)]));
  const ids = new Set<string>();
  for (const { id } of cases) {
    if (ids.has(id)) throw new Error(`${file}: the id “${id}” comes twice.`);
    ids.add(id);
  }
  if (cases.length === 0) throw new Error(`${file} holds no case.`);
  return cases;
}

function parseCase(line: string, place: string): AnswerCase {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw new Error(`${place}: no JSON.`, { cause });
  }
  const parsed = answerCase.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Error(`${place}: ${z.prettifyError(parsed.error)}`);
}

function isPattern(text: string): boolean {
  try {
    new RegExp(text, "iu");
    return true;
  } catch {
    return false;
  }
}
