/** The connectors: everything a collection can be read from, each loaded when it is asked for. */
import type { SourceKind, SourceRequest } from "#lib/ingest-runs/index.ts";
import type { SourceContext, SourceInput } from "../types.ts";
import type { ReadSource, SourceOptions } from "./registry-types.ts";

export type { SourceOptions } from "./registry-types.ts";
export { SourceError, type SourceErrorCode } from "./source-error.ts";

const sources = {
  files: () => import("./local-files.ts"),
  objects: () => import("./objects.ts"),
  addresses: () => import("./addresses.ts"),
  "pubmed-query": () => import("./pubmed-query.ts"),
  "pubmed-files": () => import("./pubmed-files.ts"),
  "pmc-oa": () => import("./pmc-oa/index.ts"),
  dailymed: () => import("./dailymed.ts"),
  openfda: () => import("./openfda.ts"),
  medlineplus: () => import("./medlineplus.ts"),
} as const satisfies { [Kind in SourceKind]: () => Promise<{ read: ReadSource<Kind> }> };

/**
 * The inputs of a source, fetched as they are asked for; each is released by whoever reads it. What cannot be had
 * though the source goes on is told to `context.onFailure`.
 * @throws SourceError when the source cannot go on; the signal's reason when the run is ended
 */
export async function* openSource(
  request: SourceRequest,
  context: SourceContext,
  options: SourceOptions = {},
): AsyncGenerator<SourceInput> {
  const { read } = await sources[request.kind]();
  // The registry's type ties each kind to its reader; TypeScript cannot follow that through a union.
  yield* (read as ReadSource<SourceKind>)(request, context, options);
}
