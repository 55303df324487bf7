import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Env } from "../env.ts";

/** Signs the session cookies. Several processes on one database need the same: AUTH_SECRET. One alone makes its own. */
export async function readSecret(env: Env): Promise<string> {
  if (env.AUTH_SECRET) return env.AUTH_SECRET;
  const file = join(env.dataDirectory, "auth-secret");
  if (!existsSync(file)) {
    await mkdir(env.dataDirectory, { recursive: true });
    await writeFile(file, randomBytes(48).toString("base64url"), { mode: 0o600, flag: "wx" }).catch((error) => {
      if (error.code !== "EEXIST") throw error;
    });
  }
  return readFileSync(file, "utf8").trim();
}
