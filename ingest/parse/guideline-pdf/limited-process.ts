import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import type { Failure } from "./types.ts";

export interface ProcessSettings {
  /** Heap of the process, in MiB. */
  heapLimitMb: number;
  /** All its memory, in MiB; past it the process is killed. */
  memoryLimitMb: number;
  /** The process is let go after this long without work. */
  idleMs: number;
  /** What the program needs beyond reading files: `--allow-addons`, `--allow-worker`. */
  permissions: readonly string[];
}

/**
 * A program of this folder in a process of its own: without write access, child processes or network, with limits of
 * memory and time. What kills or hangs it costs the question asked; the next question gets a new process.
 */
export class LimitedProcess<Question extends object, Answer extends object> {
  private readonly program: string;
  private readonly settings: ProcessSettings;
  private child: ChildProcess | null = null;
  private idle: NodeJS.Timeout | null = null;

  constructor(program: string, settings: ProcessSettings) {
    this.program = program;
    this.settings = settings;
  }

  /** One question at a time; the caller sees to that. */
  ask(question: Question, timeLimitMs: number): Promise<Answer | Failure> {
    if (this.idle) clearTimeout(this.idle);
    const child = this.start();
    child.ref();
    child.channel?.ref();
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        settle({ kind: "failure", code: "timeout", reason: `it took longer than ${timeLimitMs / 1000} s` });
        this.close();
      }, timeLimitMs);
      const onExit = (code: number | null, signal: string | null) => {
        if (this.child === child) this.child = null;
        settle(this.failureOf(code, signal));
      };
      const settle = (answer: Answer | Failure) => {
        clearTimeout(timer);
        child.off("exit", onExit);
        child.off("message", settle);
        this.rest(child);
        resolve(answer);
      };
      child.once("exit", onExit);
      child.once("message", settle as (answer: unknown) => void);
      child.send(question);
    });
  }

  close(): void {
    if (this.idle) clearTimeout(this.idle);
    this.child?.kill("SIGKILL");
    this.child = null;
  }

  private failureOf(code: number | null, signal: string | null): Failure {
    const { heapLimitMb, memoryLimitMb } = this.settings;
    // V8 aborts at the heap's limit; the process kills itself at the limit of all its memory.
    if (signal === "SIGKILL" || signal === "SIGABRT" || code === 134) {
      const reason = `it needs more than ${heapLimitMb} MiB of heap or ${memoryLimitMb} MiB of memory`;
      return { kind: "failure", code: "too_large", reason };
    }
    return {
      kind: "failure",
      code: "malformed",
      reason: `it ended its process ${signal ? `by ${signal}` : `with code ${code}`}`,
    };
  }

  private start(): ChildProcess {
    if (this.child?.connected) return this.child;
    const { heapLimitMb, memoryLimitMb, permissions } = this.settings;
    const child = fork(join(import.meta.dirname, this.program), [String(memoryLimitMb)], {
      serialization: "advanced",
      stdio: ["ignore", "ignore", "ignore", "ipc"],
      env: { NODE_ENV: "production" },
      execArgv: [
        "--permission",
        "--allow-fs-read=*",
        "--allow-worker",
        ...permissions,
        `--max-old-space-size=${heapLimitMb}`,
        "--disable-warning=ExperimentalWarning",
        "--disable-warning=SecurityWarning",
      ],
    });
    // Errors of starting or sending show as its exit; without a listener they would end this process.
    child.on("error", () => child.kill("SIGKILL"));
    this.child = child;
    return child;
  }

  /** Waiting for more work does not keep this process alive. */
  private rest(child: ChildProcess): void {
    child.unref();
    child.channel?.unref();
    this.idle = setTimeout(() => {
      if (this.child === child) this.close();
    }, this.settings.idleMs);
    this.idle.unref();
  }
}
