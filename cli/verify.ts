import { spawn } from "node:child_process";
import { join } from "node:path";
import { runCommand, say } from "#lib/terminal.ts";

const root = join(import.meta.dirname, "..");

/** What a commit must pass beside its tests; each line can be run alone with npx. */
const checks = [
  { name: "format and lint", command: ["@biomejs/biome/bin/biome", "check", "--error-on-warnings", "."] },
  { name: "types", command: ["typescript/bin/tsc", "--noEmit"] },
  {
    name: "import direction",
    command: [
      "dependency-cruiser/bin/dependency-cruiser.mjs",
      "--config",
      "dependency-cruiser.mjs",
      "app",
      "lib",
      "db",
      "ingest",
      "cli",
      "e2e",
      "bench",
      "eval",
    ],
  },
  { name: "dead code", command: ["knip/bin/knip.js"] },
];

await runCommand(async () => {
  const failed: string[] = [];
  for (const { name, command } of checks) {
    say(`— ${name}`);
    const [script = "", ...args] = command;
    if ((await run([join(root, "node_modules", script), ...args])) !== 0) failed.push(name);
  }
  say(failed.length === 0 ? "All checks passed." : `Failed: ${failed.join(", ")}.`);
  return failed.length === 0 ? 0 : 1;
});

function run(command: string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, command, { cwd: root, stdio: "inherit" });
    child.on("error", reject);
    child.on("exit", (code) => resolve(code ?? 1));
  });
}
