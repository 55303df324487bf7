/** What was done and denied, by whom: written before it is answered, chained by hashes, read, streamed and verified. */
export { markRecorded, recordDeniedRequest } from "./denied-requests.ts";
export { type AuditView, exportAudit, listAudit, listAuditActions } from "./list.ts";
export { permit, recordDenial } from "./permit.ts";
export { type AuditEntry, record } from "./record.ts";
export { tailAll, tailTenant } from "./stream.ts";
export { type VerifiedChain, verifyAudit } from "./verify.ts";
