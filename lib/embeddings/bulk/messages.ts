import type { EmbeddingErrorCode } from "../errors.ts";
import type { OnnxModelOptions } from "../onnx-model.ts";

/** What an embedding process is sent: first its model, once, then texts. */
export type ToProcess = { model: OnnxModelOptions } | { id: number; texts: string[] };

/** What it answers to texts: one vector each in their order, or why not. */
export type FromProcess =
  | { id: number; vectors: Float32Array[] }
  | { id: number; failure: { code: EmbeddingErrorCode; key: string; message: string; cause: string } };
