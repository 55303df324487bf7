import { Worker } from "node:worker_threads";

/** Looks while the main thread is busy, too: a decoder that fills the memory does not let it go. */
const watch = `
const { workerData } = require("node:worker_threads");
setInterval(() => {
  if (process.memoryUsage.rss() > workerData) process.kill(process.pid, "SIGKILL");
}, 40);
`;

/** Ends this process by SIGKILL once it holds more than so many MiB, whatever holds them: heap, buffers, native code. */
function limitMemory(mebibytes: number): void {
  const worker = new Worker(watch, {
    eval: true,
    workerData: mebibytes * 1024 * 1024,
    resourceLimits: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 4 },
  });
  worker.unref();
}

/** The limit a parent process names as the first argument, in MiB. */
export function limitMemoryAsTold(): void {
  const mebibytes = Number(process.argv[2]);
  if (!(mebibytes > 0)) throw new RangeError("a process that reads PDFs is started with its memory limit");
  limitMemory(mebibytes);
}
