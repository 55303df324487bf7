/** Asks again and again until it is so. @throws Error naming what was waited for */
export async function until(
  isSo: () => boolean | Promise<boolean>,
  what: string | (() => string),
  options: { limit: number; signal?: AbortSignal | undefined },
): Promise<void> {
  const deadline = performance.now() + options.limit;
  while (!(await isSo())) {
    options.signal?.throwIfAborted();
    if (performance.now() > deadline)
      throw new Error(`waited ${options.limit / 1000} s in vain until ${typeof what === "string" ? what : what()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
