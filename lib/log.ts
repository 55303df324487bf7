import pino from "pino";
import { withoutRows, withoutSecrets } from "./log-redaction.ts";

/** The process's log: JSON lines on standard error, so that commands can keep standard output for results. */
export const log = pino(
  {
    level: "info",
    formatters: { log: (fields) => withoutSecrets(fields) as Record<string, unknown> },
    serializers: { err: (error: unknown) => withoutSecrets(withoutRows(pino.stdSerializers.err(error as Error))) },
    hooks: {
      logMethod(values, method) {
        const [first, ...rest] = values as unknown[];
        // Of an error alone pino makes the line's message itself, past the serializer.
        const told = first instanceof Error && rest.length === 0 ? [first, first.message] : values;
        const clean = told.map((value) => (typeof value === "string" ? withoutSecrets(value) : value));
        return Reflect.apply(method, this, clean);
      },
    },
  },
  pino.destination({ dest: 2, sync: true }),
);

export type Log = typeof log;
