import {
  type CollectionSummary,
  collectionFigures,
  countWithoutVector,
  findOpenRun,
  findRun,
  keepsShared,
  listAllCollections,
  listCollectionSummaries,
  type SpaceFigures,
} from "#db/index.ts";
import { knownCollections } from "../collections/index.ts";
import type { Deps } from "../deps.ts";
import { defaultEmbedding } from "../embeddings/index.ts";
import { NotFoundError } from "../errors.ts";
import { type Actor, requireCurator } from "./actor.ts";
import { listSchedules } from "./schedules.ts";
import { toRunView } from "./translate.ts";
import type { AdminCollectionView, ScheduleView, SpaceView } from "./views.ts";

type ReadDeps = Pick<Deps, "database">;

/** The collections with their figures, in the order they were made; known ones that are still to be made come last. */
export async function listCollectionsForAdmin(deps: ReadDeps, actor: Actor): Promise<AdminCollectionView[]> {
  const { tenantId } = requireCurator(actor);
  const rows = await (tenantId === null
    ? listAllCollections(deps.database)
    : listCollectionSummaries(deps.database, tenantId));
  const schedules = await listSchedules(deps, actor);
  const keeps = tenantId === null || (await keepsShared(deps.database, tenantId));
  const views: AdminCollectionView[] = [];
  for (const row of rows) views.push(await toView(deps, row, schedules, keeps));
  if (!keeps) return views;
  const missing = knownCollections.filter(({ slug }) => !rows.some((row) => row.slug === slug));
  return [...views, ...missing.map(emptyView)];
}

/** @throws NotFoundError */
export async function getCollectionForAdmin(deps: ReadDeps, actor: Actor, slug: string): Promise<AdminCollectionView> {
  const { tenantId } = requireCurator(actor);
  const rows = await (tenantId === null
    ? listAllCollections(deps.database)
    : listCollectionSummaries(deps.database, tenantId));
  const row = rows.find((one) => one.slug === slug);
  const keeps = tenantId === null || (await keepsShared(deps.database, tenantId));
  if (row) return toView(deps, row, await listSchedules(deps, actor, slug), keeps);
  const known = knownCollections.find((one) => one.slug === slug);
  if (!known || !keeps) throw new NotFoundError(`The collection “${slug}”`);
  return emptyView(known);
}

async function toView(
  { database }: ReadDeps,
  row: CollectionSummary,
  schedules: ScheduleView[],
  keeps: boolean,
): Promise<AdminCollectionView> {
  const mayChange = keeps || row.tenantId !== null;
  const { spaces, bytes, documentBytes, lastCompleteRun } = await collectionFigures(database, row.id);
  // What is done to a collection is told to whoever keeps it.
  const open = mayChange ? await findOpenRun(database, row.id) : null;
  const openRun = open && (await findRun(database, "all", open.id));
  const spaceViews: SpaceView[] = [];
  for (const space of spaces) spaceViews.push(toSpaceView(space, await countWithoutVector(database, space)));
  return {
    slug: row.slug,
    title: row.title,
    sourceType: row.sourceType,
    exists: true,
    documents: row.documentCount,
    chunks: row.chunkCount,
    samples: row.sampleCount,
    bytes,
    documentBytes,
    through: row.through,
    lastCompleteRun:
      mayChange && lastCompleteRun
        ? { id: lastCompleteRun.id, finishedAt: lastCompleteRun.finishedAt.toISOString() }
        : null,
    embedding: { provider: row.embeddingProvider, model: row.embeddingModel, dimensions: row.embeddingDimensions },
    spaces: spaceViews,
    openRun: openRun && toRunView(openRun),
    schedules: schedules.filter(({ collection }) => collection === row.slug),
    isPrivate: row.tenantId !== null,
    mayChange,
  };
}

function toSpaceView(space: SpaceFigures, missing: number): SpaceView {
  const { id, state, provider, model, dimensions, vectors, recall, bytes, createdAt, activatedAt } = space;
  return {
    id,
    state,
    provider,
    model,
    dimensions,
    vectors: vectors.main + vectors.tail,
    tail: vectors.tail,
    missing,
    recall,
    bytes,
    createdAt: createdAt.toISOString(),
    activatedAt: activatedAt?.toISOString() ?? null,
  };
}

function emptyView({ slug, title, sourceType }: (typeof knownCollections)[number]): AdminCollectionView {
  return {
    slug,
    title,
    sourceType,
    exists: false,
    documents: 0,
    chunks: 0,
    samples: 0,
    bytes: 0,
    documentBytes: 0,
    through: null,
    lastCompleteRun: null,
    embedding: { ...defaultEmbedding },
    spaces: [],
    openRun: null,
    schedules: [],
    isPrivate: false,
    mayChange: true,
  };
}
