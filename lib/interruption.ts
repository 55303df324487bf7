import { say } from "./terminal.ts";

/**
 * A signal that Ctrl-C (or SIGTERM, SIGHUP) aborts. The process itself goes on, so that what was opened for the run is
 * removed however the run ends.
 * @param consequence ends the error's message, e.g. "nothing was measured"
 */
export function abortOnSignal(consequence: string): AbortSignal {
  const abort = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => {
      if (abort.signal.aborted) return;
      say("\nStopping, and removing what was made for the run …");
      abort.abort(new Error(`Interrupted: ${consequence}.`));
    });
  }
  return abort.signal;
}
