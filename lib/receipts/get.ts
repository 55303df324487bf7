import { listCollections, type PassageStanding, selectPassageStandings, selectReceipt } from "#db/index.ts";
import type { Viewer } from "../auth/index.ts";
import { ensureHere } from "../conversation-months/index.ts";
import type { Deps } from "../deps.ts";
import type { ReceiptPassageView, ReceiptView } from "../domain.ts";
import { NotFoundError } from "../errors.ts";
import { isId, type StoredPassage, storedAnswer, storedReceipt } from "./stored.ts";

/**
 * What an answer was made from, beside what stands today; for every participant of its conversation.
 * @throws NotFoundError also for an answer that ended before anything was searched: it has no receipt
 */
export async function getReceipt(
  deps: Pick<Deps, "database" | "objects" | "log">,
  viewer: Viewer,
  conversationId: string,
  messageId: string,
): Promise<ReceiptView> {
  const isNamed = isId(conversationId) && isId(messageId);
  if (isNamed) await ensureHere(deps, viewer, conversationId);
  const row = isNamed ? await selectReceipt(deps.database, viewer, conversationId, messageId) : null;
  if (!row) throw new NotFoundError("The message");
  const receipt = storedReceipt(row);
  if (!receipt) throw new NotFoundError("The receipt");
  const [collections, standings] = await Promise.all([
    listCollections(deps.database, viewer.tenantId),
    selectPassageStandings(deps.database, viewer.tenantId, receipt.passages),
  ]);
  const today = new Map(collections.map((collection) => [collection.slug, collection]));
  const answer = storedAnswer(row);
  return {
    conversationId: row.conversationId,
    messageId: row.messageId,
    question: row.question,
    askedAt: row.askedAt.toISOString(),
    answeredAt: receipt.createdAt.toISOString(),
    status: answer?.status ?? null,
    mode: answer?.mode ?? null,
    model: receipt.model,
    promptVersion: receipt.promptVersion,
    reranker: receipt.settings.reranker,
    origin: receipt.settings.origin,
    understanding: receipt.settings.understanding,
    filters: receipt.settings.filters,
    timings: answer?.timings ?? {},
    tokensUsed: answer?.tokensUsed ?? null,
    collections: Object.entries(receipt.corpusVersions).map(([slug, version]) => ({
      slug,
      title: today.get(slug)?.title ?? slug,
      version,
      versionNow: today.get(slug)?.corpusVersion ?? null,
    })),
    passages: receipt.passages.map((passage, at) =>
      passageView(passage, at + 1, standings[at] as PassageStanding, row.citedChunks.includes(passage.chunkId)),
    ),
  };
}

function passageView(
  passage: StoredPassage,
  number: number,
  { document, isUnchanged, section }: PassageStanding,
  cited: boolean,
): ReceiptPassageView {
  return {
    number,
    collection: document?.collection ?? passage.collection,
    collectionTitle: document?.collectionTitle ?? passage.collection,
    documentId: document ? passage.documentId : null,
    sourceId: document?.sourceId ?? passage.sourceId,
    // As it was named when it was read, where that was kept.
    title: passage.title || (document?.title ?? ""),
    section: passage.section ?? section,
    hash: passage.hash,
    lexical: passage.lexical,
    dense: passage.dense,
    score: passage.score,
    cited,
    standing: document ? (isUnchanged ? "unchanged" : "changed") : "gone",
    status: (document?.status ?? "withdrawn") as ReceiptPassageView["status"],
    statusNote: document ? document.statusNote : "It is no longer kept here.",
  };
}
