/**
 * A worker that says "embedding" on standard output once it is to embed its second batch, and then waits for ever: to be
 * killed from outside. Arguments: database address, data folder.
 */
import pino from "pino";
import { openDatabase } from "#db/index.ts";
import { readEnv } from "#lib/env.ts";
import { openObjectStore } from "#lib/storage/objects/index.ts";
import { HashedEmbeddings } from "#lib/testing/deps.ts";
import { work } from "../work.ts";

const [url, folder] = process.argv.slice(2) as [string, string];

let batches = 0;
class HangingEmbeddings extends HashedEmbeddings {
  override embedVectors = async (texts: string[]): Promise<Float32Array[]> => {
    batches += 1;
    if (batches > 1) {
      process.stdout.write("embedding\n");
      await new Promise(() => undefined);
    }
    return Promise.all(texts.map(async (text) => Float32Array.from(await this.embedQuery(text))));
  };
}

const embeddings = new HangingEmbeddings();
await work(
  {
    database: await openDatabase({ url, max: 4 }),
    objects: await openObjectStore(`${folder}/objects`),
    embeddingsOf: async () => embeddings,
    log: pino({ level: "silent" }),
    env: readEnv({ DATA_DIR: folder }),
  },
  { signal: new AbortController().signal, pollMs: 20 },
);
