// Loaded into a process that is measured: on SIGUSR2 it collects its garbage and writes down what it then holds, so that
// what is counted is not what merely has not been collected yet.
import { writeFileSync } from "node:fs";
import v8 from "node:v8";
import vm from "node:vm";

const file = process.env.FAULTS_MEMORY_FILE;
if (file) {
  v8.setFlagsFromString("--expose-gc");
  const collect = vm.runInNewContext("gc");
  process.on("SIGUSR2", () => {
    collect();
    collect();
    // Freed pages are given back a moment later.
    setTimeout(() => writeFileSync(file, JSON.stringify(process.memoryUsage())), 1_000).unref();
  });
}
