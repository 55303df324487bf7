import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";
import { verifyPassword } from "better-auth/crypto";

const derive = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);

/**
 * scrypt with N 2^16, r 8, p 2: 64 MB and some tenths of a second for each try, one of the equal strengths of the OWASP
 * Password Storage Cheat Sheet.
 * @see https://www.rfc-editor.org/rfc/rfc7914
 */
const cost = { log2N: 16, r: 8, p: 2 } as const;
const keyBytes = 64;

/** `scrypt:<log2 N>:<r>:<p>:<salt>:<key>`, salt and key in base64url. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await keyOf(password, salt, cost, keyBytes);
  return ["scrypt", cost.log2N, cost.r, cost.p, salt.toString("base64url"), key.toString("base64url")].join(":");
}

/** Also takes hashes of before, which better-auth made with less effort; they are renewed when a password is changed. */
export async function matchesPassword({ hash, password }: { hash: string; password: string }): Promise<boolean> {
  const parts = /^scrypt:(\d+):(\d+):(\d+):([\w-]+):([\w-]+)$/.exec(hash);
  if (!parts) return verifyPassword({ hash, password });
  const [log2N = 0, r = 0, p = 0] = parts.slice(1, 4).map(Number);
  const expected = Buffer.from(parts[5] ?? "", "base64url");
  const key = await keyOf(password, Buffer.from(parts[4] ?? "", "base64url"), { log2N, r, p }, expected.length);
  return timingSafeEqual(key, expected);
}

/** NFKC, as better-auth does: what looks the same is the same password. */
function keyOf(
  password: string,
  salt: Buffer,
  { log2N, r, p }: { log2N: number; r: number; p: number },
  bytes: number,
) {
  const N = 2 ** log2N;
  return derive(password.normalize("NFKC"), salt, bytes, { N, r, p, maxmem: 256 * N * r });
}
