import { log } from "./log.ts";
import { StorageError } from "./storage/storage-error.ts";

/** The same in every bundle of the process. */
const mark = Symbol.for("probatum.error");

/** An error whose message may be shown to the person who caused it. */
export class ProbatumError extends Error {
  override name = "ProbatumError";
  readonly [mark] = true;
  readonly code: string;
  readonly status: number;
  readonly headers: Record<string, string>;

  constructor(
    status: number,
    code: string,
    message: string,
    options: ErrorOptions & { headers?: Record<string, string> } = {},
  ) {
    super(message, options);
    this.status = status;
    this.code = code;
    this.headers = options.headers ?? {};
  }
}

/** Missing, or another's: the same answer, so that nothing can be learnt from it. */
export class NotFoundError extends ProbatumError {
  constructor(what: string) {
    super(404, "not_found", `${what} was not found.`);
  }
}

export class UnauthenticatedError extends ProbatumError {
  constructor() {
    super(401, "unauthenticated", "Sign in first.");
  }
}

export class ForbiddenError extends ProbatumError {
  constructor(message: string) {
    super(403, "forbidden", message);
  }
}

/** One's organisation requires a second factor, and this session was opened without one. */
export class SecondFactorRequiredError extends ProbatumError {
  constructor() {
    super(
      403,
      "second_factor_required",
      "Your organisation requires a second factor. Show it when you sign in; without one, add it under “Your account”.",
    );
  }
}

export class InvalidInputError extends ProbatumError {
  constructor(message: string) {
    super(400, "invalid_input", message);
  }
}

export class ConflictError extends ProbatumError {
  constructor(message: string) {
    super(409, "conflict", message);
  }
}

/** Too often within a window; `Retry-After` says when again. */
export class RateLimitedError extends ProbatumError {
  constructor(message: string, headers: Record<string, string>) {
    super(429, "rate_limited", message, { headers });
  }
}

/** A backend failed; the name of the backend is shown, its own words stay in the log. */
export class UnavailableError extends ProbatumError {
  constructor(backend: string, cause: unknown) {
    super(503, "unavailable", `${backend} does not answer. Nothing was lost; try again shortly.`, {
      cause,
      headers: { "Retry-After": "5" },
    });
  }
}

/** Codes by which Postgres and its driver say that they cannot be reached. */
const connectionCodes = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOENT",
  "ETIMEDOUT",
  "57P01",
  "57P02",
  "57P03",
  "08006",
]);

/** Any thrown thing as the JSON response its caller gets; the unexpected is logged whole and answered in general. */
export function toResponse(error: unknown): Response {
  const known = toKnown(error);
  if (known.status >= 500) log.error({ err: error }, known.message);
  return Response.json(
    { error: { code: known.code, message: known.message } },
    { status: known.status, headers: { "Cache-Control": "no-store", ...known.headers } },
  );
}

/**
 * Whether an error is one of ours. What the process opened once (limits, lock-out) may have been loaded by another
 * bundle than a route, with a class of its own: the mark that all of ours bear tells.
 */
export function isProbatumError(error: unknown): error is ProbatumError {
  return typeof error === "object" && error !== null && mark in error;
}

function toKnown(error: unknown): ProbatumError {
  if (isProbatumError(error)) return error;
  if (error instanceof StorageError) {
    if (error.code === "not_found") return new NotFoundError("The object");
    return new UnavailableError("The object store", error);
  }
  const { code, message } = (error ?? {}) as { code?: string; message?: string };
  if (
    connectionCodes.has(code ?? "") ||
    /timeout exceeded when trying to connect|Connection terminated/.test(message ?? "")
  ) {
    return new UnavailableError("The database", error);
  }
  return new ProbatumError(500, "unexpected", "Something went wrong on our side. It has been logged.", {
    cause: error,
  });
}
