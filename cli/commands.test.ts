import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text as textOf } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createConversation } from "#lib/conversations/index.ts";
import { openDeps } from "#lib/deps.ts";
import { buildLocalModel } from "#lib/embeddings/index.ts";
import { readEnv } from "#lib/env.ts";
import { type EmbeddedPostgres, openEmbeddedPostgres } from "#lib/storage/embedded/index.ts";
import { makeViewer } from "#lib/testing/deps.ts";

const root = join(import.meta.dirname, "..");

const article = (pmid: string, title: string, abstract: string) =>
  `<PubmedArticle><MedlineCitation><PMID Version="1">${pmid}</PMID><Article><ArticleTitle>${title}</ArticleTitle>` +
  `<Abstract><AbstractText Label="RESULTS">${abstract}</AbstractText></Abstract><Language>eng</Language></Article>` +
  `</MedlineCitation></PubmedArticle>`;
const good = [
  article(
    "101",
    "Warfarin in atrial fibrillation.",
    "Of 10⁹ 😀 cells none was counted. The starting dose of warfarin in atrial fibrillation was 5 mg daily. It was lower in the old.",
  ),
  article("102", "Metformin and the kidney.", "Metformin was stopped when the eGFR fell below 30 mL/min."),
];
const bad = article("103", "Bad.", "Bad.").replace(/<PMID.*<\/PMID>/, "");
const articles = (...records: string[]) => `<PubmedArticleSet>\n${records.join("\n")}\n</PubmedArticleSet>\n`;

let folder: string;
let dataDirectory: string;
let mixedFile: string;
let goodFile: string;

beforeAll(async () => {
  await buildLocalModel({ target: join(root, "models", "local", "all-MiniLM-L6-v2") });
  folder = await mkdtemp(join(tmpdir(), "probatum-commands-"));
  dataDirectory = join(folder, "data");
  mixedFile = join(folder, "mixed.xml");
  goodFile = join(folder, "good.xml");
  await writeFile(mixedFile, articles(good[0] as string, bad, good[1] as string));
  await writeFile(goodFile, articles(...good));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs a command as `npm run` does, on the test's own data directory and with no other service. */
async function run(script: string, ...parameters: string[]) {
  const { PATH, HOME, TMPDIR, SystemRoot } = process.env;
  const child = spawn(process.execPath, [join("cli", "launch.mjs"), script, ...parameters], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH, HOME, TMPDIR, SystemRoot, DATA_DIR: dataDirectory, MODELS_DIR: "models", NODE_ENV: "production" },
  });
  const [output, errors, [code]] = await Promise.all([textOf(child.stdout), textOf(child.stderr), once(child, "exit")]);
  return { code, output, errors, json: () => jsonLines(output) };
}

/** Every line as JSON; text between them, or none at the end, is an error. */
function jsonLines(output: string): Record<string, unknown>[] {
  expect(output.endsWith("\n")).toBe(true);
  return output
    .slice(0, -1)
    .split("\n")
    .map((line) => JSON.parse(line));
}

// These follow one another on one data directory: making a new one takes seconds.
describe("alone, on a new data directory", () => {
  test("ingest prints a JSON line a failed record and the counts last, and exits with 2", async () => {
    const missing = join(folder, "missing.xml");
    const { code, output, json } = await run("ingest/cli.ts", "pubmed_abstracts", mixedFile, missing, "--json");
    const [first, second, counts, ...rest] = json();
    const bytes = await readFile(mixedFile);
    const position = { record: 2, offset: bytes.indexOf(bad) };
    expect(first).toMatchObject({ file: mixedFile, position, sourceId: null, reason: expect.stringMatching(/PMID/) });
    const nowhere = { record: null, offset: null };
    expect(second).toMatchObject({ file: missing, position: nowhere, reason: expect.stringMatching(/exist/) });
    expect(counts).toMatchObject({ read: 4, added: 2, updated: 0, unchanged: 0, failed: 2, chunks: 2 });
    expect(counts?.seconds).toBeGreaterThan(0);
    expect(rest).toEqual([]);
    expect(output).not.toContain("\u001b");
    expect(code).toBe(2);
  });
});

describe("beside a process that holds the database", () => {
  let owner: EmbeddedPostgres;
  beforeAll(async () => {
    owner = await openEmbeddedPostgres(join(dataDirectory, "postgres"));
    expect(owner.isOwner).toBe(true); // the command before has let go of it
  });
  afterAll(() => owner?.close());

  /** A question put as the application puts it; the id of its stored answer. */
  async function askedInBrowser(question: string) {
    const { DATABASE_URL: _, REDIS_URL: __, ...bare } = process.env;
    const deps = await openDeps(
      readEnv({ ...bare, DATABASE_URL: owner.url, DATA_DIR: dataDirectory, LOG_LEVEL: "silent" }),
    );
    const viewer = await makeViewer(deps);
    const { answer } = await createConversation(deps, viewer, { question, collections: ["pubmed_abstracts"] });
    await deps.running.get(answer.id)?.done;
    return { id: answer.id, close: deps.close };
  }

  test("ingest of what is there writes nothing and exits with 0", async () => {
    const { code, json } = await run("ingest/cli.ts", "pubmed_abstracts", goodFile, "--json");
    const lines = json();
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ read: 2, added: 0, updated: 0, unchanged: 2, failed: 0, chunks: 0 });
    expect(code).toBe(0);
  });

  test("ingest into an unknown collection names the known ones", async () => {
    const unknown = await run("ingest/cli.ts", "pubmet", goodFile, "--json");
    expect(unknown).toMatchObject({ code: 1, output: "" });
    for (const word of ["“pubmet”", "pubmed_abstracts", "pubmed_fulltext", "guidelines", "drug_labels", "--type"])
      expect(unknown.errors).toContain(word);
    expect(unknown.errors).not.toContain("    at ");
  });

  test("ask prints the answer in its form, each quote where its offsets say in the text that document prints", async () => {
    const question = "What was the starting dose of warfarin in atrial fibrillation?";
    const asked = await run("cli/ask.ts", "--json", "--collection", "pubmed_abstracts", question);
    expect(asked.code).toBe(0);
    const [answer, ...rest] = asked.json() as unknown as Answer[];
    expect(rest).toEqual([]);
    expect(answer).toMatchObject({ status: "answered", dropped: 0, gap: null, timings: { total: expect.any(Number) } });
    expect(answer?.sentences.length).toBeGreaterThan(0);
    const citations = answer?.sentences.flatMap((sentence) => sentence.citations) ?? [];
    const shown = await run("cli/document.ts", "pubmed_abstracts", "101", "--json");
    expect(shown.code).toBe(0);
    const [document] = shown.json() as [{ sourceId: string; text: string }];
    expect(document.sourceId).toBe("101");
    for (const citation of citations) {
      expect(Object.keys(citation).sort()).toEqual(citationFields);
      expect(citation).toMatchObject({
        collection: "pubmed_abstracts",
        sourceId: "101",
        section: "RESULTS",
        page: null,
      });
      expect(document.text.slice(citation.start, citation.end)).toBe(citation.quote);
    }
    expect(citations.some(({ quote }) => quote.includes("5 mg daily"))).toBe(true);
  });

  test("ask says what was searched when nothing answers, and which collection is unknown", async () => {
    const [gap, unknown] = await Promise.all([
      run("cli/ask.ts", "--json", "How is acute angle-closure glaucoma treated?"),
      run("cli/ask.ts", "--json", "--collection", "nowhere", "What is the dose of warfarin?"),
    ]);
    expect(gap.code).toBe(0);
    expect(gap.json()).toMatchObject([
      { status: "gap", sentences: [], dropped: 0, gap: { searched: [{ documents: 2 }] }, timings: {} },
    ]);
    expect(unknown).toMatchObject({ code: 1, output: "" });
    expect(unknown.errors).toContain("“nowhere”");
    expect(unknown.errors).not.toContain("    at ");
  });

  test("replay exits with 0 for the same answer, 2 for a changed one, 1 for none", async () => {
    const { id, close } = await askedInBrowser("What was the starting dose of warfarin in atrial fibrillation?");
    try {
      const same = await run("cli/replay.ts", id, "--json");
      expect(same.code, same.errors).toBe(0);
      expect(same.json()).toMatchObject([{ messageId: id, isSame: true, changed: [], sentences: { gone: [] } }]);
      const revised = join(folder, "revised.xml");
      const abstract = "The starting dose of warfarin in atrial fibrillation was 4 mg daily.";
      await writeFile(revised, articles(article("101", "Warfarin in atrial fibrillation.", abstract)));
      expect((await run("ingest/cli.ts", "pubmed_abstracts", revised, "--json")).code).toBe(0);
      const changed = await run("cli/replay.ts", id);
      expect(changed.code).toBe(2);
      expect(changed.output).toContain(`+ ${abstract} [pubmed_abstracts/101]`);
      expect(changed.output).toContain("its text has changed");
      expect(changed.output).toMatch(/Changed: passages, sentences\.\n$/);
    } finally {
      await close();
    }
    const none = await run("cli/replay.ts", "00000000-0000-4000-8000-000000000000", "--json");
    expect(none).toMatchObject({ code: 1, output: "" });
    expect(none.errors).toContain("00000000-0000-4000-8000-000000000000");
    expect(none.errors).not.toContain("    at ");
  });

  test("document names the id that is not there", async () => {
    const { code, output, errors } = await run("cli/document.ts", "pubmed_abstracts", "999", "--json");
    expect({ code, output }).toEqual({ code: 1, output: "" });
    expect(errors).toContain("“999”");
  });

  test("user add prints the password alone", async () => {
    const added = await run("cli/user.ts", "add", "eva@example.org", "--role", "administrator");
    expect(added.code).toBe(0);
    expect(added.output).toMatch(/^\S{12,}\n$/);
  });

  test("all of it went through that process", async () => {
    const held = JSON.parse(await readFile(join(dataDirectory, "postgres", "owner.json"), "utf8"));
    expect(held).toMatchObject({ pid: process.pid, url: owner.url });
  });
});

interface Answer {
  status: string;
  sentences: { text: string; citations: { quote: string; start: number; end: number }[] }[];
}
const citationFields = "collection,end,page,quote,section,sourceId,start,title".split(",");
