import { startNightly } from "./conversation-months/index.ts";
import { startEmbeddingMessages, startSweeping } from "./conversations/index.ts";
import { getDeps } from "./deps.ts";
import { defaultSpace } from "./embeddings/index.ts";
import { startKeepingToDates } from "./privacy/index.ts";

/**
 * Readies the serving process before its first request: storage is open, interrupted answers are looked for, the
 * embedding model is loaded, and a signal lets answers under way end before storage closes.
 */
export async function startServing(): Promise<void> {
  const deps = await getDeps();
  const stopSweeping = startSweeping(deps);
  const stopNightly = startNightly(deps);
  const stopKeeping = startKeepingToDates(deps);
  const embeddings = await deps.embeddingsOf(defaultSpace);
  await embeddings.embedQuery("ready");
  const stopEmbedding = startEmbeddingMessages(deps);
  const close = async () => {
    stopSweeping();
    stopNightly();
    stopKeeping();
    stopEmbedding();
    await deps.close().catch((error) => deps.log.error({ err: error }, "storage did not close cleanly"));
    process.exit(0); // an open event stream or a kept-alive connection must not hold a process without storage
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void close());
}
