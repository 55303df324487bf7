import { type CollectionRow, ensureCollection, findCollection } from "#db/index.ts";
import { knownCollections } from "#lib/collections/index.ts";
import type { Deps } from "#lib/deps.ts";
import { type SourceType, sourceTypes } from "#lib/domain.ts";
import { defaultSpace } from "#lib/embeddings/index.ts";

const slugPattern = /^[a-z][a-z0-9_-]{0,62}$/;

/**
 * The collection of that name, made with the default embedding when it is not there: one of the five known ones, or one
 * of your own with the source type that says how its files are read.
 * @throws Error naming what is allowed
 */
export async function defineCollection(
  deps: Pick<Deps, "database">,
  slug: string,
  sourceType?: string,
): Promise<CollectionRow> {
  const existing = await findCollection(deps.database, null, slug);
  if (existing) return sameType(existing, sourceType);
  if (!slugPattern.test(slug)) {
    throw new Error(
      `“${slug}” cannot name a collection: lower-case letters, digits, _ and -, beginning with a letter.`,
    );
  }
  const known = knownCollections.find((collection) => collection.slug === slug);
  const definition = known ? sameType(known, sourceType) : ownCollection(slug, sourceType);
  return ensureCollection(deps.database, {
    ...definition,
    ...defaultSpace,
    chunkSettings: {},
  });
}

// The files would be read as something else than what was asked for.
function sameType<Collection extends { slug: string; sourceType: SourceType }>(
  collection: Collection,
  wanted: string | undefined,
): Collection {
  if (wanted === undefined || wanted === collection.sourceType) return collection;
  throw new Error(`The collection “${collection.slug}” is read as ${collection.sourceType}, not as ${wanted}.`);
}

function ownCollection(slug: string, sourceType: string | undefined) {
  const names = knownCollections.map((collection) => collection.slug).join(", ");
  if (sourceType === undefined) {
    throw new Error(
      `There is no collection “${slug}”. The known ones are ${names}; for one of your own say how its files are read: ` +
        `--type ${sourceTypes.join("|")}.`,
    );
  }
  if (!(sourceTypes as readonly string[]).includes(sourceType)) {
    throw new Error(`“${sourceType}” is no source type; expected one of ${sourceTypes.join(", ")}.`);
  }
  const title = slug.replace(/[_-]+/g, " ");
  return {
    slug,
    title: title.charAt(0).toUpperCase() + title.slice(1),
    description: "",
    sourceType: sourceType as SourceType,
  };
}
