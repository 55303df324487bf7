import type { RelationRow } from "#db/index.ts";
import type { DocumentRelation, DocumentStatus } from "../domain.ts";
import { addressOfRecord, nameOfRecord } from "./names.ts";

/** Each kind as the other side of the link sees it. */
const otherSide: Record<string, string> = {
  retraction_in: "retraction_of",
  retraction_of: "retraction_in",
  concern_in: "concern_for",
  concern_for: "concern_in",
  erratum_in: "erratum_for",
  erratum_for: "erratum_in",
  update_in: "update_of",
  update_of: "update_in",
  comment_in: "comment_on",
  comment_on: "comment_in",
};

/** A document's links and those that name it, each tie once: with the document kept here, else with its address. */
export function relationsOf(rows: RelationRow[]): DocumentRelation[] {
  const found = new Map<string, DocumentRelation>();
  for (const row of rows) {
    const kind = row.isFromOther ? (otherSide[row.kind] ?? row.kind) : row.kind;
    const key = `${kind} ${row.document?.id ?? row.name ?? row.note}`;
    if (found.has(key)) continue;
    found.set(key, {
      kind,
      name: row.name === null ? null : nameOfRecord(row.name),
      note: row.note,
      document: row.document && { ...row.document, status: row.document.status as DocumentStatus },
      url: row.document || row.name === null ? null : addressOfRecord(row.name),
    });
  }
  return [...found.values()];
}

export function isCorrection({ kind }: DocumentRelation): boolean {
  return kind === "erratum_in" || kind === "update_in";
}
