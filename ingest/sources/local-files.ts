import { findInputs } from "./files.ts";
import type { ReadSource } from "./registry-types.ts";

/** Files and folders of this machine, in the order they are named; an input's key is its path. */
export const read: ReadSource<"files"> = async function* (request, context) {
  const { sourceType, isSample, onFailure, onSkipped, signal } = context;
  for await (const input of findInputs(request.paths, sourceType, { isSample, onFailure, onSkipped })) {
    signal.throwIfAborted();
    yield { ...input, key: input.file };
  }
};
