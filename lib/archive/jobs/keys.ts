/** Where the pieces of a job's file lie. */
export function jobPrefix(tenantId: string, jobId: string): string {
  return `archive-jobs/${tenantId}/${jobId}/`;
}

/** @param piece from 0 on */
export function pieceKey(tenantId: string, jobId: string, piece: number): string {
  return `${jobPrefix(tenantId, jobId)}${String(piece).padStart(6, "0")}`;
}
