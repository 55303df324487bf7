import { type CollectionRow, type Database, listCollections } from "#db/index.ts";
import { InvalidInputError } from "../errors.ts";

/**
 * The collections that a question is put to: those named, once each, or with no names all that the tenant may search.
 * @throws InvalidInputError naming the unknown one and the known ones
 */
export async function chooseCollections(
  database: Database,
  tenantId: string | null,
  slugs: string[],
): Promise<CollectionRow[]> {
  const all = await listCollections(database, tenantId);
  if (slugs.length === 0) return all;
  const bySlug = new Map(all.map((collection) => [collection.slug, collection]));
  return [...new Set(slugs)].map((slug) => {
    const collection = bySlug.get(slug);
    if (collection) return collection;
    const known = [...bySlug.keys()].join(", ") || "none yet";
    throw new InvalidInputError(`There is no collection named “${slug}”. There are: ${known}.`);
  });
}
