import { createHash } from "node:crypto";
import type { CollectionRow, NewDocument } from "#db/index.ts";
import type { Deps } from "#lib/deps.ts";
import { type Chunk, chunkDocument } from "./chunk.ts";
import { withinEncoded } from "./storable.ts";
import type { ParsedDocument } from "./types.ts";

/** Raised when chunking, hashing or what is embedded changes: documents are then made anew by the next ingest. */
const preparationVersion = 1;

/** What makes a document itself: when nothing of it changed, the same record again writes nothing. */
export function contentHash(document: ParsedDocument, collection: CollectionRow): Buffer {
  const { original: _original, ...content } = document;
  const space = [collection.embeddingProvider, collection.embeddingModel, collection.embeddingDimensions];
  return sha256(JSON.stringify([preparationVersion, collection.chunkSettings, space, content]));
}

/** Chunks, embeds and keeps the originals of new or changed documents: all that is slow, before any transaction. */
export async function prepareDocuments(
  deps: Pick<Deps, "embeddingsOf" | "objects">,
  collection: CollectionRow,
  documents: { document: ParsedDocument; hash: Buffer }[],
): Promise<NewDocument[]> {
  const chunked = documents.map(({ document, hash }) => ({ document, hash, chunks: chunkDocument(document) }));
  const inputs = chunked.flatMap(({ document, chunks }) => chunks.map((chunk) => embeddingInput(document, chunk)));
  const embeddings = await deps.embeddingsOf(collection);
  const [vectors] = await Promise.all([
    embeddings.embedVectors ? embeddings.embedVectors(inputs) : embeddings.embedDocuments(inputs),
    Promise.all(documents.map(({ document }) => keepOriginal(deps, collection, document))),
  ]);
  let next = 0;
  return chunked.map(({ document, hash, chunks }) => {
    const { original, boxes: _boxes, ...content } = document;
    return {
      ...content,
      contentHash: hash,
      objectKey: originalKey(collection, document),
      originalType: original.mediaType,
      chunks: chunks.map((chunk) => {
        const at = next++;
        const embedding = vectors[at];
        if (!embedding) throw new Error(`no vector came back for chunk ${chunk.ordinal} of ${document.sourceId}`);
        return {
          ...chunk,
          sentences: chunk.sentences.flatMap(({ start, end }) => [start, end]),
          contentHash: sha256(inputs[at] as string),
          ocrConfidence: null,
          embedding,
        };
      }),
    };
  });
}

/** Title and section are part of what a chunk means, though not of what it quotes. */
export function embeddingInput(
  document: Pick<ParsedDocument, "title" | "text" | "metadata">,
  chunk: Pick<Chunk, "text" | "section">,
): string {
  const isOwnTitle = document.title !== chunk.text && document.metadata.titleFromText !== true;
  const heading = isOwnTitle ? document.title : "";
  return [heading, chunk.section, chunk.text].filter(Boolean).join("\n");
}

async function keepOriginal(
  deps: Pick<Deps, "objects">,
  collection: CollectionRow,
  document: ParsedDocument,
): Promise<void> {
  const key = originalKey(collection, document);
  if (await deps.objects.exists(key)) return;
  // Object stores limit what stands beside an object's bytes; it is for whoever looks into the store by hand.
  const metadata = {
    collection: collection.slug,
    "source-id": withinEncoded(document.sourceId, 600),
    title: withinEncoded(document.title, 600),
  };
  await deps.objects.put(key, document.original.bytes, { contentType: document.original.mediaType, metadata });
}

function originalKey(collection: CollectionRow, document: ParsedDocument): string {
  return `originals/${collection.slug}/${sha256(document.original.bytes).toString("hex")}`;
}

function sha256(content: string | Uint8Array): Buffer {
  return createHash("sha256").update(content).digest();
}
