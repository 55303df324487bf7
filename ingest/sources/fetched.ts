import { rm } from "node:fs/promises";
import type { DocumentStatus } from "#lib/domain.ts";
import type { FailureCode, RecordFailure, SourceContext, SourceInput } from "../types.ts";
import { fileInput } from "./files.ts";
import { SourceError } from "./source-error.ts";

interface FetchedFile {
  key: string;
  /** The name a parser is chosen by and positions are shown with. */
  name: string;
  path: string;
  size: number;
  cursor?: unknown;
  standing?: { status: DocumentStatus; note: string } | undefined;
}

/** A fetched file as an input; its release removes the file. */
export function fetchedInput(context: SourceContext, fetched: FetchedFile): SourceInput {
  const { key, name, path, size, cursor, standing } = fetched;
  return {
    ...fileInput(path, size, context.isSample, name),
    key,
    ...(cursor !== undefined && { cursor }),
    ...(standing && { standing }),
    release: async () => {
      await rm(path, { force: true });
    },
  };
}

export function failed(file: string, sourceId: string | null, code: FailureCode, reason: string): RecordFailure {
  return { position: { file, record: null, offset: null }, sourceId, code, reason };
}

/**
 * Reports a SourceError as one input's failure and lets the source go on. An outage (the source is away or overloaded)
 * is thrown on: what follows could not be had either.
 */
export function reportFailure(
  context: Pick<SourceContext, "onFailure">,
  file: string,
  sourceId: string | null,
  error: unknown,
): void {
  if (!(error instanceof SourceError) || error.code === "busy" || error.code === "unreachable") throw error;
  context.onFailure(failed(file, sourceId, failureCodeOf(error), error.message));
}

function failureCodeOf(error: SourceError): FailureCode {
  if (error.code === "too_large" || error.code === "timeout") return error.code;
  if (error.code === "forbidden_address" || error.code === "unsafe_archive") return "forbidden";
  return error.code === "changed_form" || error.code === "checksum" ? "malformed" : "unreadable";
}
