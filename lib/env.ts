import { readFileSync } from "node:fs";
import { isAbsolute, resolve } from "node:path";
import { z } from "zod";

const optionalText = z
  .string()
  .trim()
  .transform((value) => (value === "" ? undefined : value))
  .optional();

const schema = z.object({
  NODE_ENV: z.enum(["development", "production", "test"]).default("development"),
  PORT: z.coerce.number().int().min(0).max(65535).default(3000),
  HOST: z.string().default("127.0.0.1"),
  DATA_DIR: z.string().default(".data"),
  MODELS_DIR: z.string().default("models"),
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
  DATABASE_URL: optionalText.pipe(address("postgres:", "postgresql:").optional()),
  DATABASE_POOL: z.coerce.number().int().min(1).max(200).default(10),
  REDIS_URL: optionalText.pipe(address("redis:", "rediss:").optional()),
  OBJECT_STORE: optionalText,
  S3_ENDPOINT: optionalText.pipe(address("http:", "https:").optional()),
  S3_REGION: z.string().default("us-east-1"),
  S3_ACCESS_KEY_ID: optionalText,
  S3_SECRET_ACCESS_KEY: optionalText,
  OPENAI_API_KEY: optionalText,
  OPENAI_BASE_URL: optionalText.pipe(address("http:", "https:").optional()),
  CHAT_MODEL: z.string().default("gpt-4.1-mini"),
  AUTH_SECRET: optionalText.pipe(z.string().min(32, "at least 32 characters").optional()),
  PUBLIC_URL: optionalText.pipe(address("http:", "https:").optional()),
  /** Whether a proxy of one's own sets `X-Forwarded-Host` and `X-Forwarded-For`; else nobody is believed. */
  TRUST_PROXY: z.enum(["on", "off"]).default("off"),
  /** Further names under which the server may be asked, beside PUBLIC_URL's and this machine's own. */
  ALLOWED_HOSTS: z
    .string()
    .default("")
    .transform((value) =>
      value
        .toLowerCase()
        .split(/[\s,]+/)
        .filter(Boolean),
    ),
  /** Seconds within which the body of a request has to be there, unless it is an upload. */
  BODY_TIME_LIMIT_SECONDS: z.coerce.number().int().min(1).max(600).default(20),
  /** Seconds within which an upload has to be there. */
  UPLOAD_TIME_LIMIT_SECONDS: z.coerce.number().int().min(10).default(3_600),
  SMTP_URL: optionalText.pipe(address("smtp:", "smtps:").optional()),
  MAIL_FROM: z.string().trim().default("Probatum <probatum@localhost>"),
  /** Minutes without a request after which one has to sign in again. */
  SESSION_IDLE_MINUTES: z.coerce.number().int().min(1).max(1440).default(60),
  /** Hours after which one has to sign in again, used or not. */
  SESSION_ABSOLUTE_HOURS: z.coerce.number().int().min(1).max(720).default(12),
  /** Origins of the identity providers that tenants may sign in by; no other is talked to. */
  SSO_ORIGINS: z
    .string()
    .default("")
    .transform((value) => value.split(/[\s,]+/).filter(Boolean))
    .pipe(
      z.array(z.url("expected addresses such as https://login.example.org").transform((url) => new URL(url).origin)),
    ),
  CACHE_TTL_SECONDS: z.coerce.number().int().min(0).default(3600),
  SEMANTIC_CACHE: z.enum(["on", "off"]).default("off"),
  SEMANTIC_CACHE_SIMILARITY: z.coerce.number().min(0.8).max(1).default(0.92),
  RERANKER: z.enum(["none", "onnx", "model"]).default("none"),
  RERANKER_MODEL: optionalText,
  RERANKER_TIME_LIMIT_MS: z.coerce.number().int().min(100).max(60_000).default(5_000),
  SAMPLE_COLLECTIONS: z.enum(["on", "off"]).default("on"),
  /** Days in which a deleted conversation can be restored. */
  CONVERSATION_GRACE_DAYS: z.coerce.number().int().min(0).max(3650).default(30),
  /** Days after its last use that a conversation is kept; for ever if not set. */
  CONVERSATION_RETENTION_DAYS: z.coerce.number().int().min(1).max(36_500).optional(),
  /** Years that rows of the audit log are kept. */
  AUDIT_RETENTION_YEARS: z.coerce.number().int().min(1).max(100).default(6),
  /** Days that sums of usage are kept. */
  USAGE_RETENTION_DAYS: z.coerce.number().int().min(1).max(36_500).default(1_100),
  /** Questions a person may ask in a minute. */
  RATE_LIMIT_PER_MINUTE: z.coerce.number().int().min(1).default(60),
  /** Requests of any kind; ten times the questions if not set. */
  REQUEST_LIMIT_PER_MINUTE: z.coerce.number().int().min(1).optional(),
  SEARCH_LIMIT_PER_MINUTE: z.coerce.number().int().min(1).default(120),
  EXPORT_LIMIT_PER_HOUR: z.coerce.number().int().min(1).default(120),
  UPLOAD_FILES_PER_HOUR: z.coerce.number().int().min(1).default(1_000),
  UPLOAD_MB_PER_HOUR: z.coerce.number().int().min(1).default(20_480),
  /** By network address. */
  SIGN_IN_LIMIT_PER_MINUTE: z.coerce.number().int().min(1).default(60),
  /** Answers in the making at once, by person. */
  ANSWERS_PER_USER: z.coerce.number().int().min(1).default(3),
  /** Event streams held open at once, by person. */
  STREAMS_PER_USER: z.coerce.number().int().min(1).default(24),
  /** Processes that serve; while Redis is away each allows its part of every limit. */
  LIMIT_PROCESSES: z.coerce.number().int().min(1).default(2),
  /** US dollars for a million tokens of the chat model. */
  MODEL_INPUT_PRICE: z.coerce.number().min(0).default(0),
  MODEL_OUTPUT_PRICE: z.coerce.number().min(0).default(0),
  INGEST_CONCURRENCY: z.coerce.number().int().min(1).max(32).default(1),
  INGEST_WORKER: z.enum(["on", "off"]).default("on"),
  INGEST_ALLOWED_HOSTS: z
    .string()
    .default("")
    .transform((value) => value.split(/[\s,]+/).filter(Boolean)),
  INGEST_FILE_LIMIT_MB: z.coerce.number().int().min(1).default(4096),
  INGEST_FILE_TIME_LIMIT_SECONDS: z.coerce.number().int().min(1).default(3600),
  NCBI_API_KEY: optionalText,
  OPENFDA_API_KEY: optionalText,
  CONTACT_EMAIL: optionalText.pipe(z.email("expected an e-mail address").optional()),
  EUTILS_URL: web("https://eutils.ncbi.nlm.nih.gov/entrez/eutils/"),
  PUBMED_FILES_URL: web("https://ftp.ncbi.nlm.nih.gov/pubmed/"),
  PMC_OA_URL: web("https://pmc-oa-opendata.s3.amazonaws.com/"),
  DAILYMED_URL: web("https://dailymed.nlm.nih.gov/dailymed/"),
  OPENFDA_URL: web("https://api.fda.gov/"),
  MEDLINEPLUS_URL: web("https://medlineplus.gov/"),
});

export type Env = Omit<z.infer<typeof schema>, "DATA_DIR" | "MODELS_DIR"> & {
  /** Absolute. */
  dataDirectory: string;
  /** Absolute. */
  modelsDirectory: string;
};

/**
 * The environment, read once and checked. This is the only reader of `process.env`.
 * @throws Error naming every bad variable and what is expected of it
 */
export function readEnv(source: Record<string, string | undefined> = process.env): Env {
  // Compose files and shells set empty what is not set.
  const given = withFiles(Object.fromEntries(Object.entries(source).filter(([, value]) => value?.trim() !== "")));
  const parsed = schema.safeParse(given);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `  ${issue.path.join(".")}: ${issue.message}`);
    throw new Error(`The environment is not usable:\n${problems.join("\n")}`);
  }
  const { DATA_DIR, MODELS_DIR, ...rest } = parsed.data;
  const root = source.PROBATUM_ROOT ?? process.cwd();
  const absolute = (path: string) => (isAbsolute(path) ? path : resolve(root, path));
  return { ...rest, dataDirectory: absolute(DATA_DIR), modelsDirectory: absolute(MODELS_DIR) };
}

/**
 * What a variable of ours says by way of a file: `AUTH_SECRET_FILE=/run/secrets/auth` is the file's text without the line
 * end, so that a secret need not stand in the environment, which every child and many a crash report gets to see.
 */
function withFiles(given: Record<string, string | undefined>): Record<string, string | undefined> {
  const read: Record<string, string> = {};
  const problems: string[] = [];
  for (const name of Object.keys(schema.shape)) {
    const file = given[`${name}_FILE`];
    if (file === undefined) continue;
    if (given[name] !== undefined) problems.push(`  ${name}: set as ${name} and as ${name}_FILE; expected one of them`);
    try {
      read[name] = readFileSync(file, "utf8").replace(/\r?\n$/, "");
    } catch (error) {
      problems.push(`  ${name}_FILE: the file cannot be read (${(error as NodeJS.ErrnoException).code})`);
    }
  }
  if (problems.length > 0) throw new Error(`The environment is not usable:\n${problems.join("\n")}`);
  return { ...given, ...read };
}

/** A source's address, to be changed for a mirror. */
function web(standard: string) {
  return address("http:", "https:").default(standard);
}

function address(...protocols: string[]) {
  return z
    .string()
    .refine(
      (value) => URL.canParse(value) && protocols.includes(new URL(value).protocol),
      `expected an address beginning with ${protocols.map((protocol) => `${protocol}//`).join(" or ")}`,
    );
}
