import type { SourceKind, SourceRequest } from "#lib/ingest-runs/index.ts";
import type { SourceContext, SourceInput } from "../types.ts";
import type { Resolve } from "./transport/addresses.ts";
import type { Manners } from "./transport/manners.ts";

/** How sources are asked; production leaves all of it at its defaults. */
export interface SourceOptions {
  manners?: Partial<Manners>;
  /** Lets `addresses` reach this machine at any port. For tests only. */
  allowLoopback?: boolean;
  /** Name resolution of `addresses`. For tests only. */
  resolve?: Resolve;
}

export type RequestOf<Kind extends SourceKind> = Extract<SourceRequest, { kind: Kind }>;

/** One connector: yields inputs as they are asked for. @throws SourceError when it cannot go on */
export type ReadSource<Kind extends SourceKind> = (
  request: RequestOf<Kind>,
  context: SourceContext,
  options: SourceOptions,
) => AsyncIterable<SourceInput>;
