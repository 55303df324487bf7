import pino from "pino";

/** The process's log: JSON lines on standard error, so that commands can keep standard output for results. */
export const log = pino(
  {
    level: "info",
    redact: ["password", "*.password", "apiKey", "*.apiKey", "headers.cookie", "headers.authorization"],
  },
  pino.destination({ dest: 2, sync: true }),
);

export type Log = typeof log;
