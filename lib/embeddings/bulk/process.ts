import type { ChildProcess } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { EmbeddingError } from "../errors.ts";
import type { OnnxModelOptions } from "../onnx-model.ts";
import type { FromProcess, ToProcess } from "./messages.ts";

// From the file's address, which a bundler keeps true: it leaves `import.meta.dirname` out.
export const workerFile = join(dirname(fileURLToPath(import.meta.url)), "worker.ts");

// Taken at run time: a bundler follows an imported `fork` to its file and fails where that is not known before.
const { fork } = process.getBuiltinModule("node:child_process");

type Waiting = { resolve: (vectors: Float32Array[]) => void; reject: (error: Error) => void };

/**
 * One embedding process. A process and no thread: ending a thread while ONNX Runtime works in it aborts the whole
 * program, and what kills a process leaves the others whole.
 */
export class EmbeddingProcess {
  readonly ended: Promise<void>;
  readonly #child: ChildProcess;
  readonly #directory: string;
  readonly #waiting = new Map<number, Waiting>();
  #isOver = false;
  #nextId = 0;

  constructor(model: OnnxModelOptions, file = workerFile) {
    this.#directory = model.directory;
    // Its standard output is closed: a command may be printing JSON there.
    this.#child = fork(file, [], {
      serialization: "advanced",
      execArgv: [],
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    this.#child.on("message", (message: FromProcess) => this.#take(message));
    this.ended = new Promise((resolve) => {
      const end = (reason: string, cause?: Error) => {
        this.#giveUp(reason, cause);
        resolve();
      };
      this.#child.once("error", (error) => end("could not be reached", error));
      this.#child.once("exit", (code, signal) => end(`ended with ${signal ?? `code ${code}`}`));
    });
    this.#send({ model });
    this.#hold(false);
  }

  /** Calls it has not answered yet. */
  get load(): number {
    return this.#waiting.size;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** `embedding_failed` when the process ends first. */
  embed(texts: string[]): Promise<Float32Array[]> {
    return new Promise((resolve, reject) => {
      if (this.#isOver) return reject(this.#failure("has ended"));
      const id = this.#nextId++;
      this.#waiting.set(id, { resolve, reject });
      this.#hold(true);
      this.#send({ id, texts });
    });
  }

  /** Nothing in it is worth waiting for: it holds a model and unanswered texts. */
  async close(): Promise<void> {
    this.#isOver = true;
    this.#hold(true);
    this.#child.kill("SIGKILL");
    await this.ended;
  }

  #take(message: FromProcess): void {
    const waiting = this.#waiting.get(message.id);
    if (!waiting) return;
    this.#waiting.delete(message.id);
    if (this.#waiting.size === 0) this.#hold(false);
    if ("vectors" in message) {
      // Numbers come as views on the whole message; copies let go of it.
      waiting.resolve(message.vectors.map((vector) => vector.slice()));
    } else {
      const { code, key, message: text, cause } = message.failure;
      waiting.reject(new EmbeddingError(code, key || this.#directory, text, { cause }));
    }
  }

  #send(message: ToProcess): void {
    this.#child.send(message, (error) => {
      if (error) this.#giveUp("could not be reached", error);
    });
  }

  #giveUp(reason: string, cause?: Error): void {
    this.#isOver = true;
    for (const { reject } of this.#waiting.values()) reject(this.#failure(reason, cause));
    this.#waiting.clear();
    if (cause) this.#child.kill("SIGKILL");
  }

  #failure(reason: string, cause?: Error): EmbeddingError {
    const message = `An embedding process for the model in ${this.#directory} ${reason}.`;
    return new EmbeddingError("embedding_failed", this.#directory, message, { cause });
  }

  /** An idle process does not keep the program from ending. */
  #hold(isBusy: boolean): void {
    if (isBusy) {
      this.#child.ref();
      this.#child.channel?.ref();
    } else {
      this.#child.unref();
      this.#child.channel?.unref();
    }
  }
}
