/** A request the server refused or that did not reach it; its message may be shown to the reader. */
export class RequestError extends Error {
  override name = "RequestError";
  /** HTTP status; 0 when there was no response. */
  readonly status: number;
  /** Seconds after which it may be tried again, where the server said so. */
  readonly retryAfterSeconds: number | null;

  constructor(status: number, message: string, options: ErrorOptions & { retryAfterSeconds?: number | null } = {}) {
    super(message, options);
    this.status = status;
    this.retryAfterSeconds = options.retryAfterSeconds ?? null;
  }
}

/** Sends JSON to one of our own routes and returns its JSON, or undefined for an empty response. Throws RequestError. */
export async function send<Result = void>(
  method: string,
  path: string,
  body?: unknown,
  signal?: AbortSignal,
): Promise<Result> {
  const response = await fetch(path, {
    method,
    signal,
    credentials: "same-origin",
    headers: body === undefined ? {} : { "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  }).catch((cause: unknown) => {
    throw new RequestError(0, "The server cannot be reached. Check the connection and try again.", { cause });
  });
  const text = await response.text();
  if (!response.ok) {
    const retryAfter = response.headers.get("retry-after");
    const retryAfterSeconds = retryAfter !== null && /^\d+$/.test(retryAfter) ? Number(retryAfter) : null;
    throw new RequestError(response.status, refusal(text, response.status), { retryAfterSeconds });
  }
  return (text === "" ? undefined : JSON.parse(text)) as Result;
}

function refusal(text: string, status: number): string {
  try {
    const { error, message } = JSON.parse(text) as { error?: { message?: string }; message?: string };
    const told = error?.message ?? message;
    if (told) return told;
  } catch {
    // Not ours: a proxy's page, whose markup would tell the reader nothing.
  }
  return `The server answered with an error (${status}).`;
}

/** What to show of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof RequestError ? error.message : "Something went wrong in this page. Reload it and try again.";
}
