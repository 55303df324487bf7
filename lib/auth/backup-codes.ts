import { randomBytes, type ScryptOptions, scrypt } from "node:crypto";
import { promisify } from "node:util";
import { symmetricDecrypt } from "better-auth/crypto";
import { z } from "zod";
import { type Database, selectBackupCodes } from "#db/index.ts";

const derive = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);

/**
 * scrypt with N 2^14, r 8, p 1: 16 MB for each try. Less than for passwords, since ten are made at once and a code has
 * some 60 random bits.
 */
const cost = { N: 2 ** 14, r: 8, p: 1 } as const;
const hashForm = /^scrypt:([\w-]{22}):[\w-]{43}$/;
const list = z.array(z.string());

/**
 * How better-auth is to keep backup codes: as hashes, the codes of one set under one salt. It compares what somebody
 * shows with what is kept, so `presentedBackupCode` hashes that too. What was kept before, encrypted codes, is still
 * read, and is kept as hashes from the first use on.
 * @param secret under which they were encrypted
 */
export function backupCodeStorage(secret: string) {
  return {
    async encrypt(codes: string): Promise<string> {
      const salt = randomBytes(16);
      const kept = list.parse(JSON.parse(codes)).map((code) => (hashForm.test(code) ? code : hashOf(code, salt)));
      return JSON.stringify(await Promise.all(kept));
    },
    decrypt: async (kept: string): Promise<string> =>
      isHashed(kept) ? kept : symmetricDecrypt({ key: secret, data: kept }),
  };
}

/** A code as better-auth has to compare it with what is kept of its person's. */
export async function presentedBackupCode(database: Database, userId: string, code: string): Promise<string> {
  const kept = await selectBackupCodes(database, userId);
  if (kept === null || !isHashed(kept)) return code;
  const salt = hashForm.exec(list.parse(JSON.parse(kept))[0] ?? "")?.[1];
  // Without one all are used up: what is hashed at random is none of them.
  return hashOf(code, salt ? Buffer.from(salt, "base64url") : randomBytes(16));
}

/** `scrypt:<salt>:<key>`, both in base64url. */
async function hashOf(code: string, salt: Buffer): Promise<string> {
  const key = await derive(code, salt, 32, cost);
  return `scrypt:${salt.toString("base64url")}:${key.toString("base64url")}`;
}

// What better-auth encrypts is no list in JSON.
const isHashed = (kept: string) => kept.startsWith("[");
