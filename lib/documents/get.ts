import { z } from "zod";
import {
  type DocumentRow,
  selectBoxes,
  selectClusterMembers,
  selectDocument,
  selectDocumentBySource,
  selectOcr,
  selectRelations,
} from "#db/index.ts";
import type { Viewer } from "../auth/index.ts";
import type { Deps } from "../deps.ts";
import { type DocumentView, documentSection, lineBox, pageSize } from "../domain.ts";
import { NotFoundError } from "../errors.ts";
import { isCorrection, relationsOf } from "./relations.ts";

const documentId = z.string().regex(/^\d{1,18}$/);

/** @throws NotFoundError when there is none of that id in a collection the viewer may read */
export async function getDocument(deps: Pick<Deps, "database">, viewer: Viewer, id: string): Promise<DocumentView> {
  return viewOf(deps, viewer.tenantId, await findDocument(deps, viewer, id));
}

/** A document by collection and source id, for commands; null when there is none. */
export async function getDocumentBySource(
  deps: Pick<Deps, "database">,
  tenantId: string | null,
  collection: string,
  sourceId: string,
): Promise<DocumentView | null> {
  const row = await selectDocumentBySource(deps.database, tenantId, collection, sourceId);
  return row && viewOf(deps, tenantId, row);
}

export async function findDocument(deps: Pick<Deps, "database">, viewer: Viewer, id: string): Promise<DocumentRow> {
  const isId = documentId.safeParse(id).success;
  const row = isId ? await selectDocument(deps.database, viewer.tenantId, id) : null;
  if (!row) throw new NotFoundError("The document");
  return row;
}

const parserOcr = z.array(z.object({ page: z.number().int(), confidence: z.number() })).min(1);
const memberLimit = 50;

async function viewOf(deps: Pick<Deps, "database">, tenantId: string | null, row: DocumentRow): Promise<DocumentView> {
  const { objectKey, clusterId, ...document } = row;
  const pages = z.array(pageSize).parse(row.pages);
  const [boxes, rows, cluster, ocr] = await Promise.all([
    pages.length > 0 ? selectBoxes(deps.database, row.id) : [],
    selectRelations(deps.database, tenantId, row.id),
    clusterId === null ? { members: [], size: 1 } : selectClusterMembers(deps.database, row.id, memberLimit),
    ocrOf(deps, row),
  ]);
  const relations = relationsOf(rows);
  return {
    ...document,
    sourceType: row.sourceType as DocumentView["sourceType"],
    evidenceLevel: row.evidenceLevel as DocumentView["evidenceLevel"],
    status: row.status as DocumentView["status"],
    statusChangedAt: row.statusChangedAt?.toISOString() ?? null,
    corrections: relations.filter(isCorrection),
    relations: relations.filter((relation) => !isCorrection(relation)),
    clusterMembers: cluster.members,
    clusterSize: cluster.size,
    ocr,
    sections: z.array(documentSection).parse(row.sections),
    pages,
    boxes: z.array(lineBox).parse(boxes),
    originalType: objectKey ? row.originalType : null,
  };
}

async function ocrOf(deps: Pick<Deps, "database">, row: DocumentRow): Promise<DocumentView["ocr"]> {
  const told = parserOcr.safeParse(row.ocr);
  if (!told.success) return selectOcr(deps.database, row.id);
  return {
    pages: told.data.map(({ page }) => page),
    confidence: Math.min(...told.data.map(({ confidence }) => confidence)),
  };
}
