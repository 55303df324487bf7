import pino from "pino";

/** Postgres repeats a row's values in the details of an error, and Node the input: neither belongs in a log. */
function errorWithoutRows(error: Error): unknown {
  const written: unknown = pino.stdSerializers.err(error);
  return withoutRows(written, 0);
}

const ofRows = new Set(["detail", "where", "internalQuery", "parameters", "query", "params", "input"]);

function withoutRows(value: unknown, depth: number): unknown {
  if (typeof value !== "object" || value === null || depth > 6) return value;
  if (Array.isArray(value)) return value.map((item) => withoutRows(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => (ofRows.has(key) ? [] : [[key, withoutRows(item, depth + 1)]])),
  );
}

/** The process's log: JSON lines on standard error, so that commands can keep standard output for results. */
export const log = pino(
  {
    level: "info",
    serializers: { err: errorWithoutRows },
    redact: ["password", "*.password", "apiKey", "*.apiKey", "headers.cookie", "headers.authorization"],
  },
  pino.destination({ dest: 2, sync: true }),
);

export type Log = typeof log;
