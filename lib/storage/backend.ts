import { reasonOf } from "./storage-error.ts";

/** What a backend reports of itself. `milliseconds` is the round trip of the probe; `detail` says why it is not well. */
export type BackendHealth = { backend: string; ok: boolean; milliseconds: number; detail: string | null };

/** The part of pino's interface the storage rooms log through. */
export type StorageLogger = {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
};

/** Runs a probe and turns its outcome into a health report; never throws. */
export async function probe(backend: string, check: () => Promise<unknown>): Promise<BackendHealth> {
  const started = performance.now();
  try {
    await check();
    return { backend, ok: true, milliseconds: performance.now() - started, detail: null };
  } catch (error) {
    return { backend, ok: false, milliseconds: performance.now() - started, detail: reasonOf(error) };
  }
}
