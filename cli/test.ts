import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCommand, say } from "#lib/terminal.ts";
import { ensureBrowser } from "./browser.ts";
import { buildAll } from "./build-application.ts";

const root = join(import.meta.dirname, "..");

interface Outcome {
  passed: number;
  failed: number;
  skipped: number;
}

/**
 * Every test: units and databases with vitest, then the built application in a real browser. On the embedded default,
 * and on the real services too where DATABASE_URL, REDIS_URL and S3_ENDPOINT name them.
 */
await runCommand(async () => {
  ensureBrowser();
  await buildAll();
  const results = mkdtempSync(join(tmpdir(), "probatum-results-"));
  try {
    const units = await runVitest(join(results, "vitest.json"));
    const browser = await runPlaywright(join(results, "playwright.json"));
    const total = {
      passed: units.passed + browser.passed,
      failed: units.failed + browser.failed,
      skipped: units.skipped + browser.skipped,
    };
    process.stdout.write(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped\n`);
    return total.failed > 0 || total.passed === 0 ? 1 : 0;
  } finally {
    rmSync(results, { recursive: true, force: true });
  }
});

async function runVitest(file: string): Promise<Outcome> {
  say("— unit and database tests");
  const code = await run([
    "vitest/vitest.mjs",
    "run",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${file}`,
  ]);
  const report = readJson(file);
  const outcome = {
    passed: count(report?.numPassedTests),
    failed: count(report?.numFailedTests),
    skipped: count(report?.numPendingTests) + count(report?.numTodoTests),
  };
  return failedBeyondTests(outcome, code);
}

async function runPlaywright(file: string): Promise<Outcome> {
  say("— browser tests");
  const code = await run(["@playwright/test/cli.js", "test"], { PLAYWRIGHT_JSON_OUTPUT_FILE: file });
  const stats = readJson(file)?.stats as Record<string, number> | undefined;
  const outcome = {
    passed: count(stats?.expected),
    failed: count(stats?.unexpected) + count(stats?.flaky),
    skipped: count(stats?.skipped),
  };
  return failedBeyondTests(outcome, code);
}

// A runner that fails without a failed test (a file that does not load, a crash) is a failure all the same.
function failedBeyondTests(outcome: Outcome, code: number): Outcome {
  return code !== 0 && outcome.failed === 0 ? { ...outcome, failed: 1 } : outcome;
}

function run([script = "", ...args]: string[], env: Record<string, string> = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, "node_modules", script), ...args], {
      cwd: root,
      stdio: ["ignore", "inherit", "inherit"],
      env: { ...process.env, ...env },
    });
    child.on("error", reject);
    child.on("exit", (code) => resolve(code ?? 1));
  });
}

function readJson(file: string): Record<string, unknown> | null {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return null; // the runner ended before it could report: its exit code says so
  }
}

function count(value: unknown): number {
  return typeof value === "number" ? value : 0;
}
