// The first thing that runs, on whatever Node (20 or newer) the machine has: installs the locked dependencies when they
// are missing or out of date, then hands over to the Node that is pinned among them.
// usage: node cli/launch.mjs <script.ts> [arguments…]
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import nodeModule from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { ingestFlags } from "./ingest-flags.mjs";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const requiredMajor = 24;
/** Since Node 22.1: keeps compiled code, so that commands start faster. */
const { enableCompileCache } = nodeModule;
const [script, ...args] = process.argv.slice(2);

function installDependencies() {
  const lock = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  const stamp = join(root, "node_modules", ".probatum-lock");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === lock) return;
  // A tree that npm itself laid from this lock needs no second installation.
  const isInstalled = existsSync(join(root, "node_modules", ".package-lock.json"));
  const isCurrent = isInstalled && spawnSync("npm", ["ls", "--silent"], { cwd: root, shell: isWindows() }).status === 0;
  if (!isCurrent) {
    console.error("Installing dependencies (about 1.8 GB, one to three minutes)…");
    const { status } = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
      cwd: root,
      stdio: ["ignore", 2, 2],
      shell: isWindows(),
      env: { ...process.env, ONNXRUNTIME_NODE_INSTALL_CUDA: "skip" },
    });
    if (status !== 0) fail("npm ci failed (see above). A package registry must be reachable for the first start.");
  }
  writeFileSync(stamp, lock);
}

function findRuntime() {
  if (Number(process.versions.node.split(".")[0]) >= requiredMajor) return process.execPath;
  const binary = isWindows() ? "node.exe" : "bin/node";
  const pinned = join(root, "node_modules", `node-${isWindows() ? "win" : process.platform}-${process.arch}`, binary);
  if (existsSync(pinned)) return pinned;
  return fail(
    `Probatum needs Node ${requiredMajor} or newer; this is ${process.version}, and no pinned Node exists for ` +
      `${process.platform}-${process.arch}. Install Node ${requiredMajor} (https://nodejs.org) and start again.`,
  );
}

function isWindows() {
  return process.platform === "win32";
}

function fail(message) {
  console.error(message);
  process.exit(1);
}

if (!script) fail("usage: node cli/launch.mjs <script> [arguments…]");
if (Number(process.versions.node.split(".")[0]) < 20)
  fail(`Probatum needs Node 20 or newer to begin; this is ${process.version}.`);
installDependencies();
const runtime = findRuntime();
process.chdir(root);
const flags = /^ingest[\\/]/.test(script) ? ingestFlags : [];
if (runtime === process.execPath && flags.every((flag) => process.execArgv.includes(flag))) {
  process.argv = [process.execPath, join(root, script), ...args];
  enableCompileCache?.();
  try {
    await import(pathToFileURL(join(root, script)).href);
  } catch (error) {
    if (!String(error?.code).startsWith("ERR_PARSE_ARGS")) throw error;
    fail(error.message); // a mistyped option is no bug of ours: its name is enough
  }
} else {
  const path = [dirname(runtime), process.env.PATH].join(isWindows() ? ";" : ":");
  const child = spawn(runtime, [...flags, join(root, script), ...args], {
    stdio: "inherit",
    env: { ...process.env, PATH: path },
  });
  // Ctrl-C reaches the child by itself; this process only waits. Other signals are handed on.
  process.on("SIGINT", () => undefined);
  for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("exit", (code, signal) => process.exit(signal ? 128 : (code ?? 1)));
}
