import { listCollectionSummaries } from "#db/index.ts";
import type { Viewer } from "../auth/index.ts";
import type { Deps } from "../deps.ts";
import type { CollectionView } from "../domain.ts";

export { chooseCollections } from "./choose.ts";
export { type KnownCollection, knownCollections } from "./known.ts";

/** The collections the viewer may search, in the order they were made. */
export async function listCollections(deps: Deps, viewer: Viewer): Promise<CollectionView[]> {
  const rows = await listCollectionSummaries(deps.database, viewer.tenantId);
  return rows.map(
    ({ slug, title, description, sourceType, documentCount, chunkCount, sampleCount, through, tenantId }) => ({
      slug,
      title,
      description,
      sourceType,
      documents: documentCount,
      chunks: chunkCount,
      samples: sampleCount,
      through,
      isPrivate: tenantId !== null,
    }),
  );
}
