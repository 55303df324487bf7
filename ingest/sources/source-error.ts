export type SourceErrorCode =
  | "unreachable" // no connection, or one that broke again and again
  | "busy" // 429 or 5xx until the attempts were used up
  | "refused" // a status that asking again will not change
  | "not_found"
  | "timeout"
  | "too_large"
  | "checksum"
  | "changed_form" // the answer lacks a field, or is another thing than the source gives
  | "rejected" // the source understood and said no: a bad query, a bad key
  | "forbidden_address" // an address or redirect that may not be followed
  | "unsafe_archive"; // a package with hostile names, sizes or nesting

interface SourceErrorOptions {
  /** True when the same request may succeed later. */
  isPassing?: boolean;
  /** Milliseconds the source asked to wait. */
  waitMs?: number | null;
  /** HTTP status and the beginning of the body, where there was an answer. */
  status?: number | null;
  body?: string;
  cause?: unknown;
}

/** Why a source could not give what it was asked for. `asked` names it without keys and addresses of persons. */
export class SourceError extends Error {
  readonly code: SourceErrorCode;
  readonly asked: string;
  readonly reason: string;
  readonly isPassing: boolean;
  readonly waitMs: number | null;
  readonly status: number | null;
  readonly body: string;

  constructor(code: SourceErrorCode, asked: string | URL, reason: string, options: SourceErrorOptions = {}) {
    const shown = typeof asked === "string" ? asked : withoutSecrets(asked);
    super(`${shown}: ${reason}`, { cause: options.cause });
    this.name = "SourceError";
    this.code = code;
    this.asked = shown;
    this.reason = reason;
    this.isPassing = options.isPassing ?? false;
    this.waitMs = options.waitMs ?? null;
    this.status = options.status ?? null;
    this.body = options.body ?? "";
  }
}

const secretParameters = new Set(["api_key", "email", "webenv"]);

/** The address as it may be shown: without credentials, keys and e-mail addresses. */
export function withoutSecrets(address: URL): string {
  const shown = new URL(address);
  shown.username = "";
  shown.password = "";
  for (const name of new Set(shown.searchParams.keys())) {
    if (secretParameters.has(name.toLowerCase())) shown.searchParams.delete(name);
  }
  return shown.href;
}

/** The first complaint of a zod check, as "field: what is wrong". */
export function firstIssue(error: { issues: { path: PropertyKey[]; message: string }[] }): string {
  const issue = error.issues[0];
  return issue ? `${issue.path.map(String).join(".") || "the answer"}: ${issue.message}` : "the answer does not fit";
}
