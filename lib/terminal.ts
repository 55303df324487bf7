import { stderr } from "node:process";

/** Progress for a person, on standard error; one line a step, with its time once it is done. */
export async function step<T>(name: string, work: () => Promise<T>, describe?: (result: T) => string): Promise<T> {
  const started = performance.now();
  stderr.write(`  ${name} …`);
  try {
    const result = await work();
    const note = describe?.(result);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    stderr.write(`${stderr.isTTY ? "\r\u001b[K" : "\n"}  ✓ ${name}${note ? `: ${note}` : ""} (${seconds} s)\n`);
    return result;
  } catch (error) {
    stderr.write(`${stderr.isTTY ? "\r\u001b[K" : "\n"}  ✗ ${name}\n`);
    throw error;
  }
}

export function say(line = ""): void {
  stderr.write(`${line}\n`);
}

/** Runs a command's work; an error is printed by its message, a bug with its stack; the exit code says it failed. */
export async function runCommand(work: () => Promise<number | undefined>): Promise<void> {
  try {
    process.exitCode = (await work()) ?? 0;
  } catch (error) {
    const isExpected =
      error instanceof Error && error.constructor !== TypeError && error.constructor !== ReferenceError;
    say(`\n${isExpected ? (error as Error).message : ((error as Error).stack ?? String(error))}`);
    process.exitCode = 1;
  }
}
