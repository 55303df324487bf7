import { setPriority } from "node:os";
import { EmbeddingError } from "../errors.ts";
import { loadOnnxModel, type OnnxModel } from "../onnx-model.ts";
import type { FromProcess, ToProcess } from "./messages.ts";

// An embedding process: one model on one core; texts in, vectors out, one message after another.

// Questions are embedded in the serving process, on the same cores: they go first.
setPriority(10);
// Ctrl-C reaches the whole group: the parent decides when its texts are given up, and takes this process with it.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => undefined);
process.on("disconnect", () => process.exit(0));

let model: Promise<OnnxModel> | undefined;
let last: Promise<void> = Promise.resolve();

process.on("message", (message: ToProcess) => {
  if ("model" in message) {
    model = loadOnnxModel(message.model);
    model.catch(() => undefined); // told in the answer to the first texts
  } else {
    last = last.then(() => answer(message.id, message.texts));
  }
});

async function answer(id: number, texts: string[]): Promise<void> {
  try {
    if (!model) throw new Error("texts came before their model");
    send({ id, vectors: await (await model).embed(texts) });
  } catch (error) {
    const { code, key } = error instanceof EmbeddingError ? error : { code: "embedding_failed" as const, key: "" };
    const { message, cause } = error as Error;
    send({ id, failure: { code, key, message, cause: String(cause ?? message) } });
  }
}

function send(message: FromProcess): void {
  process.send?.(message);
}
