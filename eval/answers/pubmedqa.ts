import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { defineCollection, ingest } from "#ingest/index.ts";
import type { Deps } from "#lib/deps.ts";
import { type AnswerCase, answerCase } from "./cases.ts";

/** PubMedQA's labelled form (Jin et al. 2019, https://github.com/pubmedqa/pubmedqa): by PMID, its question and abstract. */
const file = z.record(z.string(), z.object({ QUESTION: z.string().min(1), CONTEXTS: z.array(z.string()).min(1) }));

const slug = "pubmedqa";

/**
 * The abstracts of a PubMedQA file as a collection, without the titles their questions were made from, and its questions
 * as cases that are right when they cite their own abstract.
 * @throws Error when the file has another form, or an abstract cannot be taken in
 */
export async function preparePubmedqa(deps: Deps, path: string, signal?: AbortSignal): Promise<AnswerCase[]> {
  const parsed = file.safeParse(JSON.parse(await readFile(path, "utf8")));
  if (!parsed.success) throw new Error(`${path} is no PubMedQA file: ${z.prettifyError(parsed.error)}`);
  const entries = Object.entries(parsed.data);
  const folder = await mkdtemp(join(tmpdir(), "probatum-pubmedqa-"));
  try {
    const corpus = join(folder, "corpus.jsonl");
    const lines = entries.map(([id, { CONTEXTS }]) =>
      JSON.stringify({ _id: id, title: "", text: CONTEXTS.join("\n\n") }),
    );
    await writeFile(corpus, `${lines.join("\n")}\n`);
    await ingest(deps, {
      collection: await defineCollection(deps, slug, "beir"),
      request: { kind: "files", paths: [corpus] },
      ...(signal && { signal }),
      onFailure: ({ position, reason }) => {
        throw new Error(`abstract ${position.record}: ${reason}`);
      },
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return entries.map(([id, { QUESTION }]) =>
    answerCase.parse({
      id,
      question: QUESTION,
      expectation: "answered",
      collections: [slug],
      sources: [`${slug}/${id}`],
    }),
  );
}
