import { cutAuditLog, deleteOldUsage } from "#db/index.ts";
import { removeExpired } from "../archive/jobs/work.ts";
import { rollUpUsage } from "../archive/usage/roll-up.ts";
import type { Deps } from "../deps.ts";

const interval = 3_600_000;

type RetentionDeps = Pick<Deps, "database" | "objects" | "env" | "log">;

export interface Kept {
  /** Files of exports that were removed. */
  files: number;
  /** Days of usage that were added up. */
  days: number;
  /** Rows of the audit log that were let go. */
  auditRows: number;
}

/**
 * Adds up the usage of past days, and removes what is older than it is to be kept: exports after a day, rows of the audit
 * log after AUDIT_RETENTION_YEARS, figures of usage after USAGE_RETENTION_DAYS. Conversations have their own purge.
 */
export async function keepToDates(deps: RetentionDeps): Promise<Kept> {
  const files = await removeExpired(deps);
  const days = await rollUpUsage(deps.database);
  await deleteOldUsage(deps.database, deps.env.USAGE_RETENTION_DAYS);
  const auditRows = await cutAuditLog(deps.database, deps.env.AUDIT_RETENTION_YEARS);
  if (files + auditRows > 0) deps.log.info({ files, days, auditRows }, "what was kept long enough is gone");
  return { files, days, auditRows };
}

/** Once an hour; several processes at once do no harm. @returns a function that ends it */
export function startKeepingToDates(deps: RetentionDeps): () => void {
  const timer = setInterval(() => {
    keepToDates(deps).catch((error: unknown) => deps.log.warn({ err: error }, "old data could not be removed"));
  }, interval);
  timer.unref();
  return () => clearInterval(timer);
}
