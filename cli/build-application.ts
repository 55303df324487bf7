import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, globSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildLocalModel } from "#lib/embeddings/index.ts";
import { readEnv } from "#lib/env.ts";
import { step } from "#lib/terminal.ts";

const root = join(import.meta.dirname, "..");
const stampFile = join(root, ".next", "source-hash");

/** Makes what the application needs beside its source: the local embedding model and the production build. */
export async function buildAll(signal?: AbortSignal): Promise<void> {
  await buildModel();
  await buildApplication(signal);
}

export async function buildModel(): Promise<void> {
  const target = join(readEnv().modelsDirectory, "local", "all-MiniLM-L6-v2");
  await step(
    "embedding model",
    () => buildLocalModel({ target }),
    ({ built }) => (built ? "converted" : "ready"),
  );
}

/** Builds with Next.js, unless nothing that goes into the build has changed since. */
async function buildApplication(signal: AbortSignal | undefined): Promise<void> {
  const hash = sourceHash();
  if (existsSync(stampFile) && readFileSync(stampFile, "utf8") === hash) return;
  await step("application build", async () => {
    rmSync(stampFile, { force: true });
    await runNext(["build"], signal);
    const standalone = join(root, ".next", "standalone");
    cpSync(join(root, ".next", "static"), join(standalone, ".next", "static"), { recursive: true });
    if (existsSync(join(root, "public"))) cpSync(join(root, "public"), join(standalone, "public"), { recursive: true });
    writeFileSync(stampFile, hash);
  });
}

function runNext(args: string[], signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = "";
    const child = spawn(process.execPath, [join(root, "node_modules", "next", "dist", "bin", "next"), ...args], {
      cwd: root,
      env: { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" },
      stdio: ["ignore", "pipe", "pipe"],
      ...(signal && { signal }),
    });
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (output += data));
    child.on("error", reject);
    child.on("exit", (code) => {
      if (code === 0) resolve();
      else reject(new Error(`next ${args.join(" ")} ended with code ${code}:\n${output}`));
    });
  });
}

function sourceHash(): string {
  const files = globSync("{app,lib,db,public}/**/*.*", { cwd: root })
    .concat(globSync("*.{ts,mjs,json}", { cwd: root }))
    .filter((file) => !file.endsWith(".test.ts") && file !== "next-env.d.ts" && statSync(join(root, file)).isFile())
    .sort();
  const hash = createHash("sha256");
  for (const file of files) hash.update(file).update(readFileSync(join(root, file)));
  return hash.digest("hex");
}
