import { z } from "zod";
import { type DocumentRow, selectBoxes, selectDocument, selectDocumentBySource } from "#db/index.ts";
import type { Viewer } from "../auth/index.ts";
import type { Deps } from "../deps.ts";
import { type DocumentView, documentSection, lineBox, pageSize } from "../domain.ts";
import { NotFoundError } from "../errors.ts";

const documentId = z.string().regex(/^\d{1,18}$/);

/** @throws NotFoundError when there is none of that id in a collection the viewer may read */
export async function getDocument(deps: Pick<Deps, "database">, viewer: Viewer, id: string): Promise<DocumentView> {
  return viewOf(deps, await findDocument(deps, viewer, id));
}

/** A document by collection and source id, for commands; null when there is none. */
export async function getDocumentBySource(
  deps: Pick<Deps, "database">,
  tenantId: string | null,
  collection: string,
  sourceId: string,
): Promise<DocumentView | null> {
  const row = await selectDocumentBySource(deps.database, tenantId, collection, sourceId);
  return row && viewOf(deps, row);
}

export async function findDocument(deps: Pick<Deps, "database">, viewer: Viewer, id: string): Promise<DocumentRow> {
  const isId = documentId.safeParse(id).success;
  const row = isId ? await selectDocument(deps.database, viewer.tenantId, id) : null;
  if (!row) throw new NotFoundError("The document");
  return row;
}

async function viewOf(deps: Pick<Deps, "database">, row: DocumentRow): Promise<DocumentView> {
  const { objectKey, ...document } = row;
  const pages = z.array(pageSize).parse(row.pages);
  const boxes = pages.length > 0 ? await selectBoxes(deps.database, row.id) : [];
  return {
    ...document,
    sourceType: row.sourceType as DocumentView["sourceType"],
    evidenceLevel: row.evidenceLevel as DocumentView["evidenceLevel"],
    status: row.status as DocumentView["status"],
    sections: z.array(documentSection).parse(row.sections),
    pages,
    boxes: z.array(lineBox).parse(boxes),
    originalType: objectKey ? row.originalType : null,
  };
}
