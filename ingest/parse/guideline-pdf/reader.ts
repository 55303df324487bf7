import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import { RecordError } from "../record-error.ts";
import type { PdfAnswer, PdfReading } from "./types.ts";

export interface ReaderSettings {
  /** A file that takes longer is given up. */
  timeLimitMs: number;
  /** Heap of the reading process, in MiB. */
  memoryLimitMb: number;
  /** The process is let go after this long without work. */
  idleMs: number;
}

export const defaultReaderSettings: ReaderSettings = { timeLimitMs: 180_000, memoryLimitMb: 1024, idleMs: 3_000 };

/**
 * Reads PDFs in a process of their own, one at a time, without network, write access or child processes. A file that
 * kills it, hangs it or eats its memory costs that file: the next one gets a new process.
 */
export class PdfReader {
  private readonly settings: ReaderSettings;
  private child: ChildProcess | null = null;
  private idle: NodeJS.Timeout | null = null;
  private queue: Promise<unknown> = Promise.resolve();

  constructor(settings: ReaderSettings = defaultReaderSettings) {
    this.settings = settings;
  }

  /** Throws RecordError: `encrypted`, `malformed`, `no_text`, `too_large`, `timeout`. */
  async read(bytes: Uint8Array): Promise<PdfReading> {
    const turn = this.queue.then(() => this.ask(bytes));
    this.queue = turn.catch(() => undefined);
    const answer = await turn;
    if (answer.kind === "failure") throw new RecordError(answer.code, answer.reason);
    return answer.reading;
  }

  close(): void {
    if (this.idle) clearTimeout(this.idle);
    this.child?.kill("SIGKILL");
    this.child = null;
  }

  private ask(bytes: Uint8Array): Promise<PdfAnswer> {
    if (this.idle) clearTimeout(this.idle);
    const child = this.start();
    child.ref();
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.close();
        const seconds = this.settings.timeLimitMs / 1000;
        settle({ kind: "failure", code: "timeout", reason: `the PDF was not read within ${seconds} s` });
      }, this.settings.timeLimitMs);
      const onExit = (code: number | null, signal: string | null) => {
        if (this.child === child) this.child = null;
        const how = signal ? `by ${signal}` : `with code ${code}`;
        const reason = `reading the PDF ended its process ${how} (memory limit ${this.settings.memoryLimitMb} MiB)`;
        settle({ kind: "failure", code: signal === "SIGABRT" || code === 134 ? "too_large" : "malformed", reason });
      };
      const settle = (answer: PdfAnswer) => {
        clearTimeout(timer);
        child.off("exit", onExit);
        child.off("message", settle);
        this.rest(child);
        resolve(answer);
      };
      child.once("exit", onExit);
      child.once("message", settle as (answer: unknown) => void);
      child.send(bytes);
    });
  }

  private start(): ChildProcess {
    if (this.child?.connected) return this.child;
    const child = fork(join(import.meta.dirname, "worker.ts"), [], {
      serialization: "advanced",
      stdio: ["ignore", "ignore", "ignore", "ipc"],
      env: { NODE_ENV: "production" },
      execArgv: [
        "--permission",
        "--allow-fs-read=*",
        `--max-old-space-size=${this.settings.memoryLimitMb}`,
        "--disable-warning=ExperimentalWarning",
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
