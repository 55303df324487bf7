import { createHmac, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { readSecret } from "../auth/secret.ts";
import type { Env } from "../env.ts";

/** Seconds for which an address holds: long enough to begin a download, too short to be passed on. */
const lifetime = 120;

const claim = z.object({
  document: z.string(),
  tenant: z.uuid(),
  user: z.uuid(),
  /** Unix seconds. */
  until: z.number().int(),
});
export type SignedClaim = z.infer<typeof claim>;

/** The path under which one person may fetch one document's original for two minutes, without a cookie. */
export async function signAddress(env: Env, signed: Omit<SignedClaim, "until">, now = Date.now()): Promise<string> {
  const until = Math.floor(now / 1000) + lifetime;
  const text = Buffer.from(JSON.stringify({ ...signed, until })).toString("base64url");
  return `/files/${text}.${(await seal(env, text)).toString("base64url")}`;
}

/** What an address was signed for; null when it was not signed by us, or its time is up. */
export async function readSignedAddress(env: Env, token: string, now = Date.now()): Promise<SignedClaim | null> {
  const [text = "", given = "", ...more] = token.split(".");
  const expected = await seal(env, text);
  const sent = Buffer.from(given, "base64url");
  if (more.length > 0 || sent.length !== expected.length || !timingSafeEqual(sent, expected)) return null;
  const signed = claim.parse(JSON.parse(Buffer.from(text, "base64url").toString()));
  return signed.until * 1000 > now ? signed : null;
}

// A key of its own: nothing that another part signs can pass for an address.
async function seal(env: Env, text: string): Promise<Buffer> {
  const key = createHmac("sha256", await readSecret(env))
    .update("addresses of originals")
    .digest();
  return createHmac("sha256", key).update(text).digest();
}
