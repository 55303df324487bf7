export { permit, recordDenial } from "./permit.ts";
export { type AuditEntry, record } from "./record.ts";
