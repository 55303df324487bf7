const removed = "[removed]";

/** Names of fields whose value is nobody's to read. */
const secretName =
  /^(?:set-?cookie|cookies?|(?:proxy-?)?authorization|pass(?:word|phrase|wd)?|secret|credentials?|(?:access|refresh|id|session|reset|invitation)?_?-?token|(?:x-)?api-?_?key|private_?-?key|connection_?-?string|otp|totp|backup_?-?codes?)$/i;
const secretPart = /(?:password|secret|api_?key|private_?key|token_?hash|access_?key)/i;

/** Addresses with a password, keys of providers, bearer tokens and our cookies, wherever in a text they stand. */
const secretTexts: [pattern: RegExp, by: string][] = [
  [/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@"'<>]*@/gi, `$1${removed}@`],
  [/\b(bearer|basic)\s+[\w.~+/=-]{8,}/gi, `$1 ${removed}`],
  [/\b(sk|pk|rk)-[\w-]{8,}/g, removed],
  [/\b((?:__Host-|__Secure-)?probatum[\w.-]*=)[^;\s"]+/gi, `$1${removed}`],
  [/\b(password|secret|token|api[_-]?key)(["']?\s*[:=]\s*["']?)[^\s"',;&]+/gi, `$1$2${removed}`],
];

const deepest = 8;

/** A copy of what is to be logged without what is secret in it, by the fields' names and by the look of texts. */
export function withoutSecrets(value: unknown, depth = 0): unknown {
  if (typeof value === "string") return secretTexts.reduce((text, [pattern, by]) => text.replace(pattern, by), value);
  if (typeof value !== "object" || value === null || value instanceof Date) return value;
  if (depth >= deepest) return "[too deep]";
  if (value instanceof Error) return value;
  if (Array.isArray(value)) return value.map((one) => withoutSecrets(one, depth + 1));
  if (value instanceof Headers) return withoutSecrets(Object.fromEntries(value), depth);
  if (ArrayBuffer.isView(value)) return "[bytes]";
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, isSecret(name, one) ? removed : withoutSecrets(one, depth + 1)]),
  );
}

/** Counts (`tokens: 5`) and flags (`hasPassword: true`) are no secrets. */
function isSecret(name: string, value: unknown): boolean {
  if (value === null || value === undefined || typeof value === "boolean" || typeof value === "number") return false;
  return secretName.test(name) || secretPart.test(name);
}

/** Where Postgres repeats a row's values, drizzle a statement's and Node what it was given. */
const ofRows = new Set(["detail", "where", "internalQuery", "parameters", "params", "query", "input"]);

/** A copy of an error as it is logged, without the words of a question or a row that it repeats. */
export function withoutRows(value: unknown, depth = 0): unknown {
  if (typeof value !== "object" || value === null || depth >= deepest) return value;
  if (Array.isArray(value)) return value.map((one) => withoutRows(one, depth + 1));
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, one]) => (ofRows.has(name) ? [] : [[name, withoutRows(one, depth + 1)]])),
  );
}
