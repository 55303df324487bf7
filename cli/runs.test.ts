import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text as textOf } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildLocalModel } from "#lib/embeddings/index.ts";
import { readEnv } from "#lib/env.ts";
import { type EmbeddedPostgres, openEmbeddedPostgres } from "#lib/storage/embedded/index.ts";
import { keepWorker } from "./worker-process.ts";

const root = join(import.meta.dirname, "..");
const lines = (...ids: number[]) =>
  ids.map((id) => JSON.stringify({ _id: `d${id}`, title: `Trial ${id}`, text: `Arm ${id} did better.` })).join("\n");

let folder: string;
let file: string;
let owner: EmbeddedPostgres;
const environment = () => {
  const { PATH, HOME, TMPDIR, SystemRoot } = process.env;
  const DATA_DIR = join(folder, "data");
  return { PATH, HOME, TMPDIR, SystemRoot, DATA_DIR, MODELS_DIR: "models", NODE_ENV: "production" as const };
};
beforeAll(async () => {
  await buildLocalModel({ target: join(root, "models", "local", "all-MiniLM-L6-v2") });
  folder = await mkdtemp(join(tmpdir(), "probatum-runs-"));
  file = join(folder, "corpus.jsonl");
  await writeFile(file, `${lines(1, 2)}\n{not JSON\n${lines(3)}`);
  owner = await openEmbeddedPostgres(join(folder, "data", "postgres"));
});
afterAll(async () => {
  await owner?.close();
  await rm(folder, { recursive: true, force: true });
});

function start(script: string, ...parameters: string[]): ChildProcess {
  return spawn(process.execPath, [join("cli", "launch.mjs"), script, ...parameters], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    env: environment(),
  });
}

/** Runs a command as `npm run` does, beside the process that holds the test's own database. */
async function run(script: string, ...parameters: string[]) {
  const child = start(script, ...parameters);
  const streams = [child.stdout, child.stderr].map((stream) => textOf(stream as NodeJS.ReadableStream));
  const [output = "", errors = ""] = await Promise.all(streams);
  const code = child.exitCode ?? (await once(child, "exit"))[0];
  return {
    code,
    output,
    errors,
    json: () =>
      output
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line)),
  };
}

// These follow one another on one database.
describe("the commands of runs and collections", () => {
  let left: string;

  test("ingest --dry-run says what would change and writes nothing", async () => {
    const { code, json } = await run("ingest/cli.ts", "trials", file, "--type", "beir", "--dry-run", "--json");
    expect(json().at(-1)).toMatchObject({ dryRun: true, read: 4, added: 3, failed: 1, status: "complete" });
    expect(code).toBe(2);
    const shown = await run("cli/collection.ts", "show", "trials", "--json");
    expect(shown.json()[0]).toMatchObject({ documents: 0, chunks: 0, lastCompleteRun: null });
  });

  test("ingest --detach leaves the run to a worker and prints its id", async () => {
    const detached = await run("ingest/cli.ts", "trials", file, "--detach");
    expect(detached).toMatchObject({ code: 0, output: expect.stringMatching(/^[0-9a-f-]{36}\n$/) });
    left = detached.output.trim();
    const shown = await run("cli/runs.ts", "show", left, "--json");
    expect(shown.code).toBe(0);
    expect(shown.json()[0]).toMatchObject({ id: left, status: "queued", request: { kind: "files", paths: [file] } });
  });

  test("runs pause, resume and list it; what is paused is not cancelled twice", async () => {
    expect((await run("cli/runs.ts", "pause", left, "--json")).json()[0]).toMatchObject({ status: "paused" });
    expect((await run("cli/runs.ts", "show", left)).code).toBe(3);
    const paused = await run("cli/runs.ts", "list", "--status", "paused", "--json");
    expect(paused.json().map(({ id }) => id)).toEqual([left]);
    expect((await run("cli/runs.ts", "resume", left, "--json")).json()[0]).toMatchObject({ status: "queued" });
    const again = await run("cli/runs.ts", "resume", left);
    expect(again).toMatchObject({ code: 1, output: "", errors: expect.stringContaining(`${left} is queued`) });
  });

  test("a worker carries it out while watch shows it, and ends with 0 on SIGTERM", async () => {
    const worker = start("ingest/worker.ts");
    const log = textOf(worker.stderr as NodeJS.ReadableStream);
    const watched = await run("cli/runs.ts", "watch", left, "--json");
    worker.kill("SIGTERM");
    const [code] = await once(worker, "exit");
    expect(await log).toContain("a run's end");
    expect(code).toBe(0);
    expect(watched.json().at(-1)).toMatchObject({ status: "complete", read: 4, failed: 1 });
    expect(watched.code).toBe(2);
  });

  test("failures names the record, and retry takes it in once it is mended", async () => {
    const failures = await run("cli/runs.ts", "failures", left, "--json");
    expect(failures.json()).toMatchObject([{ file, record: 3, code: "malformed", resolvedBy: null }]);
    await writeFile(file, lines(1, 2, 3, 4));
    const retried = await run("ingest/cli.ts", "--retry", left, "--json");
    expect(retried.json().at(-1)).toMatchObject({ read: 4, added: 1, unchanged: 3, failed: 0 });
    expect(retried.code).toBe(0);
    const settled = await run("cli/runs.ts", "retry", left);
    expect(settled).toMatchObject({ code: 1, errors: expect.stringContaining("no failed records left") });
  });

  test("collection schedules a source, and names what is wrong with one", async () => {
    const source = ["--source", "pubmed-query", "--query", "gout", "--from", "2026-01-01"];
    const made = await run(
      "cli/collection.ts",
      "schedule",
      "pubmed_abstracts",
      "--cron",
      "0 3 * * *",
      ...source,
      "--json",
    );
    const [schedule] = made.json();
    expect(schedule).toMatchObject({
      cron: "0 3 * * *",
      request: { kind: "pubmed-query", query: "gout", dateType: "mdat" },
    });
    const disabled = await run("cli/collection.ts", "disable", schedule.id, "--json");
    expect(disabled.json()[0]).toMatchObject({ enabled: false, nextAt: null });
    const wrong = await run("cli/collection.ts", "schedule", "pubmed_abstracts", "--cron", "0 3 * *", ...source);
    expect(wrong).toMatchObject({ code: 1, output: "", errors: expect.stringContaining("five fields") });
    const unknown = await run("ingest/cli.ts", "pubmed_abstracts", "--source", "pubmed", "--query", "gout");
    expect(unknown).toMatchObject({ code: 1, output: "", errors: expect.stringContaining("pubmed-query") });
    expect((await run("cli/collection.ts", "unschedule", schedule.id)).code).toBe(0);
    expect((await run("cli/collection.ts", "schedules", "--json")).output).toBe("");
  });

  test("collection list and show give figures; going back where there is nothing is refused", async () => {
    const listed = await run("cli/collection.ts", "list");
    expect(listed.output).toMatch(/^COLLECTION .*\n/);
    expect(listed.output).toMatch(/^trials +4 +4 /m);
    const shown = await run("cli/collection.ts", "show", "trials", "--json");
    expect(shown.json()[0]).toMatchObject({ documents: 4, spaces: [{ state: "active", vectors: 4, missing: 0 }] });
    const back = await run("cli/collection.ts", "rollback", "trials");
    expect(back).toMatchObject({ code: 1, errors: expect.stringContaining("no earlier space") });
    expect(back.errors).not.toContain("    at ");
  });
});

test("a worker kept beside the server is started again when it dies, and ends when it is stopped", async () => {
  const script = join(folder, "dying.mjs");
  const seen = join(folder, "seen");
  // Dies twice at once, the third time it stays until SIGTERM.
  await writeFile(
    script,
    `import { appendFileSync, readFileSync } from "node:fs";
     appendFileSync(${JSON.stringify(seen)}, "x");
     if (readFileSync(${JSON.stringify(seen)}).length < 3) process.exit(1);
     setInterval(() => undefined, 1000);
     process.on("SIGTERM", () => { appendFileSync(${JSON.stringify(seen)}, "."); process.exit(0); });
     appendFileSync(${JSON.stringify(seen)}, "y");`,
  );
  const keeper = keepWorker(readEnv({ DATA_DIR: folder }), script, { first: 1, longest: 2, healthyAfter: 60_000 });
  await expect.poll(() => readFile(seen, "utf8").catch(() => ""), { timeout: 20_000 }).toBe("xxxy");
  await keeper.stop();
  expect(await readFile(seen, "utf8")).toBe("xxxy.");
});
