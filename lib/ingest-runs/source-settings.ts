import type { Env } from "../env.ts";
import type { SourceSettings } from "./source-request.ts";

export function sourceSettingsOf(env: Env): SourceSettings {
  return {
    eutilsUrl: env.EUTILS_URL,
    pubmedFilesUrl: env.PUBMED_FILES_URL,
    pmcOaUrl: env.PMC_OA_URL,
    dailymedUrl: env.DAILYMED_URL,
    openfdaUrl: env.OPENFDA_URL,
    medlineplusUrl: env.MEDLINEPLUS_URL,
    ncbiApiKey: env.NCBI_API_KEY ?? null,
    contactEmail: env.CONTACT_EMAIL ?? null,
    openfdaApiKey: env.OPENFDA_API_KEY ?? null,
    allowedHosts: env.INGEST_ALLOWED_HOSTS,
    byteLimit: env.INGEST_FILE_LIMIT_MB * 1024 * 1024,
    timeLimitMs: env.INGEST_FILE_TIME_LIMIT_SECONDS * 1000,
  };
}
