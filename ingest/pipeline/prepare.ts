import { createHash } from "node:crypto";
import { type CollectionRow, type NewChunk, type NewDocument, vectorsByContent } from "#db/index.ts";
import type { Deps } from "#lib/deps.ts";
import type { ParsedDocument } from "../types.ts";
import type { Chunk } from "./chunk.ts";
import { namesOf } from "./names.ts";
import { populationsOf } from "./populations.ts";
import { bands, signatureOf } from "./similarity.ts";
import { withinEncoded } from "./storable.ts";

/** Raised when chunking, hashing or what is embedded changes: documents are then made anew by the next ingest. */
const preparationVersion = 3;

export type PrepareDeps = Pick<Deps, "database" | "embeddingsOf" | "objects">;

/** What makes a document itself: when nothing of it changed, the same record again writes nothing. */
export function contentHash(document: ParsedDocument, collection: CollectionRow): Buffer {
  const { original: _original, ...content } = document;
  return sha256(JSON.stringify([preparationVersion, collection.chunkSettings, content]));
}

/** A document that is new or changed, cut into chunks. */
export interface ChunkedDocument {
  document: ParsedDocument;
  hash: Buffer;
  chunks: Chunk[];
}

/**
 * Finds or makes the vectors of new and changed documents and keeps their originals: all that is slow, before any
 * transaction. A text that is embedded in this space already is not embedded again.
 */
export async function prepareDocuments(
  deps: PrepareDeps,
  collection: CollectionRow,
  chunked: ChunkedDocument[],
  signal: AbortSignal,
): Promise<{ documents: NewDocument[]; reused: number }> {
  const inputs = chunked.flatMap(({ document, chunks }) => chunks.map((chunk) => embeddingInput(document, chunk)));
  const hashes = inputs.map(sha256);
  const [vectors] = await Promise.all([
    vectorsOf(deps, collection, inputs, hashes, signal),
    Promise.all(chunked.map(({ document }) => keepOriginal(deps, collection, document))),
  ]);
  let next = 0;
  const documents = chunked.map(({ document, hash, chunks }): NewDocument => {
    const { original, boxes: _boxes, ocr: _ocr, ...content } = document;
    return {
      ...content,
      populations: populationsOf(document),
      names: namesOf(document),
      contentHash: hash,
      objectKey: originalKey(collection, document),
      originalType: original.mediaType,
      ...(collection.sourceType === "drug_label" && { signature: signed(document) }),
      chunks: chunks.map((chunk): NewChunk => {
        const at = next++;
        const embedding = vectors.found[at];
        if (!embedding) throw new Error(`no vector came back for chunk ${chunk.ordinal} of ${document.sourceId}`);
        return {
          ...chunk,
          sentences: chunk.sentences.flatMap(({ start, end }) => [start, end]),
          contentHash: hashes[at] as Buffer,
          ocrConfidence: ocrConfidence(document, chunk),
          embedding,
        };
      }),
    };
  });
  return { documents, reused: vectors.reused };
}

async function vectorsOf(
  deps: PrepareDeps,
  collection: CollectionRow,
  inputs: string[],
  hashes: Buffer[],
  signal: AbortSignal,
): Promise<{ found: (ArrayLike<number> | undefined)[]; reused: number }> {
  const space = { id: collection.spaceId, collectionId: collection.id };
  const known = new Map<string, ArrayLike<number>>(await vectorsByContent(deps.database, space, hashes));
  const keys = hashes.map((hash) => hash.toString("hex"));
  const wanted = new Map<string, string>();
  keys.forEach((key, at) => {
    if (!known.has(key)) wanted.set(key, inputs[at] as string);
  });
  if (wanted.size > 0) {
    const embeddings = await deps.embeddingsOf(collection);
    const made = await embeddings.embedVectors([...wanted.values()], { signal });
    [...wanted.keys()].forEach((key, at) => {
      known.set(key, made[at] as Float32Array);
    });
  }
  return { found: keys.map((key) => known.get(key)), reused: inputs.length - wanted.size };
}

/** Title and section are part of what a chunk means, though not of what it quotes. */
export function embeddingInput(
  document: Pick<ParsedDocument, "title" | "metadata">,
  chunk: Pick<Chunk, "text" | "section">,
): string {
  const isOwnTitle = document.title !== chunk.text && document.metadata.titleFromText !== true;
  const heading = isOwnTitle ? document.title : "";
  return [heading, chunk.section, chunk.text].filter(Boolean).join("\n");
}

/** The least confidence of the recognised pages a chunk stands on; null when none of them was recognised. */
function ocrConfidence(document: Pick<ParsedDocument, "ocr">, { page, pageEnd }: Chunk): number | null {
  if (page === null) return null;
  const own = document.ocr.filter((recognised) => recognised.page >= page && recognised.page <= (pageEnd ?? page));
  return own.length === 0 ? null : Math.min(...own.map(({ confidence }) => confidence));
}

function signed(document: ParsedDocument): NewDocument["signature"] {
  const values = signatureOf(document.text, document.sections);
  return values ? { values: [...values], bands: bands(values) } : undefined;
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
