export type EmbeddingErrorCode =
  | "unknown_provider"
  | "bad_settings"
  | "bad_weights"
  | "model_unreadable"
  | "embedding_failed"
  | "closed"
  | "wrong_dimensions";

/**
 * The only error that leaves this room, but for an aborted signal's own reason. `key` is the model, folder or provider
 * it was about.
 */
export class EmbeddingError extends Error {
  readonly code: EmbeddingErrorCode;
  readonly key: string;

  constructor(code: EmbeddingErrorCode, key: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "EmbeddingError";
    this.code = code;
    this.key = key;
  }
}
